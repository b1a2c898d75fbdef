//! What the API server fills into a HorizontalPodAutoscaler.
//!
//! Source: kubernetes/kubernetes 1.36, pkg/apis/autoscaling/v2/defaults.go.

use super::hpa::{Behavior, HpaSpec, MetricSpec, MetricTarget, ScalingPolicy, ScalingRules};

/// Percent of the requested CPU that is aimed for when no metric is given.
pub const DEFAULT_CPU_UTILIZATION: i32 = 80;

/// The spec as it is stored: at least one pod, CPU at 80 % if no metric is given, and a behavior filled up if there is
/// one, be it empty.
#[must_use]
pub fn default_hpa(spec: &HpaSpec) -> HpaSpec {
    let mut spec = spec.clone();
    spec.min_replicas.get_or_insert(1);
    if spec.metrics.is_empty() {
        spec.metrics = vec![MetricSpec::resource(
            "cpu",
            MetricTarget::utilization(DEFAULT_CPU_UTILIZATION),
        )];
    }
    if let Some(behavior) = &mut spec.behavior {
        fill_behavior(behavior);
    }
    spec
}

fn fill_behavior(behavior: &mut Behavior) {
    let up = behavior.scale_up.get_or_insert_default();
    up.stabilization_window_seconds.get_or_insert(0);
    fill_rules(up, || vec![policy("Pods", 4), policy("Percent", 100)]);
    // Left open on purpose upstream: a flag of the controller manager decides, five minutes by default.
    let down = behavior.scale_down.get_or_insert_default();
    fill_rules(down, || vec![policy("Percent", 100)]);
}

fn fill_rules(rules: &mut ScalingRules, policies: impl FnOnce() -> Vec<ScalingPolicy>) {
    rules.select_policy.get_or_insert_with(|| "Max".to_owned());
    rules.policies.get_or_insert_with(policies);
}

fn policy(kind: &str, value: i32) -> ScalingPolicy {
    ScalingPolicy {
        kind: kind.to_owned(),
        value,
        period_seconds: 15,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn defaulted(spec: serde_json::Value) -> serde_json::Value {
        let spec: HpaSpec = serde_json::from_value(spec).unwrap();
        serde_json::to_value(default_hpa(&spec)).unwrap()
    }

    #[test]
    fn fills_in_cpu_and_one_pod() {
        let spec = defaulted(
            json!({"scaleTargetRef": {"kind": "Deployment", "name": "m"}, "maxReplicas": 3}),
        );
        assert_eq!(
            spec,
            json!({
                "scaleTargetRef": {"kind": "Deployment", "name": "m"}, "minReplicas": 1, "maxReplicas": 3,
                "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]
            })
        );
    }

    #[test]
    fn fills_an_empty_behavior_and_keeps_what_is_set() {
        let spec = defaulted(json!({
            "scaleTargetRef": {"kind": "Deployment", "name": "m"}, "maxReplicas": 3,
            "behavior": {"scaleDown": {"selectPolicy": "Disabled", "tolerance": "0.05"}}
        }));
        assert_eq!(
            spec["behavior"],
            json!({
                "scaleUp": {"stabilizationWindowSeconds": 0, "selectPolicy": "Max", "policies": [
                    {"type": "Pods", "value": 4, "periodSeconds": 15}, {"type": "Percent", "value": 100, "periodSeconds": 15}]},
                "scaleDown": {"selectPolicy": "Disabled", "tolerance": "50m", "policies": [
                    {"type": "Percent", "value": 100, "periodSeconds": 15}]}
            })
        );
    }
}
