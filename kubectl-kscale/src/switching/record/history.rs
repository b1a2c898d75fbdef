//! Reading what is kept.

use serde_json::Value;

use super::{Kept, revision};
use crate::cluster::{Cluster, Failure};
use crate::facts::text;

/// What is kept of an object.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// The records, newest first.
    pub(crate) kept: Vec<Kept>,
    /// What carries the label of records and is none: its name, and why it is left out.
    pub(crate) unreadable: Vec<(String, String)>,
}

/// Everything that is kept of `object`, as the cluster has it.
pub(crate) async fn history(cluster: &Cluster, object: &Value) -> Result<History, Failure> {
    let path = format!(
        "{}?{}",
        revision::collection(object),
        revision::selector(object)
    );
    let mut history = History::default();
    let mut revisions = Vec::new();
    cluster.list(&path, |one| revisions.push(one)).await?;
    for one in revisions {
        let name = text(&one, "/metadata/name").to_owned();
        match revision::read(object, one) {
            Ok(kept) => history.kept.push(kept),
            Err(why) => history.unreadable.push((name, why)),
        }
    }
    history.kept.sort_by(|one, other| age(other).cmp(&age(one)));
    Ok(history)
}

/// Gives every record of the object's namespace to `each`, whatever it is of.
pub(crate) async fn every(
    cluster: &Cluster,
    object: &Value,
    each: impl FnMut(Value),
) -> Result<(), Failure> {
    let path = format!(
        "{}?{}",
        revision::collection(object),
        revision::selector_of_all()
    );
    cluster.list(&path, each).await
}

/// What orders records: two of one number are told by when they came, and in the same second by their version, which grows.
fn age(kept: &Kept) -> (i64, &str, usize, &str, &str) {
    let version = text(&kept.revision, "/metadata/resourceVersion");
    (kept.number, &kept.at, version.len(), version, &kept.name)
}
