//! What runs now, as far as anybody looked.

use crate::explain::Explanation;
use crate::observed::{ObservedComponent, ObservedRevision, Role};

/// How many pods of a component are ready; none where nobody looked.
///
/// Pods that are not ready are not counted: what is new would have to wait for more than what serves now.
pub(super) fn pods(explanation: &Explanation, name: &str) -> Option<i64> {
    let component = component(explanation, name)?;
    let scaling = match &component.scaling {
        Some(scaling) => scaling,
        None => &serving(component)?.scaling,
    };
    let by_deployment = scaling
        .deployment
        .as_ref()
        .map(|one| one.ready.min(one.replicas));
    by_deployment.or_else(|| scaling.pod_autoscaler.as_ref()?.actual)
}

/// The Revision that gets most of the requests.
pub(super) fn serving(component: &ObservedComponent) -> Option<&ObservedRevision> {
    let revisions = component.revisions.iter();
    revisions
        .filter(|one| one.role == Role::Serving)
        .max_by_key(|one| one.percent)
}

/// What is seen of a component.
pub(super) fn component<'a>(
    explanation: &'a Explanation,
    name: &str,
) -> Option<&'a ObservedComponent> {
    let observed = explanation.observed.as_ref()?;
    observed.components.iter().find(|one| one.name == name)
}
