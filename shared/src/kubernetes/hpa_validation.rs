//! What the API server refuses in a HorizontalPodAutoscaler that is created.
//!
//! Source: kubernetes/kubernetes 1.36, pkg/apis/autoscaling/validation/validation.go, with the feature `HPAScaleToZero`
//! off, as it is by default. Metadata is not looked at.

use super::hpa::{Behavior, HpaSpec, ObjectReference, ScalingPolicy, ScalingRules};
use super::hpa_metric_validation::{self, forbidden, invalid, not_supported, required};
use super::names;

const MAX_PERIOD_SECONDS: i32 = 1800;
const MAX_WINDOW_SECONDS: i32 = 3600;
/// The fewest pods while scaling to zero is off.
const MIN_REPLICAS: i32 = 1;

/// The errors in the API server's order and words; none means that the object is accepted.
///
/// Expects a spec after [`super::default_hpa`].
#[must_use]
pub fn validate_hpa(spec: &HpaSpec) -> Vec<String> {
    let mut errors = Vec::new();
    if let Some(min) = spec.min_replicas
        && min < MIN_REPLICAS
    {
        errors.push(invalid(
            "spec.minReplicas",
            min,
            &format!("must be greater than or equal to {MIN_REPLICAS}"),
        ));
    }
    if spec.max_replicas < 1 {
        errors.push(invalid(
            "spec.maxReplicas",
            spec.max_replicas,
            "must be greater than 0",
        ));
    }
    if spec.min_replicas.is_some_and(|min| spec.max_replicas < min) {
        let what = "must be greater than or equal to `minReplicas`";
        errors.push(invalid("spec.maxReplicas", spec.max_replicas, what));
    }
    validate_reference(&spec.scale_target_ref, "spec.scaleTargetRef", &mut errors);
    for (index, metric) in spec.metrics.iter().enumerate() {
        hpa_metric_validation::validate_metric(metric, index, &mut errors);
    }
    let scales_from_zero = spec
        .metrics
        .iter()
        .any(|m| m.kind == "Object" || m.kind == "External");
    if spec.min_replicas == Some(0) && !scales_from_zero {
        let what = "must specify at least one Object or External metric to support scaling to zero replicas";
        errors.push(forbidden("spec.metrics", what));
    }
    if let Some(behavior) = &spec.behavior {
        validate_behavior(behavior, &mut errors);
    }
    errors
}

/// Kind and name are needed, and must be fit for a URL.
pub(super) fn validate_reference(
    reference: &ObjectReference,
    path: &str,
    errors: &mut Vec<String>,
) {
    for (field, value) in [("kind", &reference.kind), ("name", &reference.name)] {
        if value.is_empty() {
            errors.push(required(&format!("{path}.{field}"), ""));
            continue;
        }
        for message in names::path_segment_errors(value) {
            errors.push(invalid(
                &format!("{path}.{field}"),
                crate::go::quote(value),
                &message,
            ));
        }
    }
}

fn validate_behavior(behavior: &Behavior, errors: &mut Vec<String>) {
    if let Some(rules) = &behavior.scale_up {
        validate_rules(rules, "spec.behavior.scaleUp", errors);
    }
    if let Some(rules) = &behavior.scale_down {
        validate_rules(rules, "spec.behavior.scaleDown", errors);
    }
}

fn validate_rules(rules: &ScalingRules, path: &str, errors: &mut Vec<String>) {
    if let Some(window) = rules.stabilization_window_seconds {
        let path = format!("{path}.stabilizationWindowSeconds");
        if window < 0 {
            errors.push(invalid(
                &path,
                window,
                "must be greater than or equal to zero",
            ));
        }
        if window > MAX_WINDOW_SECONDS {
            errors.push(invalid(
                &path,
                window,
                &format!("must be less than or equal to {MAX_WINDOW_SECONDS}"),
            ));
        }
    }
    if let Some(policy) = &rules.select_policy
        && !["Max", "Min", "Disabled"].contains(&policy.as_str())
    {
        errors.push(not_supported(
            &format!("{path}.selectPolicy"),
            policy,
            &["Disabled", "Max", "Min"],
        ));
    }
    let policies = rules.policies.as_deref().unwrap_or_default();
    if policies.is_empty() {
        errors.push(required(
            &format!("{path}.policies"),
            "must specify at least one Policy",
        ));
    }
    for (index, policy) in policies.iter().enumerate() {
        validate_policy(policy, &format!("{path}.policies[{index}]"), errors);
    }
    if let Some(tolerance) = &rules.tolerance
        && !tolerance.is_zero()
        && !tolerance.is_positive()
    {
        let value = crate::go::quote(&tolerance.to_string());
        errors.push(invalid(
            &format!("{path}.tolerance"),
            value,
            "must be greater than or equal to 0",
        ));
    }
}

fn validate_policy(policy: &ScalingPolicy, path: &str, errors: &mut Vec<String>) {
    if policy.kind != "Pods" && policy.kind != "Percent" {
        errors.push(not_supported(
            &format!("{path}.type"),
            &policy.kind,
            &["Percent", "Pods"],
        ));
    }
    if policy.value <= 0 {
        errors.push(invalid(
            &format!("{path}.value"),
            policy.value,
            "must be greater than zero",
        ));
    }
    let path = format!("{path}.periodSeconds");
    if policy.period_seconds <= 0 {
        errors.push(invalid(
            &path,
            policy.period_seconds,
            "must be greater than zero",
        ));
    }
    if policy.period_seconds > MAX_PERIOD_SECONDS {
        let what = format!("must be less than or equal to {MAX_PERIOD_SECONDS}");
        errors.push(invalid(&path, policy.period_seconds, &what));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kubernetes::default_hpa;

    fn errors(spec: serde_json::Value) -> Vec<String> {
        let spec: HpaSpec = serde_json::from_value(spec).unwrap();
        validate_hpa(&default_hpa(&spec))
    }

    #[test]
    fn accepts_a_plain_one() {
        let spec = json!({"scaleTargetRef": {"kind": "Deployment", "name": "m"}, "maxReplicas": 3, "behavior": {}});
        assert_eq!(errors(spec), Vec::<String>::new());
    }

    #[test]
    fn says_what_is_wrong_in_order() {
        let spec = json!({
            "scaleTargetRef": {"kind": "Deployment", "name": "m"}, "minReplicas": 0, "maxReplicas": 0,
            "metrics": [{"type": "Resource", "resource": {"name": "memory", "target": {"type": ""}}}]
        });
        assert_eq!(
            errors(spec),
            [
                "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
                "spec.maxReplicas: Invalid value: 0: must be greater than 0",
                "spec.metrics[0].resource.target.type: Required value: must specify a metric target type",
                "spec.metrics[0].resource.target.type: Invalid value: \"\": must be either Utilization, Value, or AverageValue",
                "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization",
                "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas",
            ]
        );
    }

    #[test]
    fn checks_the_behavior() {
        let spec = json!({
            "scaleTargetRef": {"kind": "Deployment", "name": "m"}, "minReplicas": 5, "maxReplicas": 3,
            "behavior": {"scaleUp": {"stabilizationWindowSeconds": 3601, "policies": []}, "scaleDown": {"selectPolicy": "Slow",
                "policies": [{"type": "Pod", "value": 0, "periodSeconds": 1801}]}}
        });
        assert_eq!(
            errors(spec),
            [
                "spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`",
                "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600",
                "spec.behavior.scaleUp.policies: Required value: must specify at least one Policy",
                "spec.behavior.scaleDown.selectPolicy: Unsupported value: \"Slow\": supported values: \"Disabled\", \"Max\", \"Min\"",
                "spec.behavior.scaleDown.policies[0].type: Unsupported value: \"Pod\": supported values: \"Percent\", \"Pods\"",
                "spec.behavior.scaleDown.policies[0].value: Invalid value: 0: must be greater than zero",
                "spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800",
            ]
        );
    }
}
