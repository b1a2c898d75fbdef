//! See [`KS218`].

use super::case::Inert;
use super::findings::{Advice, remove};
use super::rule::{Check, rule};
use crate::explain::Unit;

rule! {
    /// ## What it does
    ///
    /// Finds `scaleMetricType`, unless it names what is done anyway.
    ///
    /// ## Why it matters
    ///
    /// The field is in the API since 0.15, and nothing reads it. In Standard mode `scaleTarget` is a percentage
    /// whatever it says; under Knative's HPA class cpu is a percentage and memory an amount of MiB.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleMetric: memory
    ///     scaleMetricType: AverageValue
    ///     scaleTarget: 80
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
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleMetric: memory
    ///     scaleTarget: 80
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: what is removed has no effect.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/component.go`
    KS218: "scale-metric-type", Warning, "scaleMetricType, which no KServe release reads",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let unit = inert
        .scaled
        .explained
        .target
        .as_ref()
        .map(|target| target.unit);
    let meant = inert.setting.value.as_str().unwrap_or_default();
    let is_done_anyway = matches!(
        (meant, unit),
        ("Utilization", Some(Unit::PercentOfRequest))
            | ("AverageValue", Some(Unit::MebibytesPerPod))
    );
    if is_done_anyway {
        return None;
    }
    let help = if inert.scaled.standard.is_some() && meant == "AverageValue" {
        "remove it; for an amount instead of a percentage write the metric under autoScaling"
    } else {
        "remove it"
    };
    Some(Advice::help(help).safe(vec![remove(&inert.setting.pointer)]))
}
