//! What is sent, in order.

use super::edits;
use super::judge::Case;
use super::types::{PlannedRequest, RequestVerb};

/// The edit of the object, in one request, and then what must be deleted by hand.
pub(super) fn all(case: &Case<'_>) -> Vec<PlannedRequest> {
    let object = &case.scene.explanation.object;
    vec![PlannedRequest {
        verb: RequestVerb::Patch,
        api_version: object.api_version.clone(),
        kind: object.kind.clone(),
        namespace: object.namespace.clone(),
        name: object.name.clone(),
        patch: edits::patch(case.scene.object, case.edited),
        why: "all edits in one request, since KServe's webhook refuses what is half-way".to_owned(),
    }]
}
