//! See [`KS310`].

use serde_json::Value;

use super::case::Inert;
use super::findings::{Advice, moved, remove};
use super::rule::{Check, rule};
use crate::explain::Severity;

rule! {
    /// ## What it does
    ///
    /// Finds scaling fields directly under `spec` of an InferenceService.
    ///
    /// ## Why it matters
    ///
    /// The API has them on each component: `spec.predictor.minReplicas`, not `spec.minReplicas`. The API server drops
    /// what it does not know, and unless `kubectl` validates strictly nobody is told. The workload then runs with the
    /// defaults.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   minReplicas: 2
    ///   predictor:
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     minReplicas: 2
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: the field moves to the predictor and counts from then on. Where the predictor has the field
    /// already it is removed, which is safe.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/component.go`,
    ///   `config/crd/full/serving.kserve.io_inferenceservices.yaml`
    KS310: "misplaced-field", Error, "a scaling field directly under spec",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let pointer = inert.setting.pointer.as_str();
    let name = pointer.rsplit('/').next().unwrap_or_default();
    if inert.setting.value.is_null() {
        return None;
    }
    if inert.scaled.is_written(name) {
        let help = format!("remove it: spec.predictor.{name} is what counts");
        return Some(
            Advice::help(help)
                .severity(Severity::Warning)
                .safe(vec![remove(pointer)]),
        );
    }
    let advice = Advice::help(format!("move it to spec.predictor.{name}"));
    if !is_of_its_type(name, &inert.setting.value) {
        return Some(advice);
    }
    Some(advice.review(vec![moved(pointer, &inert.scaled.at(name))]))
}

/// Whether the value can stand in the field: KServe refuses an object with one of another type.
pub(super) fn is_of_its_type(name: &str, value: &Value) -> bool {
    match name {
        "scaleMetric" | "scaleMetricType" => value.is_string(),
        "autoScaling" | "deploymentStrategy" => value.is_object(),
        _ => value.is_i64(),
    }
}
