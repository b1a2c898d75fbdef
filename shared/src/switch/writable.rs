//! What a record may hold.
//!
//! Whoever may write ControllerRevisions may not therefore write models: a record that names anything else than a setting of
//! scaling is refused, so that taking back a switch is no way to have somebody else change an image, an owner or a mode.

use serde_json::{Map, Value};

use super::edits::Replaced;
use crate::knative::annotations::AUTOSCALING_GROUP;
use crate::kserve::annotations::{AUTOSCALER_CLASS, METRIC, METRICS, TARGET_UTILIZATION};

/// Settings of a component's own.
const FIELDS: [&str; 6] = [
    "minReplicas",
    "maxReplicas",
    "scaleMetric",
    "scaleMetricType",
    "scaleTarget",
    "containerConcurrency",
];

/// KServe's annotations that decide on scaling. Not the mode, and not what its other annotations do.
const KSERVE: [&str; 4] = [AUTOSCALER_CLASS, METRIC, METRICS, TARGET_UTILIZATION];

/// Bounds mean the same whoever scales: a number of pods.
const BOUNDS: [&str; 8] = [
    "minReplicas",
    "maxReplicas",
    "autoscaling.knative.dev/min-scale",
    "autoscaling.knative.dev/minScale",
    "autoscaling.knative.dev/max-scale",
    "autoscaling.knative.dev/maxScale",
    "autoscaling.knative.dev/initial-scale",
    "autoscaling.knative.dev/initialScale",
];

/// Whether it is a setting of scaling, in its place, and of a type that may stand there.
pub(super) fn may_hold(one: &Replaced) -> bool {
    let Some(pointer) = one.pointer.strip_prefix('/') else {
        return false;
    };
    let segments: Vec<String> = pointer.split('/').map(unescaped).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["spec", "template"] | ["spec", "template", "metadata"] => is_map(one),
        // The name of a Revision: Knative refuses a second one of the same.
        ["spec", "template", "metadata", "name"] => values(one).all(Value::is_string),
        ["metadata", rest @ ..] | ["spec", "template", "metadata", rest @ ..] => {
            annotations(rest, one)
        }
        ["spec", "template", "spec", "containerConcurrency"] => is_plain(one),
        ["spec", "predictor" | "transformer" | "explainer", rest @ ..] => component(rest, one),
        _ => false,
    }
}

/// Whether it is a bound.
pub(super) fn is_bound(pointer: &str) -> bool {
    let key = pointer.rsplit('/').next().map(unescaped);
    key.is_some_and(|key| BOUNDS.contains(&key.as_str()))
}

/// Whether it only says that a map came or went; what stands in the map is told beside it.
pub(super) fn is_map(one: &Replaced) -> bool {
    let empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    match (&one.before, &one.after) {
        (None, Some(value)) | (Some(value), None) => empty(value),
        _ => false,
    }
}

fn component(rest: &[&str], one: &Replaced) -> bool {
    match rest {
        [field] if FIELDS.contains(field) => is_plain(one),
        // KServe's webhook refuses the strategy under some classes.
        ["autoScaling" | "deploymentStrategy", ..] => true,
        ["annotations", ..] => annotations(rest, one),
        _ => false,
    }
}

fn annotations(rest: &[&str], one: &Replaced) -> bool {
    match rest {
        ["annotations"] => is_map(one),
        ["annotations", key] => {
            let scales = key.starts_with(AUTOSCALING_GROUP) || KSERVE.contains(key);
            scales && values(one).all(Value::is_string)
        }
        _ => false,
    }
}

fn is_plain(one: &Replaced) -> bool {
    values(one).all(|value| !value.is_object() && !value.is_array())
}

fn values(one: &Replaced) -> impl Iterator<Item = &Value> {
    one.before.iter().chain(&one.after)
}

fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(pointer: &str, before: Option<Value>, after: Option<Value>) -> Replaced {
        Replaced {
            pointer: pointer.to_owned(),
            before,
            after,
        }
    }

    #[test]
    fn settings_of_scaling_may_be_recorded() {
        for pointer in [
            "/metadata/annotations/autoscaling.knative.dev~1class",
            "/metadata/annotations/serving.kserve.io~1autoscalerClass",
            "/spec/template/metadata/annotations/autoscaling.knative.dev~1metric",
            "/spec/predictor/annotations/autoscaling.knative.dev~1initial-scale",
        ] {
            assert!(may_hold(&one(pointer, None, Some(json!("1")))), "{pointer}");
            assert!(!may_hold(&one(pointer, None, Some(json!(1)))), "{pointer}");
        }
        for pointer in ["/spec/predictor/minReplicas", "/spec/explainer/scaleTarget"] {
            assert!(may_hold(&one(pointer, Some(json!(1)), None)), "{pointer}");
            assert!(!may_hold(&one(pointer, Some(json!({})), None)), "{pointer}");
        }
        let name = "/spec/template/metadata/name";
        assert!(may_hold(&one(name, Some(json!("bert-v1")), None)));
        assert!(!may_hold(&one(name, Some(json!({})), None)));
        let strategy = "/spec/predictor/deploymentStrategy/type";
        assert!(may_hold(&one(strategy, Some(json!("Recreate")), None)));
        let metrics = json!([{"type": "Resource"}]);
        assert!(may_hold(&one(
            "/spec/transformer/autoScaling/metrics",
            None,
            Some(metrics)
        )));
        for pointer in ["/metadata/annotations", "/spec/template/metadata"] {
            assert!(may_hold(&one(pointer, None, Some(json!({})))), "{pointer}");
            let full = json!({"a": "b"});
            assert!(!may_hold(&one(pointer, None, Some(full))), "{pointer}");
        }
    }

    #[test]
    fn nothing_else_may_be() {
        for pointer in [
            "",
            "/",
            "metadata/annotations/autoscaling.knative.dev~1class",
            "/metadata",
            "/metadata/name",
            "/metadata/labels/a",
            "/metadata/finalizers",
            "/metadata/ownerReferences",
            "/metadata/annotations/serving.kserve.io~1deploymentMode",
            "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
            "/metadata/annotations/autoscaling.knative.dev~1class/x",
            "/status",
            "/status/url",
            "/spec",
            "/spec/predictor",
            "/spec/predictor/model/storageUri",
            "/spec/predictor/containers",
            "/spec/predictor/serviceAccountName",
            "/spec/template/spec",
            "/spec/template/spec/containers",
            "/spec/template/metadata/labels/a",
            "/spec/traffic",
            "/kind",
        ] {
            for value in [json!("a"), json!({}), json!([])] {
                let both = one(pointer, Some(value.clone()), Some(json!("x")));
                assert!(!may_hold(&both), "{pointer}");
                assert!(!may_hold(&one(pointer, None, Some(value))), "{pointer}");
            }
        }
    }

    #[test]
    fn bounds_are_told_from_what_belongs_to_a_metric() {
        assert!(is_bound("/spec/predictor/maxReplicas"));
        assert!(is_bound(
            "/metadata/annotations/autoscaling.knative.dev~1min-scale"
        ));
        assert!(!is_bound("/spec/predictor/scaleTarget"));
        assert!(!is_bound(
            "/metadata/annotations/autoscaling.knative.dev~1target"
        ));
    }
}
