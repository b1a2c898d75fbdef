//! See [`KS307`].

use super::case::Inert;
use super::findings::{Advice, remove};
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds an `initial-scale` on an InferenceService or InferenceGraph that KServe drops: 0 where the cluster does
    /// not allow it, or a text that is no whole number.
    ///
    /// ## Why it matters
    ///
    /// Knative refuses such a value on its own Service. KServe takes it away first, so that nothing is refused and
    /// nothing is said: a new revision starts with the cluster's `initial-scale`, which is one pod as shipped. A model
    /// with `minReplicas: 0` still starts once for every change.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/initial-scale: three
    /// spec:
    ///   predictor:
    ///     minReplicas: 0
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   allow-zero-initial-scale: "false"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/initial-scale: "0"
    /// spec:
    ///   predictor:
    ///     minReplicas: 0
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
    ///     autoscaling.knative.dev/initial-scale: "3"
    /// spec:
    ///   predictor:
    ///     minReplicas: 0
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   allow-zero-initial-scale: "true"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/initial-scale: "0"
    /// spec:
    ///   predictor:
    ///     minReplicas: 0
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: the annotation is removed, as KServe does itself.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/controller.go`;
    ///   `pkg/controller/v1alpha1/utils/utils.go`, `ValidateInitialScaleAnnotation`
    /// - knative/serving 1.23, `pkg/apis/autoscaling/annotation_validation.go`
    KS307: "initial-scale-dropped", Warning, "an initial-scale that KServe drops",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let zero = inert.setting.value.as_str() == Some("0");
    let help = match zero {
        // The cluster may allow it, where nobody has shown its ConfigMap.
        true if !inert.case.facts.config_autoscaler.is_known() => return None,
        true => "remove it, or set allow-zero-initial-scale to true in config-autoscaler",
        false => "write a whole number, or remove it",
    };
    Some(Advice::help(help).safe(vec![remove(&inert.setting.pointer)]))
}
