//! The HorizontalPodAutoscaler that Knative's HPA class makes for a revision.
//!
//! Source: knative/serving 1.23, pkg/reconciler/autoscaling/hpa/resources/hpa.go.

use super::annotations::{Annotations, TARGET, WINDOW};
use super::child_name::child_name;
use super::config_autoscaler::AutoscalerConfig;
use super::kpa::{duration, float};
use super::pod_autoscaler::Bounds;
use super::release::Behaviour;
use crate::go;
use crate::kubernetes::hpa::{
    Behavior, HpaSpec, MetricSpec, MetricTarget, ObjectReference, ScalingRules,
};
use crate::kubernetes::{Format, Quantity};

/// The spec as Knative sends it, before the API server fills in defaults.
///
/// The HPA class has no scale to zero, and without a target no metric: the API server then makes it 80 % of the CPU,
/// whatever the metric is called. Said as `autoscaling/v2` whatever the release sends: the API server reads the older
/// versions so.
#[must_use]
pub fn make_hpa(
    config: &AutoscalerConfig,
    revision: &str,
    annotations: &Annotations,
    metric: &str,
    bounds: Bounds,
) -> HpaSpec {
    HpaSpec {
        scale_target_ref: ObjectReference::deployment(child_name(revision, "-deployment")),
        min_replicas: (bounds.min > 0).then_some(bounds.min),
        max_replicas: if bounds.max == 0 {
            i32::MAX
        } else {
            bounds.max
        },
        metrics: float(annotations, TARGET)
            .filter(|_| {
                matches!(metric, "cpu" | "memory")
                    || config.release.has(Behaviour::CustomHpaMetrics)
            })
            .map(|target| make_metric(metric, target))
            .into_iter()
            .collect(),
        behavior: duration(annotations, WINDOW)
            .filter(|_| config.release.has(Behaviour::HpaWindow))
            .map(|window| {
                let rules = || {
                    let seconds = go::float_to_i32(window.seconds());
                    Some(ScalingRules {
                        stabilization_window_seconds: Some(seconds),
                        ..ScalingRules::default()
                    })
                };
                Behavior {
                    scale_up: rules(),
                    scale_down: rules(),
                }
            }),
    }
}

fn make_metric(name: &str, target: f64) -> MetricSpec {
    match name {
        "cpu" => MetricSpec::resource(
            name,
            MetricTarget::utilization(go::float_to_i32(target.ceil())),
        ),
        "memory" => {
            // In mebibytes, fractions cut off; too large a number wraps around as it does upstream.
            let bytes = go::float_to_i64(target).wrapping_mul(1024 * 1024);
            MetricSpec::resource(
                name,
                MetricTarget::average_value(Quantity::new(bytes, Format::BinarySi)),
            )
        }
        _ => {
            let amount = Quantity::new(go::float_to_i64(target), Format::DecimalSi);
            MetricSpec::pods(name, MetricTarget::average_value(amount))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn hpa(pairs: &[(&str, &str)], metric: &str, min: i32, max: i32) -> serde_json::Value {
        let annotations = pairs
            .iter()
            .map(|(k, v)| (format!("autoscaling.knative.dev/{k}"), (*v).to_owned()))
            .collect();
        serde_json::to_value(make_hpa(
            &AutoscalerConfig::default(),
            "r",
            &annotations,
            metric,
            Bounds { min, max },
        ))
        .unwrap()
    }

    #[test]
    fn without_a_target_there_is_no_metric() {
        assert_eq!(
            hpa(&[], "memory", 0, 0),
            json!({"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "r-deployment"}, "maxReplicas": 2_147_483_647})
        );
    }

    #[test]
    fn the_target_means_something_else_for_each_metric() {
        let target = |metric: &str, value: &str| {
            hpa(&[("target", value)], metric, 1, 2)["metrics"][0].clone()
        };
        assert_eq!(
            target("cpu", "60.1")["resource"]["target"],
            json!({"type": "Utilization", "averageUtilization": 61})
        );
        assert_eq!(
            target("memory", "200.9")["resource"]["target"],
            json!({"type": "AverageValue", "averageValue": "200Mi"})
        );
        assert_eq!(
            target("memory", "0.5")["resource"]["target"]["averageValue"],
            "0"
        );
        assert_eq!(
            target("rps", "10.9"),
            json!({"type": "Pods", "pods": {"metric": {"name": "rps"}, "target": {"type": "AverageValue", "averageValue": "10"}}})
        );
    }

    #[test]
    fn the_window_counts_both_ways() {
        let rules = json!({"stabilizationWindowSeconds": 90});
        assert_eq!(
            hpa(&[("window", "90s")], "cpu", 0, 0)["behavior"],
            json!({"scaleUp": rules, "scaleDown": rules})
        );
    }
}
