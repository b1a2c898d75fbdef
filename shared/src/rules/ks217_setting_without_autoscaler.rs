//! See [`KS217`].

use super::case::Inert;
use super::findings::{Advice, remove};
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds `maxReplicas`, `scaleMetric`, `scaleTarget` and `autoScaling` under the classes none and external in
    /// Standard mode, and `minReplicas` under external.
    ///
    /// ## Why it matters
    ///
    /// With these classes KServe makes no autoscaler. Under none the number of pods is `minReplicas`; under external it
    /// is left to another controller, which has bounds and a metric of its own and does not look at these fields.
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
    ///     serving.kserve.io/autoscalerClass: none
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
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
    ///     serving.kserve.io/autoscalerClass: none
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
    /// Safe: what is removed has no effect.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `reconcilers/autoscaler/autoscaler_reconciler.go`,
    ///   `reconcilers/deployment/deployment_reconciler.go`
    KS217: "setting-without-autoscaler", Warning, "scaling settings with the class none or external",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let extension = inert.scaled.extension?;
    let class = inert
        .scaled
        .standard
        .map(|standard| standard.class.as_str())?;
    let pointer = inert.setting.pointer.as_str();
    let min = extension.min_replicas.unwrap_or(1);
    let nothing_is_lost = match pointer.rsplit('/').next().unwrap_or_default() {
        "maxReplicas" if class == "none" => [0, min].contains(&extension.max_replicas),
        "maxReplicas" => extension.max_replicas == 0,
        // A Deployment starts with one pod by itself.
        "minReplicas" => min == 1,
        "autoScaling" => {
            let scaling = extension.auto_scaling.as_ref();
            scaling.is_none_or(|scaling| scaling.metrics.is_empty() && !scaling.has_behavior)
        }
        _ => false,
    };
    if nothing_is_lost {
        return None;
    }
    let help = if class == "external" {
        "remove it, and say it to the controller that scales"
    } else {
        "remove it, or use the class hpa or keda"
    };
    Some(Advice::help(help).safe(vec![remove(pointer)]))
}
