//! `-o name`: as kubectl names objects.

use kscale_rules::explain::types::{ExplanationList, ObjectRef};

use crate::input::visible;

/// One name a line.
pub(crate) fn lines(list: &ExplanationList) -> String {
    list.items.iter().map(|item| line(&item.object)).collect()
}

/// The name of one object, as a line.
pub(super) fn line(object: &ObjectRef) -> String {
    format!("{}\n", visible(&name(object)))
}

/// `inferenceservice.serving.kserve.io/bert`; the core group has no name.
fn name(object: &ObjectRef) -> String {
    let kind = object.kind.to_lowercase();
    match object.api_version.split_once('/') {
        Some((group, _)) => format!("{kind}.{group}/{}", object.name),
        None => format!("{kind}/{}", object.name),
    }
}
