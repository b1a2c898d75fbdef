//! See [`KS304`].

use super::case::Inert;
use super::findings::{Advice, replace};
use super::rule::{Check, rule};
use crate::knative::annotations::AUTOSCALING_GROUP;

rule! {
    /// ## What it does
    ///
    /// Finds a `minReplicas` of 0, or a `min-scale` of 0, where an HPA scales.
    ///
    /// ## Why it matters
    ///
    /// Neither the HPA of Standard mode nor Knative's HPA class goes below one pod: 0 becomes 1. A model that was meant
    /// to cost nothing without requests keeps its pod, and its accelerator, for ever. Only Knative's own autoscaler and
    /// KEDA scale to zero.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     minReplicas: 0
    ///     maxReplicas: 3
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
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
    ///     minReplicas: 0
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1alpha1
    /// kind: InferenceGraph
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   minReplicas: -1
    ///   maxReplicas: 3
    ///   nodes:
    ///     root:
    ///       routerType: Sequence
    ///       steps:
    ///         - serviceName: iris
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
    ///     minReplicas: 0
    ///     maxReplicas: 3
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
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: 1 is written, which is what 0 becomes. Whoever needs no pods at all without load has to choose another
    /// autoscaler instead.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/resources/hpa.go`
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/reconcilers/hpa/hpa_reconciler.go`
    /// - kubernetes/kubernetes 1.36, `pkg/apis/autoscaling/v2/defaults.go`
    KS304: "no-scale-to-zero", Error, "minReplicas 0 where an HPA keeps one pod",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let pointer = inert.setting.pointer.as_str();
    let help = if inert.scaled.standard.is_some() {
        "write 1; only the class keda, or Knative mode with Knative's own autoscaler, goes down to no pod at all"
    } else {
        "write 1, or drop the HPA class: only Knative's own autoscaler goes down to no pod at all"
    };
    let one = if pointer.contains(AUTOSCALING_GROUP) {
        replace(pointer, "1")
    } else {
        replace(pointer, 1)
    };
    Some(Advice::help(help).safe(vec![one]))
}
