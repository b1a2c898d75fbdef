//! Why there is no plan, told from the prediction alone.

use kscale_rules::explain::{ComponentExplanation, explain};
use kscale_rules::kserve::Release;
use kscale_rules::switch::{Destination, RefusalReason, Wish};
use serde_json::Value;

use crate::corpus::Subject;
use crate::held::{is_wished, running};

const KPA: &str = "kpa.autoscaling.knative.dev";
const HPA: &str = "hpa.autoscaling.knative.dev";

/// The reasons that a refusal may have; none where there must be a plan.
pub(crate) fn expected(subject: &Subject, wish: &Wish) -> Vec<RefusalReason> {
    let object = &subject.object;
    if object["metadata"]["deletionTimestamp"].is_string() || is_frozen(subject) {
        return vec![RefusalReason::NotPossible];
    }
    let explanation = explain(&running(object), &subject.facts).unwrap();
    let wished: Vec<&ComponentExplanation> = explanation
        .components
        .iter()
        .filter(|one| is_wished(wish, &one.name))
        .collect();
    let mut reasons: Vec<RefusalReason> = wished
        .iter()
        .flat_map(|one| [of_bounds(subject, one, wish), of_target(subject, one, wish)])
        .flatten()
        .collect();
    if !reasons.is_empty() {
        return reasons;
    }
    if wished.iter().all(|one| is_so(subject, one, wish)) {
        return vec![RefusalReason::AlreadySo];
    }
    let stripped = &subject.facts.kserve_config.value.disallowed;
    let strips = |key: &str| stripped.iter().any(|one| one == key);
    let needed = [
        "autoscaling.knative.dev/class",
        "autoscaling.knative.dev/metric",
        "autoscaling.knative.dev/target",
    ];
    if object["kind"] == "InferenceService" && needed.into_iter().any(strips) {
        reasons.push(RefusalReason::NotPossible);
    }
    reasons
}

/// Whether KServe applies no edit.
fn is_frozen(subject: &Subject) -> bool {
    let object = &subject.object;
    let conditions = object["status"]["conditions"].as_array();
    let ready = |one: &Value| one["type"] == "Ready" && one["status"] == "True";
    let is_ready = conditions.is_some_and(|all| all.iter().any(ready));
    let disabled = &object["metadata"]["annotations"]["serving.kserve.io/disable-auto-update"];
    is_ready && disabled == "true" && subject.facts.kserve.value >= Release::new(0, 16, 0)
}

/// A metric that has no target by itself.
fn of_target(subject: &Subject, one: &ComponentExplanation, wish: &Wish) -> Option<RefusalReason> {
    let to_hpa = wish.to == Destination::Hpa;
    let switches = one.class.as_deref() != Some(class(wish));
    let metric = wish.metric.as_deref();
    let written = annotation(subject, one, "metric");
    let default = if to_hpa { "cpu" } else { "concurrency" };
    let now = written.as_deref().unwrap_or(default);
    let changes = switches || metric.is_some_and(|metric| metric != now);
    let has_target = annotation(subject, one, "target").is_some();
    let metric = metric.unwrap_or(if switches { default } else { now });
    let limit = match one.name.as_str() {
        "service" => &subject.object["spec"]["template"]["spec"]["containerConcurrency"],
        name => &subject.object["spec"][name]["containerConcurrency"],
    };
    let limit = limit.as_i64().unwrap_or_else(|| {
        let configs = subject.facts.knative_configs.as_ref().unwrap();
        configs.defaults.container_concurrency
    });
    let by_itself = if to_hpa {
        metric == "cpu"
    } else {
        metric == "concurrency" && limit > 0
    };
    let wants = changes || (to_hpa && wish.metric.is_some() && !has_target);
    (wish.target.is_none() && wants && !by_itself).then_some(RefusalReason::ValueMissing)
}

fn class(wish: &Wish) -> &'static str {
    match wish.to {
        Destination::Hpa => HPA,
        _ => KPA,
    }
}

/// An HPA without an upper bound, or bounds that do not fit.
fn of_bounds(subject: &Subject, one: &ComponentExplanation, wish: &Wish) -> Option<RefusalReason> {
    let switches = one.class.as_deref() != Some(class(wish));
    let to_hpa = wish.to == Destination::Hpa;
    if to_hpa && wish.min == Some(0) {
        return Some(RefusalReason::NotPossible);
    }
    let (min, max) = bounds(subject, one);
    let configs = subject.facts.knative_configs.as_ref().unwrap();
    let forbids_zero = !configs.autoscaler.enable_scale_to_zero;
    if !to_hpa && wish.min == Some(0) && min != Some(0) && forbids_zero {
        return Some(RefusalReason::NotPossible);
    }
    let max = wish.max.or(max);
    if to_hpa && switches && max.is_none() {
        return Some(RefusalReason::ValueMissing);
    }
    let min = wish.min.or(min).unwrap_or_default();
    let asked = wish.min.is_some() || wish.max.is_some() || (to_hpa && switches);
    max.is_some_and(|max| asked && min > max)
        .then_some(RefusalReason::NotPossible)
}

/// The bounds of a component; those that are written where a class that nobody acts on leaves it to nobody.
pub(crate) fn bounds(subject: &Subject, one: &ComponentExplanation) -> (Option<i64>, Option<i64>) {
    if one.min_replicas.is_some() {
        return (one.min_replicas, one.max_replicas);
    }
    let configs = subject.facts.knative_configs.as_ref().unwrap();
    let of = |name: &str, default: i32| {
        let written = annotation(subject, one, name).and_then(|text| text.parse().ok());
        written.unwrap_or_else(|| i64::from(default))
    };
    let min = of("min-scale", configs.autoscaler.min_scale);
    let max = of("max-scale", configs.autoscaler.max_scale);
    (Some(min), Some(max).filter(|max| *max > 0))
}

/// Whether a component is scaled as wished already.
fn is_so(subject: &Subject, one: &ComponentExplanation, wish: &Wish) -> bool {
    let same = one.class.as_deref() == Some(class(wish));
    // An HPA on requests scales nothing: there is no such metric of pods.
    let is_dead =
        wish.to == Destination::Hpa && matches!(one.metric.as_deref(), Some("concurrency" | "rps"));
    // A metric without a target is dropped from the HPA, which gets cpu: it is written all the same.
    let written = annotation(subject, one, "metric").or_else(|| one.metric.clone());
    let metric = wish.metric.is_none() || wish.metric == written;
    let number = wish
        .target
        .as_deref()
        .map(|text| text.trim_end_matches("Mi").trim_end_matches('%'));
    let target = number.is_none_or(|number| {
        let written = annotation(subject, one, "target");
        written.and_then(|text| text.parse::<f64>().ok()) == number.parse().ok()
    });
    let (old_min, old_max) = bounds(subject, one);
    let min = wish.min.is_none() || wish.min == old_min;
    let max = wish.max.is_none() || wish.max == old_max;
    let window = wish.window.is_none() || wish.window == annotation(subject, one, "window");
    same && !is_dead && metric && target && min && max && window
}

/// An annotation of the template, as KServe or the user writes it.
pub(crate) fn annotation(
    subject: &Subject,
    one: &ComponentExplanation,
    name: &str,
) -> Option<String> {
    let key = format!("autoscaling.knative.dev/{name}");
    let of_kserve = one
        .creates
        .iter()
        .filter_map(|made| made["templateAnnotations"][&key].as_str());
    let own = subject.object["spec"]["template"]["metadata"]["annotations"][&key].as_str();
    of_kserve.chain(own).map(str::to_owned).next()
}
