//! What is going on: one file a group of causes. Each looks at what was read, and adds a cause only where that proves it.

mod cause;
mod control_plane;
mod extension;
mod in_place;
mod keda;
mod leftovers;
mod metrics;
mod newest;
mod pods;
mod pruned;
mod reconcile;
mod stopped;
mod traffic;
mod zero;

use serde_json::Value;

use super::component::{newest, serving};
use super::index::Index;
use super::types::{Cause, Difference, ObservedComponent, ObservedRevision, ObservedScaling};
use crate::facts::Facts;

/// What causes are told from.
pub(super) struct Case<'a> {
    /// The workload, as the cluster has it.
    pub(super) object: &'a Value,
    /// Its namespace.
    pub(super) namespace: &'a str,
    /// What is known of the cluster.
    pub(super) facts: &'a Facts,
    /// All objects.
    pub(super) index: &'a Index<'a>,
    /// Where it is not as predicted.
    pub(super) differences: &'a [Difference],
}

/// All causes, most important first; of the same importance in the order in which a request or a rollout meets them.
pub(super) fn all(case: &Case<'_>, components: &[ObservedComponent]) -> Vec<Cause> {
    let mut causes = Vec::new();
    stopped::find(case, &mut causes);
    reconcile::find(case, components, &mut causes);
    control_plane::find(case, components, &mut causes);
    for component in components {
        let already = causes.len();
        if component.service.is_some() {
            knative(case, component, &mut causes);
        }
        if let Some(scaling) = &component.scaling {
            standard(case, component, scaling, &mut causes);
        }
        for cause in causes.iter_mut().skip(already) {
            cause.component = Some(component.name.clone());
        }
    }
    causes.sort_by_key(|cause| cause.severity);
    causes
}

fn knative(case: &Case<'_>, component: &ObservedComponent, causes: &mut Vec<Cause>) {
    newest::find(case, component, causes);
    in_place::find(case, component, causes);
    for revision in current(component) {
        extension::find(case, component, revision, causes);
        metrics::find(case, component, &revision.scaling, causes);
        pods::find(&revision.name, &revision.scaling, causes);
        zero::find(revision, causes);
    }
    leftovers::find(case, component, causes);
    traffic::find(case, component, causes);
    pruned::find(case, component, causes);
}

fn standard(
    case: &Case<'_>,
    component: &ObservedComponent,
    scaling: &ObservedScaling,
    causes: &mut Vec<Cause>,
) {
    in_place::two_writers(case, scaling, causes);
    keda::find(scaling, causes);
    metrics::find(case, component, scaling, causes);
    pods::find("", scaling, causes);
}

/// The newest Revision, and those that get requests.
fn current(component: &ObservedComponent) -> Vec<&ObservedRevision> {
    let mut current: Vec<&ObservedRevision> = newest(component).into_iter().collect();
    for revision in serving(component) {
        if current.iter().all(|one| one.name != revision.name) {
            current.push(revision);
        }
    }
    current
}
