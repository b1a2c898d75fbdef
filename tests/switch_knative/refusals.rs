//! Why there is no plan, told from the prediction alone.

use kscale_rules::explain::{ComponentExplanation, explain};
use kscale_rules::switch::{Destination, RefusalReason, Wish};
use serde_json::Value;

use crate::corpus::Subject;
use crate::held::{is_wished, running};

const KPA: &str = "kpa.autoscaling.knative.dev";
const HPA: &str = "hpa.autoscaling.knative.dev";

/// The reason that a refusal must have; none where there must be a plan.
pub(crate) fn expected(subject: &Subject, wish: &Wish) -> Option<RefusalReason> {
    let object = &subject.object;
    let annotation = |key: &str| object["metadata"]["annotations"][key].as_str();
    let conditions = object["status"]["conditions"].as_array();
    let ready = |one: &Value| one["type"] == "Ready" && one["status"] == "True";
    let is_ready = conditions.is_some_and(|all| all.iter().any(ready));
    if object["metadata"]["deletionTimestamp"].is_string() {
        return Some(RefusalReason::NotPossible);
    }
    let disabled = annotation("serving.kserve.io/disable-auto-update") == Some("true");
    if disabled
        && is_ready
        && subject.facts.kserve.value >= kscale_rules::kserve::Release::new(0, 16, 0)
    {
        return Some(RefusalReason::NotPossible);
    }
    let explanation = explain(&running(object), &subject.facts).unwrap();
    let wished: Vec<&ComponentExplanation> = explanation
        .components
        .iter()
        .filter(|one| is_wished(wish, &one.name))
        .collect();
    for one in &wished {
        if let Some(reason) = of_bounds(one, wish) {
            return Some(reason);
        }
    }
    if wished.iter().all(|one| is_so(one, wish)) {
        return Some(RefusalReason::AlreadySo);
    }
    let stripped = &subject.facts.kserve_config.value.disallowed;
    let strips = |key: &str| stripped.iter().any(|one| one == key);
    let needed = [
        "autoscaling.knative.dev/class",
        "autoscaling.knative.dev/metric",
        "autoscaling.knative.dev/target",
    ];
    let is_inference_service = object["kind"] == "InferenceService";
    if is_inference_service && needed.into_iter().any(strips) {
        return Some(RefusalReason::NotPossible);
    }
    None
}

fn class(wish: &Wish) -> &'static str {
    match wish.to {
        Destination::Hpa => HPA,
        _ => KPA,
    }
}

/// An HPA without an upper bound, or bounds that do not fit.
fn of_bounds(one: &ComponentExplanation, wish: &Wish) -> Option<RefusalReason> {
    let switches = one.class.as_deref() != Some(class(wish));
    let to_hpa = wish.to == Destination::Hpa;
    let max = wish.max.or(one.max_replicas);
    if to_hpa && switches && max.is_none() {
        return Some(RefusalReason::ValueMissing);
    }
    let min = wish.min.or(one.min_replicas).unwrap_or(1);
    let asked = wish.min.is_some() || wish.max.is_some() || (to_hpa && switches);
    max.is_some_and(|max| asked && min > max)
        .then_some(RefusalReason::NotPossible)
}

/// Whether a component is scaled as wished already.
fn is_so(one: &ComponentExplanation, wish: &Wish) -> bool {
    let same = one.class.as_deref() == Some(class(wish));
    let metric = wish.metric.is_none() || wish.metric == one.metric;
    let number = wish
        .target
        .as_deref()
        .map(|text| text.trim_end_matches("Mi").trim_end_matches('%'));
    let written = written(one, "target");
    let target = match number {
        None => true,
        Some(number) => written.and_then(|text| text.parse::<f64>().ok()) == number.parse().ok(),
    };
    let min = wish.min.is_none() || wish.min == one.min_replicas;
    let max = wish.max.is_none() || wish.max == one.max_replicas;
    same && metric && target && min && max
}

/// An annotation of the template, as KServe or the user writes it.
fn written(one: &ComponentExplanation, name: &str) -> Option<String> {
    let key = format!("autoscaling.knative.dev/{name}");
    let templates = one
        .creates
        .iter()
        .filter_map(|made| made["templateAnnotations"][&key].as_str());
    templates.map(str::to_owned).next()
}
