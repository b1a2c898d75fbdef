//! What must be there.

mod cluster;
mod pods;
mod scalers;

use std::collections::BTreeSet;

use super::created::created;
use super::judge::Case;
use super::outcome::is_wished;
use super::types::{Precondition, PreconditionState};
use crate::explain::ComponentExplanation;

/// Everything that the state after the change needs of the cluster.
pub(super) fn all(case: &Case<'_>) -> Vec<Precondition> {
    let components: Vec<&ComponentExplanation> = case
        .after
        .components
        .iter()
        .filter(|one| is_wished(case, &one.name))
        .collect();
    let mut all = cluster::all(case, &components);
    for component in components {
        all.extend(pods::requests(case, component));
        all.extend(scalers::alone(case, component));
    }
    all
}

/// A precondition, as it is written down.
fn precondition(
    slug: &str,
    rule: Option<&str>,
    state: PreconditionState,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Precondition {
    let help = if state == PreconditionState::Met {
        String::new()
    } else {
        help.into()
    };
    Precondition {
        slug: slug.to_owned(),
        rule: rule.map(str::to_owned),
        state,
        message: message.into(),
        help,
    }
}

/// The resources of which somebody must know how much a pod uses. Between one bound and the same bound nobody asks.
fn resources(component: &ComponentExplanation) -> BTreeSet<&str> {
    let scales =
        component.max_replicas.is_none() || component.max_replicas > component.min_replicas;
    let hpa = created(component, "HorizontalPodAutoscaler").filter(|_| scales);
    let metrics = hpa.and_then(|hpa| hpa.pointer("/spec/metrics")?.as_array());
    let of_hpa = metrics
        .into_iter()
        .flatten()
        .filter_map(|metric| metric.pointer("/resource/name")?.as_str());
    of_hpa.chain(of_keda(component)).collect()
}

/// The resources among the triggers of a ScaledObject.
fn of_keda(component: &ComponentExplanation) -> impl Iterator<Item = &str> {
    let triggers = created(component, "ScaledObject")
        .and_then(|object| object.pointer("/spec/triggers")?.as_array());
    triggers
        .into_iter()
        .flatten()
        .filter_map(|trigger| trigger.get("type")?.as_str())
        .filter(|kind| matches!(*kind, "cpu" | "memory"))
}
