//! What is sent, in order.

use super::edits;
use super::judge::Case;
use super::types::{PlannedRequest, RequestVerb};

/// The edit of the object, in one request, and then what must be deleted by hand. The edit is left out where it has been done
/// before and only deletions are left.
pub(super) fn all(case: &Case<'_>) -> Vec<PlannedRequest> {
    let object = &case.scene.explanation.object;
    let patch = edits::patch(case.scene.object, case.edited);
    let mut all = Vec::new();
    if !patch.is_empty() {
        let why = if object.kind == "InferenceService" {
            "all edits in one request, since KServe's webhook refuses what is half-way"
        } else {
            "all edits in one request, since every request that changes the template makes a Revision"
        };
        all.push(PlannedRequest {
            verb: RequestVerb::Patch,
            api_version: object.api_version.clone(),
            kind: object.kind.clone(),
            namespace: object.namespace.clone(),
            name: object.name.clone(),
            patch,
            why: why.to_owned(),
        });
    }
    for left in case.remaining.iter().filter(|one| !one.goes) {
        let why = if left.class == "keda" {
            "KServe leaves it behind, and KEDA refuses a ScaledObject as long as it is there"
        } else {
            "KServe leaves it behind, and it would go on scaling"
        };
        all.push(PlannedRequest {
            verb: RequestVerb::Delete,
            api_version: left.api_version().to_owned(),
            kind: left.kind_name().to_owned(),
            namespace: object.namespace.clone(),
            name: left.name.clone(),
            patch: Vec::new(),
            why: why.to_owned(),
        });
    }
    all
}
