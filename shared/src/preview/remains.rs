//! What becomes of the objects of the old release when the new one reconciles for the first time.

use std::collections::BTreeSet;

use serde_json::Value;

use super::side::{Part, Side, Template};
use crate::facts::Facts;
use crate::kserve::annotations::{DEPLOYMENT_MODE, MODEL_FORMAT};
use crate::kserve::sequence::{PodTemplate, WorkloadObjects, reconcile};
use crate::manifest::ComponentKind;

/// Annotations that the defaulter writes: the controller sees them from the next write of the object on.
const STAMPED: [&str; 2] = [DEPLOYMENT_MODE, MODEL_FORMAT];

/// How many reconciles after the first it takes until nothing changes any more.
const RECONCILES: usize = 2;

/// Whether the pods of a component are replaced, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Roll {
    /// They stay.
    No,
    /// With the next write of the object, which the new defaulter changes.
    OnUpdate,
    /// As soon as the new controller runs.
    AtOnce,
}

/// What the new controller does with the Deployments and autoscalers of one component in Standard mode.
#[derive(Debug)]
pub(super) struct Standard {
    /// Whether its pods are replaced.
    pub(super) roll: Roll,
    /// What stays although the new release would not make it, as `Kind.group/name`.
    pub(super) orphans: Vec<String>,
}

/// Reconciles a component under the old release, then under the new one. None where the object does not get past a webhook.
pub(super) fn standard(
    value: &Value,
    kind: ComponentKind,
    before: &Facts,
    after: &Facts,
) -> Option<Standard> {
    let nothing = WorkloadObjects::default();
    let old = reconcile(value, before, kind, &nothing).ok()?.after;
    let first = reconcile(value, after, kind, &old).ok()?;
    // An HPA whose deployment is stopped, or that changes hands, is only deleted by a later reconcile.
    let mut settled = first.after.clone();
    for _ in 0..RECONCILES {
        settled = reconcile(value, after, kind, &settled).ok()?.after;
    }
    let fresh = reconcile(value, after, kind, &nothing).ok()?.after;
    let mut roll = Roll::No;
    for (name, deployment) in &old.deployments {
        let Some(sent) = first.after.deployments.get(name) else {
            continue;
        };
        roll = worse(roll, pods(&deployment.template, &sent.template));
    }
    let left = names(&settled);
    let made = names(&fresh);
    let existed = names(&old);
    let stays = |name: &&String| !made.contains(*name) && existed.contains(*name);
    Some(Standard {
        roll,
        orphans: left.iter().filter(stays).cloned().collect(),
    })
}

fn pods(old: &PodTemplate, new: &PodTemplate) -> Roll {
    if old == new {
        Roll::No
    } else if old.without_annotations(&STAMPED) == new.without_annotations(&STAMPED) {
        Roll::OnUpdate
    } else {
        Roll::AtOnce
    }
}

/// The same for the revision of a component in Knative mode.
pub(super) fn revision(old: &Template, new: &Template) -> Roll {
    if old == new {
        return Roll::No;
    }
    let without = |template: &Template| {
        let mut template = template.clone();
        template
            .annotations
            .retain(|key, _| !STAMPED.contains(&key.as_str()));
        template
    };
    if without(old) == without(new) {
        Roll::OnUpdate
    } else {
        Roll::AtOnce
    }
}

fn worse(one: Roll, other: Roll) -> Roll {
    if one == Roll::AtOnce || other == Roll::No {
        one
    } else {
        other
    }
}

fn names(objects: &WorkloadObjects) -> BTreeSet<String> {
    let of = |kind: &str, name: &String| format!("{kind}/{name}");
    let deployments = objects.deployments.keys();
    let hpas = objects.hpas.keys();
    let scaled = objects.scaled_objects.keys();
    deployments
        .map(|name| of("Deployment.apps", name))
        .chain(hpas.map(|name| of("HorizontalPodAutoscaler.autoscaling", name)))
        .chain(scaled.map(|name| of("ScaledObject.keda.sh", name)))
        .collect()
}

/// Objects of the old mode that stay: KServe looks only at those of the mode in effect.
pub(super) fn of_other_mode(before: &Side, after: &Side) -> Vec<String> {
    let all = |side: &Side| -> BTreeSet<String> {
        let created = side.parts.iter().flat_map(|part: &Part| &part.created);
        created.cloned().collect()
    };
    let (old, new) = (all(before), all(after));
    old.difference(&new).cloned().collect()
}
