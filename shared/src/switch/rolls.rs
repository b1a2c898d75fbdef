//! What an edit rolls.

use std::collections::BTreeSet;

use serde_json::Value;

use super::judge::Case;
use super::made::{Made, MadePart, RolledPart};
use super::present;
use super::types::{Roll, Rolled};
use crate::knative::PodAutoscaler;
use crate::knative::class::Owner;

/// How many settings are named.
const NAMED: usize = 4;

/// One entry a component.
pub(super) fn all(case: &Case<'_>) -> Vec<Roll> {
    let before = Made::of(case.scene.object, case.scene.facts);
    let after = Made::of(case.edited, case.scene.facts);
    let mut rolls = Vec::new();
    for part in &after.parts {
        let Some(old) = before.part(&part.name) else {
            continue;
        };
        rolls.push(roll(case, old, part, after.is_frozen));
    }
    rolls
}

fn roll(case: &Case<'_>, old: &MadePart, new: &MadePart, is_frozen: bool) -> Roll {
    let pods = present::pods(case.scene.explanation, &new.name);
    let nothing = |why: &str| Roll {
        component: new.name.clone(),
        what: Rolled::Nothing,
        pods,
        starts_with: None,
        why: why.to_owned(),
    };
    if is_frozen {
        return nothing("KServe applies no edit while disable-auto-update is set and it is ready");
    }
    if new.is_stopped || old.is_stopped {
        return nothing("it is stopped: the edit counts once it is started again");
    }
    match (&old.rolled, &new.rolled) {
        _ if !new.rolls(old) => nothing("nothing changes in what its pods are made from"),
        (RolledPart::Revision(before, _), RolledPart::Revision(after, pod_autoscaler)) => Roll {
            what: Rolled::Revision,
            starts_with: Some(starts_with(pod_autoscaler)),
            why: revision_differs(before, after),
            ..nothing("")
        },
        _ => Roll {
            what: Rolled::Pods,
            starts_with: pods,
            why: "annotations of the InferenceService are those of its pods too".to_owned(),
            ..nothing("")
        },
    }
}

/// With how many pods a Revision starts.
pub(super) fn starts_with(pod_autoscaler: &PodAutoscaler) -> i64 {
    let least = i32::from(pod_autoscaler.owner == Owner::Hpa);
    let bounds = pod_autoscaler.bounds;
    bounds
        .min
        .max(pod_autoscaler.initial_scale)
        .max(least)
        .into()
}

fn revision_differs(before: &Value, after: &Value) -> String {
    let names = differing(before, after);
    let mut named: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = format!("{} more", names.len().saturating_sub(NAMED));
    if names.len() > NAMED {
        named.push(&more);
    }
    format!("its template changes: {}", named.join(", "))
}

/// The last names of what differs in two templates.
fn differing(before: &Value, after: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for one in super::edits::replaced(before, after) {
        let is_empty_map = |value: &Option<Value>| {
            value
                .as_ref()
                .is_some_and(|value| value.as_object().is_some_and(serde_json::Map::is_empty))
        };
        if is_empty_map(&one.before) || is_empty_map(&one.after) {
            continue;
        }
        let last = one.pointer.rsplit('/').next().unwrap_or_default();
        let key = last.replace("~1", "/").replace("~0", "~");
        let short = key.strip_prefix("autoscaling.knative.dev/").unwrap_or(&key);
        names.insert(short.to_owned());
    }
    names
}
