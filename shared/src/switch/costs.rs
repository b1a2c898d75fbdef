//! What a change costs while it is under way.

use std::collections::BTreeMap;

use serde_json::Value;

use super::judge::Case;
use super::made::{Made, MadePart, RolledPart};
use super::types::{Cost, Roll, Rolled};
use crate::kubernetes::Quantity;

/// The share of its pods that a Deployment may have beyond their number, unless another is written.
const SURGE: &str = "25%";

/// The costs of what is rolled.
pub(super) fn all(case: &Case<'_>, rolls: &[Roll]) -> Vec<Cost> {
    let made = Made::of(case.edited, case.scene.facts);
    let rolled = rolls.iter().filter(|roll| roll.what != Rolled::Nothing);
    let costs = rolled.filter_map(|roll| cost(case, made.part(&roll.component)?, roll));
    costs.filter(|cost| cost.extra_pods > 0).collect()
}

fn cost(case: &Case<'_>, part: &MadePart, roll: &Roll) -> Option<Cost> {
    let extra_pods = match roll.what {
        Rolled::Revision => beside_revision(part, roll),
        Rolled::Pods => surge(case, part, roll.pods?),
        Rolled::Nothing => 0,
    };
    let requests = requests_of(&part.containers, extra_pods);
    let message = message(roll, extra_pods, &requests);
    Some(Cost {
        component: roll.component.clone(),
        extra_pods,
        requests,
        message,
    })
}

/// The old Revision keeps its pods until the new one has taken over, and the new one comes to need as many for the same load.
fn beside_revision(part: &MadePart, roll: &Roll) -> i64 {
    let start = roll.starts_with.unwrap_or(1);
    let max = part
        .pod_autoscaler()
        .map_or(0, |made| i64::from(made.bounds.max));
    let load = roll.pods.unwrap_or_default();
    let load = if max > 0 { load.min(max) } else { load };
    start.max(load)
}

/// How many pods more a Deployment may have while it rolls.
fn surge(case: &Case<'_>, part: &MadePart, pods: i64) -> i64 {
    let RolledPart::Deployment(deployment) = &part.rolled else {
        return 0;
    };
    let text = |pointer: &str| deployment.strategy.pointer(pointer);
    if text("/type").and_then(Value::as_str) == Some("Recreate") {
        return 0;
    }
    // A strategy that is written leaves the ConfigMap's aside.
    let is_written = !deployment.strategy.is_null();
    let configured = case.scene.facts.kserve_config.value.max_surge.clone();
    let configured = configured.filter(|_| !is_written);
    match text("/rollingUpdate/maxSurge") {
        Some(Value::Number(number)) => number.as_i64().unwrap_or_default(),
        Some(Value::String(text)) => share(text, pods),
        _ => share(configured.as_deref().unwrap_or(SURGE), pods),
    }
}

/// A number of pods, or a percentage of them, rounded up.
fn share(text: &str, pods: i64) -> i64 {
    match text.strip_suffix('%') {
        Some(percent) => {
            let percent: i64 = percent.trim().parse().unwrap_or_default();
            pods.saturating_mul(percent).saturating_add(99) / 100
        }
        None => text.trim().parse().unwrap_or_default(),
    }
}

/// What so many pods request together. A limit stands in for a request that is missing.
fn requests_of(containers: &[Value], pods: i64) -> BTreeMap<String, String> {
    let mut sums: BTreeMap<String, Quantity> = BTreeMap::new();
    for container in containers {
        let list = |name: &str| container.get("resources")?.get(name)?.as_object();
        let mut own: BTreeMap<&String, &Value> = BTreeMap::new();
        own.extend(list("limits").into_iter().flatten());
        own.extend(list("requests").into_iter().flatten());
        for (resource, amount) in own {
            let Ok(amount) = Quantity::from_json(amount) else {
                continue;
            };
            let sum = match sums.get(resource) {
                Some(sum) => sum.plus(&amount),
                None => amount,
            };
            sums.insert(resource.clone(), sum);
        }
    }
    let all = sums
        .into_iter()
        .map(|(resource, sum)| (resource, sum.times(pods)));
    let asked = all.filter(|(_, sum)| !sum.is_zero());
    asked
        .map(|(resource, sum)| (resource, sum.to_string()))
        .collect()
}

fn message(roll: &Roll, extra: i64, requests: &BTreeMap<String, String>) -> String {
    let s = if extra == 1 { "" } else { "s" };
    let runs = if extra == 1 { "runs" } else { "run" };
    let mut words = match roll.pods {
        Some(0) => format!("up to {extra} pod{s} {runs} where none runs now"),
        Some(pods) => format!("up to {extra} more pod{s} {runs} beside the {pods} of now"),
        None => {
            format!("{extra} pod{s} or more {runs} beside those of now, as many as the load needs")
        }
    };
    // Accelerators are what there may not be enough of.
    let (scarce, rest): (Vec<_>, Vec<_>) =
        requests.iter().partition(|(name, _)| name.contains('/'));
    let said: Vec<String> = scarce
        .into_iter()
        .chain(rest)
        .map(|(name, amount)| format!("{amount} {name}"))
        .collect();
    if !said.is_empty() {
        words.push_str(&format!(": {}", said.join(", ")));
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_add_up_and_limits_stand_in() {
        let containers = [
            json!({"resources": {"requests": {"cpu": "1", "memory": "2Gi"}, "limits": {"cpu": "2", "nvidia.com/gpu": "1"}}}),
            json!({"resources": {"requests": {"cpu": "25m"}}}),
            json!({"name": "bare"}),
        ];
        let sums = requests_of(&containers, 4);
        let expected = [("cpu", "4100m"), ("memory", "8Gi"), ("nvidia.com/gpu", "4")];
        let expected = expected.map(|(name, amount)| (name.to_owned(), amount.to_owned()));
        assert_eq!(sums, BTreeMap::from(expected));
    }

    #[test]
    fn a_surge_is_rounded_up() {
        assert_eq!([1, 4, 5, 0].map(|pods| share("25%", pods)), [1, 1, 2, 0]);
        assert_eq!(share("2", 9), 2);
    }
}
