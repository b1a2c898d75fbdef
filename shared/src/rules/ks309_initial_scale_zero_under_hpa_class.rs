//! See [`KS309`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, annotate, replace};
use super::rule::{Check, rule};
use crate::knative::annotations::INITIAL_SCALE;

rule! {
    /// ## What it does
    ///
    /// Finds an `initial-scale` of 0, of the workload or of the cluster, under Knative's HPA class.
    ///
    /// ## Why it matters
    ///
    /// The revision starts with no pod at all, and Kubernetes suspends an HPA while its Deployment has none. Nothing
    /// else in this class starts a first pod, so the revision never becomes ready. The cluster's
    /// `allow-zero-initial-scale` was made for Knative's own autoscaler.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   allow-zero-initial-scale: "true"
    ///   initial-scale: "0"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
    ///     maxReplicas: 3
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///     autoscaling.knative.dev/initial-scale: "0"
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   allow-zero-initial-scale: "true"
    ///   initial-scale: "0"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///     autoscaling.knative.dev/initial-scale: "1"
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: the workload starts with one pod from then on.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/revision/resources/deploy.go`, `pkg/reconciler/autoscaling/hpa/hpa.go`
    /// - kubernetes/kubernetes 1.36, `pkg/controller/podautoscaler/horizontal.go`
    KS309: "initial-scale-zero-under-hpa-class", Error, "an initial scale of zero under the HPA class",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let zero = scaled
        .pod_autoscaler
        .is_some_and(|pod_autoscaler| pod_autoscaler.initial_scale == 0);
    if !scaled.is_knative_hpa() || !zero {
        return;
    }
    let (pointer, whose, patch) = match scaled.knative_annotation(INITIAL_SCALE) {
        Some((pointer, _)) => {
            let patch = vec![replace(&pointer, "1")];
            (pointer, "the revision", patch)
        }
        None => {
            let map = if scaled.extension.is_some() {
                "/metadata/annotations".to_owned()
            } else {
                scaled.at("metadata/annotations")
            };
            let patch = annotate(case.object, &map, INITIAL_SCALE.canonical, "1");
            (
                scaled.pointer.to_owned(),
                "by the cluster's initial-scale it",
                patch,
            )
        }
    };
    let message = format!(
        "{whose} starts with no pod, and an HPA never starts the first one: it never becomes ready"
    );
    let help = format!(
        "set the annotation {} to 1 or more",
        INITIAL_SCALE.canonical
    );
    findings.push(Report::at(pointer, message).advice(Advice::help(help).review(patch)));
}
