//! See [`KS312`].

use super::case::Inert;
use super::findings::Advice;
use super::rule::{Check, rule};
use crate::explain::Severity;

rule! {
    /// ## What it does
    ///
    /// Finds fields that came with a later KServe release than the cluster runs.
    ///
    /// ## Why it matters
    ///
    /// The older release drops the field without a word. A manifest from the documentation of today is accepted, and
    /// scales by the defaults.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// # kserve: 0.14.1
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: RawDeployment
    /// spec:
    ///   predictor:
    ///     maxReplicas: 5
    ///     autoScaling:
    ///       metrics:
    ///         - type: Resource
    ///           resource:
    ///             name: cpu
    ///             target:
    ///               type: Utilization
    ///               averageUtilization: 60
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// # kserve: 0.14.1
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: RawDeployment
    /// spec:
    ///   predictor:
    ///     maxReplicas: 5
    ///     scaleMetric: cpu
    ///     scaleTarget: 60
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: what the field says has to be said otherwise, or KServe brought up to date.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.11 to 0.20, `pkg/apis/serving/v1beta1/component.go`,
    ///   `pkg/apis/serving/v1alpha1/inference_graph.go`
    KS312: "field-unknown-to-release", Error, "a field that came with a later KServe release",
    Check::Inert(advise)
}

/// Fields that decide over scaling.
const SCALING: [&str; 5] = [
    "autoScaling",
    "minReplicas",
    "maxReplicas",
    "scaleTarget",
    "scaleMetric",
];

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let name = inert.setting.pointer.rsplit('/').next().unwrap_or_default();
    let help = match name {
        "autoScaling" => "describe it by scaleMetric and scaleTarget, or bring KServe up to date",
        "minReplicas" | "maxReplicas" | "scaleTarget" | "scaleMetric"
            if inert.scaled.is_knative() =>
        {
            "set Knative's annotations on the graph instead, or bring KServe up to date"
        }
        _ => "remove it, or bring KServe up to date",
    };
    let severity = if SCALING.contains(&name) {
        Severity::Error
    } else {
        Severity::Warning
    };
    Some(Advice::help(help).severity(severity))
}
