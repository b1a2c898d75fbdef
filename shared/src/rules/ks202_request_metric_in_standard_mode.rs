//! See [`KS202`].

use super::case::{Case, Inert};
use super::findings::Advice;
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds `scaleMetric: concurrency` and `scaleMetric: rps` in Standard mode, where KServe makes a plain HPA.
    ///
    /// ## Why it matters
    ///
    /// A plain HPA knows cpu and memory. Since 0.15 KServe checks the metric only where the annotation
    /// `serving.kserve.io/autoscalerClass: hpa` is written, although hpa is the default. Without the annotation it
    /// accepts the metric, sends an HPA without any, and the API server makes that cpu at 80 %. `scaleTarget` is lost
    /// with it.
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
    ///     scaleMetric: concurrency
    ///     scaleTarget: 10
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
    ///     serving.kserve.io/deploymentMode: Knative
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleMetric: concurrency
    ///     scaleTarget: 10
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
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
    ///     scaleMetric: cpu
    ///     scaleTarget: 80
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: one cannot tell whether the mode or the metric is meant. The mode of a service that exists
    /// cannot be changed; it has to be created anew.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/inference_service_validation.go`,
    ///   `reconcilers/hpa/hpa_reconciler.go`
    /// - kubernetes/kubernetes 1.36, `pkg/apis/autoscaling/v2/defaults.go`
    KS202: "request-metric-in-standard-mode", Error, "concurrency or rps as the metric of a plain HPA",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let metric = inert.scaled.extension?.scale_metric?;
    // The target is lost for the same reason, which is said once; and a refusal says it better.
    let is_metric = inert.setting.pointer.ends_with("/scaleMetric");
    if !is_metric || !is_of_requests(metric) || refuses(inert.case, metric) {
        return None;
    }
    Some(Advice::help(format!(
        "create the service in Knative mode to scale on {metric}, or set scaleMetric to cpu or memory with a \
        scaleTarget in \
         percent"
    )))
}

/// Whether a metric is one that only Knative's own autoscaler measures.
pub(super) fn is_of_requests(metric: &str) -> bool {
    matches!(metric, "concurrency" | "rps")
}

/// Whether KServe refuses the object for this metric.
pub(super) fn refuses(case: &Case<'_>, metric: &str) -> bool {
    let text = format!("[{metric}] is not a supported metric");
    case.admission
        .kserve
        .as_ref()
        .is_some_and(|refusal| refusal.contains(&text))
}
