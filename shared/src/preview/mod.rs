//! What an upgrade of KServe or Knative would change for each workload: what both releases make of it, and where that differs.
//!
//! [`preview()`] takes the workload as it stands in the cluster: the old release's webhook and controller have written to it,
//! and its objects exist. [`compare()`] gives it to each release anew, as a manifest that nobody has applied yet. Neither guesses:
//! a change is said where the predictions differ. KServe's and Knative's ConfigMaps, and the ServingRuntimes, are taken to stay
//! as they are unless they were only assumed; then each release is taken with its own as shipped.

mod cause;
mod compare;
mod edit;
mod list;
mod remains;
mod side;
mod stored;
pub mod types;
mod upgrade;
mod way;

use serde_json::Value;

pub use cause::Cause;
pub use list::list;
pub use types::*;
pub use upgrade::{Kubernetes, KubernetesStep};

use crate::explain::Workload;
use crate::facts::Facts;
use crate::kserve::Behaviour;
use side::Side;

/// What an upgrade changes about a workload that runs, the most dangerous first. None for kinds that nothing scales.
#[must_use]
pub fn preview(object: &Value, before: &Facts, after: &Facts) -> Option<Vec<Change>> {
    match Workload::of(object)? {
        Workload::InferenceService => {
            let stored = stored::under(object, before);
            let under = |facts: &Facts| {
                let updates = |new: &Side| update_error(&stored, new, facts);
                of_inference_service(&stored, before, facts, updates)
            };
            let mut changes = under(after);
            way::tell(&mut changes, before, after, under);
            if let Some(help) = edit::that_helps(&stored, &changes, before, |edited| {
                let updates = |new: &Side| update_error(edited, new, after);
                of_inference_service(edited, before, after, updates)
            }) {
                for change in changes.iter_mut().filter(|change| change.breaks) {
                    change.help = Some(help.clone());
                }
            }
            Some(changes)
        }
        _ => compare(object, before, after),
    }
}

/// What two releases make otherwise of a workload that is given to each of them anew. None for kinds that nothing scales.
#[must_use]
pub fn compare(object: &Value, before: &Facts, after: &Facts) -> Option<Vec<Change>> {
    let of = match Workload::of(object)? {
        Workload::InferenceService => {
            let updates = |new: &Side| new.update.clone();
            return Some(of_inference_service(object, before, after, updates));
        }
        Workload::InferenceGraph => Side::of_graph,
        Workload::KnativeService => Side::of_knative_service,
    };
    let (old, new) = (of(object, before), of(object, after));
    let updates = new.update.clone();
    Some(compare::changes(
        &old,
        &new,
        updates.as_deref(),
        stored::is_live(object),
        &|_| None,
    ))
}

/// `updates` says why the new release refuses an update of the object as it then stands.
fn of_inference_service(
    value: &Value,
    before: &Facts,
    after: &Facts,
    updates: impl Fn(&Side) -> Option<String>,
) -> Vec<Change> {
    let old = Side::of_inference_service(value, before);
    let new = Side::of_inference_service(value, after);
    let updates = updates(&new);
    let remains = |part: &side::Part| remains::standard(value, part.kind?, before, after);
    compare::changes(
        &old,
        &new,
        updates.as_deref(),
        stored::is_live(value),
        &remains,
    )
}

/// Why the new release refuses an update. A release that records the mode does so before anybody can update the object, unless
/// the one before it has.
fn update_error(value: &Value, new: &Side, after: &Facts) -> Option<String> {
    let records = after.release().has(Behaviour::StatusMode) && !stored::is_recorded(value);
    if !records || new.parts.is_empty() {
        return new.update.clone();
    }
    let mut recorded = value.clone();
    stored::record(&mut recorded, &new.word);
    Side::of_inference_service(&recorded, after).update
}

#[cfg(test)]
mod tests;
