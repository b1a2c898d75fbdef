//! The requests of a plan: the edit of the object, and what is deleted after it.

use kscale_rules::switch::{Plan, PlannedRequest, RequestVerb};
use serde_json::Value;

use crate::cluster::{Cascade, Cluster, Failure, Persist, Why};
use crate::switching::address;

/// The edit of the object; none where only something else is left to be deleted.
pub(super) fn edits(plan: &Plan) -> Option<&[Value]> {
    let patch = plan
        .requests
        .iter()
        .find(|request| request.verb == RequestVerb::Patch)?;
    Some(&patch.patch)
}

/// Something that is deleted once the object is changed: the very one that was there before.
#[derive(Clone, Debug)]
pub(super) struct Doomed {
    /// As kubectl names it.
    pub(super) name: String,
    path: String,
    object: Value,
}

/// What is to be deleted and is there.
pub(super) async fn doomed(cluster: &Cluster, plan: &Plan) -> Result<Vec<Doomed>, Failure> {
    let mut doomed = Vec::new();
    let deletions = plan
        .requests
        .iter()
        .filter(|request| request.verb == RequestVerb::Delete);
    for request in deletions {
        let path = path(request)?;
        match cluster.get(&path).await {
            Ok(object) => doomed.push(Doomed {
                name: format!("{} {}", request.kind, request.name),
                path,
                object,
            }),
            Err(failure) if failure.why == Why::Absent => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(doomed)
}

fn path(request: &PlannedRequest) -> Result<String, Failure> {
    let PlannedRequest {
        api_version,
        kind,
        namespace,
        name,
        ..
    } = request;
    address::path(api_version, kind, namespace, name).ok_or_else(|| {
        Failure::new(
            Why::Nonsense,
            format!("where a {kind} is kept is not known"),
        )
    })
}

impl Doomed {
    /// Deletes it, unless another one has taken its place. Whether it was there.
    pub(super) async fn delete(
        &self,
        cluster: &Cluster,
        persist: Persist,
    ) -> Result<bool, Failure> {
        cluster
            .delete(&self.path, &self.object, Cascade::Background, persist)
            .await
    }
}
