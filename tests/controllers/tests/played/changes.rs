//! The changes that were recorded.

use serde_json::{Value, json};

/// From the KPA class to the HPA class, 75 % of the CPU.
pub(crate) fn to_hpa() -> Value {
    json!({
        "metadata": { "annotations": { "autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev" } },
        "spec": { "predictor": { "scaleMetric": "cpu", "scaleTarget": 75 } },
    })
}

/// From the HPA class to the KPA class, ten requests at once.
pub(crate) fn to_kpa() -> Value {
    json!({
        "metadata": { "annotations": { "autoscaling.knative.dev/class": null } },
        "spec": { "predictor": { "scaleMetric": "concurrency", "scaleTarget": 10 } },
    })
}
