//! Which workloads need which part of the cluster. What is missing is an error only where something waits for it.

use std::collections::BTreeSet;

use kscale_rules::knative::annotations::{CLASS, HPA_CLASS};
use serde_json::Value;

use super::view::{Told, View, annotation, name_of, some_of};
use crate::facts::text;

/// The API groups of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metrics {
    /// `metrics.k8s.io`: cpu and memory.
    Resource,
    /// `custom.metrics.k8s.io`: of pods and other objects.
    Custom,
    /// `external.metrics.k8s.io`.
    External,
}

/// Whether something needs a thing.
#[derive(Debug, PartialEq)]
pub(super) enum Need {
    /// These do.
    By(Vec<String>),
    /// Nothing does.
    Nobody,
    /// Workloads were not read.
    Unknown(String),
}

impl Need {
    /// Whether it is known that something does.
    pub(super) fn is_there(&self) -> bool {
        matches!(self, Self::By(_))
    }

    /// Who needs it, as the end of a sentence.
    pub(super) fn sentence(&self, scope: &str) -> String {
        match self {
            Self::By(names) => format!("needed by {}", some_of(names)),
            Self::Nobody => format!("nothing {scope} needs it"),
            Self::Unknown(why) => format!("whether something needs it is unknown, because {why}"),
        }
    }
}

/// The PodAutoscalers of the HPA class.
pub(super) fn of_hpa_class<'a>(view: &View<'a>) -> Told<Vec<&'a Value>> {
    match pod_autoscalers(view) {
        Told::There(all) => Told::There(
            all.into_iter()
                .filter(|one| annotation(one, CLASS.canonical) == HPA_CLASS)
                .collect(),
        ),
        told => told,
    }
}

/// All PodAutoscalers that were read.
pub(super) fn pod_autoscalers<'a>(view: &View<'a>) -> Told<Vec<&'a Value>> {
    view.list("autoscaling.internal.knative.dev", "PodAutoscaler")
}

/// Whether nobody has acted on a PodAutoscaler yet: it has no status at all then.
pub(super) fn is_untouched(pod_autoscaler: &Value) -> bool {
    let conditions = pod_autoscaler.pointer("/status/conditions");
    conditions.is_none_or(|all| all.as_array().is_none_or(Vec::is_empty))
}

/// Who needs the HPA extension.
pub(super) fn of_extension(view: &View<'_>) -> Need {
    match of_hpa_class(view) {
        Told::There(all) if all.is_empty() => Need::Nobody,
        Told::There(all) => Need::By(all.into_iter().map(name_of).collect()),
        Told::Absent => Need::Nobody,
        Told::Unknown(why) => Need::Unknown(why),
    }
}

/// Who needs an API of metrics: HorizontalPodAutoscalers, and PodAutoscalers of which one is still to be made.
pub(super) fn of_metrics(view: &View<'_>, which: Metrics) -> Need {
    let autoscalers = view.list("autoscaling", "HorizontalPodAutoscaler");
    let pod_autoscalers = of_hpa_class(view);
    let mut names = BTreeSet::new();
    let mut unknown = None;
    match autoscalers {
        Told::There(all) => {
            let asks = all.into_iter().filter(|hpa| asks(hpa, which));
            names.extend(asks.map(name_of));
        }
        Told::Absent => {}
        Told::Unknown(why) => unknown = Some(why),
    }
    match pod_autoscalers {
        Told::There(all) => {
            let asks = all
                .into_iter()
                .filter(|one| is_untouched(one) && will_ask(one) == Some(which));
            names.extend(asks.map(name_of));
        }
        Told::Absent => {}
        Told::Unknown(why) => unknown = Some(why),
    }
    match unknown {
        _ if !names.is_empty() => Need::By(names.into_iter().collect()),
        Some(why) => Need::Unknown(why),
        None => Need::Nobody,
    }
}

/// Whether an HPA asks for metrics of this API. Between one bound and the same bound it needs none.
fn asks(hpa: &Value, which: Metrics) -> bool {
    let spec = hpa.get("spec");
    let number = |field: &str| spec.and_then(|spec| spec.get(field)?.as_i64());
    if number("maxReplicas").unwrap_or_default() <= number("minReplicas").unwrap_or(1) {
        return false;
    }
    let by_v1 = number("targetCPUUtilizationPercentage").is_some() && which == Metrics::Resource;
    let metrics = spec.and_then(|spec| spec.get("metrics")?.as_array());
    let mut metrics = metrics.into_iter().flatten();
    by_v1
        || metrics.any(|metric| match text(metric, "/type") {
            "Resource" | "ContainerResource" => which == Metrics::Resource,
            "Pods" | "Object" => which == Metrics::Custom,
            "External" => which == Metrics::External,
            _ => false,
        })
}

/// What the HPA of a PodAutoscaler will ask for; none where it is between one bound and the same bound.
fn will_ask(pod_autoscaler: &Value) -> Option<Metrics> {
    let setting = |key: &str| annotation(pod_autoscaler, &format!("autoscaling.knative.dev/{key}"));
    let number = |key: &str| setting(key).parse::<i64>().unwrap_or_default();
    let (least, most) = (number("min-scale").max(1), number("max-scale"));
    if most != 0 && most <= least {
        return None;
    }
    match setting("metric") {
        // Without a target the API server makes an HPA on cpu of it, whatever the metric is.
        _ if setting("target").is_empty() => Some(Metrics::Resource),
        "cpu" | "memory" | "" => Some(Metrics::Resource),
        _ => Some(Metrics::Custom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hpa(min: i64, max: i64, kind: &str) -> Value {
        json!({"spec": {"minReplicas": min, "maxReplicas": max, "metrics": [{"type": kind}]}})
    }

    #[test]
    fn an_hpa_needs_what_its_metrics_come_from() {
        assert!(asks(&hpa(1, 3, "Resource"), Metrics::Resource));
        assert!(!asks(&hpa(1, 3, "Resource"), Metrics::Custom));
        assert!(asks(&hpa(1, 3, "Pods"), Metrics::Custom));
        assert!(asks(&hpa(1, 3, "External"), Metrics::External));
    }

    #[test]
    fn an_hpa_between_one_bound_and_the_same_needs_no_numbers() {
        assert!(!asks(&hpa(1, 1, "Resource"), Metrics::Resource));
    }

    #[test]
    fn a_pod_autoscaler_that_waits_is_judged_by_its_annotations() {
        let one = |pairs: &[(&str, &str)]| {
            let mut annotations = serde_json::Map::new();
            for (key, value) in pairs {
                annotations.insert(format!("autoscaling.knative.dev/{key}"), json!(value));
            }
            will_ask(&json!({"metadata": {"annotations": annotations}}))
        };
        assert_eq!(
            one(&[("metric", "cpu"), ("target", "75")]),
            Some(Metrics::Resource)
        );
        assert_eq!(
            one(&[("metric", "queue"), ("target", "5")]),
            Some(Metrics::Custom)
        );
        assert_eq!(one(&[("metric", "queue")]), Some(Metrics::Resource));
        assert_eq!(
            one(&[("target", "75"), ("min-scale", "2"), ("max-scale", "2")]),
            None
        );
    }
}
