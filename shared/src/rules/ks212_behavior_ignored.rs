//! See [`KS212`].

use serde_json::Value;

use super::case::Inert;
use super::findings::{Advice, remove};
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds `autoScaling.behavior` where KServe makes a plain HPA and, under the class keda, everything in it but
    /// `stabilizationWindowSeconds`.
    ///
    /// ## Why it matters
    ///
    /// KServe writes an empty behavior into its HPAs, so the defaults of Kubernetes count: up at once, down after five
    /// minutes. A change made to the HPA itself is put back. A ScaledObject gets the two windows and no policies.
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
    ///     autoScaling:
    ///       metrics:
    ///         - type: Resource
    ///           resource:
    ///             name: cpu
    ///             target:
    ///               type: Utilization
    ///               averageUtilization: 80
    ///       behavior:
    ///         scaleDown:
    ///           stabilizationWindowSeconds: 60
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
    ///     serving.kserve.io/autoscalerClass: keda
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     autoScaling:
    ///       metrics:
    ///         - type: Resource
    ///           resource:
    ///             name: cpu
    ///             target:
    ///               type: Utilization
    ///               averageUtilization: 80
    ///       behavior:
    ///         scaleDown:
    ///           stabilizationWindowSeconds: 60
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
    /// - kserve/kserve 0.20, `reconcilers/hpa/hpa_reconciler.go`, `reconcilers/keda/keda_reconciler.go`
    /// - kserve/kserve issue 6246
    /// - kubernetes/kubernetes 1.36, `pkg/apis/autoscaling/v2/defaults.go`
    KS212: "behavior-ignored", Warning, "a part of autoScaling.behavior that KServe does not pass on",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let setting = inert.setting;
    let is_all = setting.pointer.ends_with("/behavior");
    if is_all && is_default(&setting.value) {
        return None;
    }
    let help = if is_all {
        "remove it, or use the class keda, which takes stabilizationWindowSeconds, or the class external with \
        an HPA of your own"
    } else {
        "remove it, or use the class external with a ScaledObject of your own"
    };
    Some(Advice::help(help).safe(vec![remove(&setting.pointer)]))
}

/// Whether it says no more than what Kubernetes does by itself.
fn is_default(behavior: &Value) -> bool {
    let rules = behavior.as_object().into_iter().flatten();
    let mut settings = rules.flat_map(|(direction, rules)| {
        let rules = rules.as_object().into_iter().flatten();
        rules.map(move |(key, value)| (direction.as_str(), key.as_str(), value))
    });
    settings.all(|setting| match setting {
        ("scaleUp", "stabilizationWindowSeconds", value) => value == 0,
        ("scaleDown", "stabilizationWindowSeconds", value) => value == 300,
        (_, _, value) => value.is_null(),
    })
}
