//! See [`KS223`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, remove};
use super::rule::{Check, rule};
use crate::knative::annotations::WINDOW;

rule! {
    /// ## What it does
    ///
    /// Finds `autoscaling.knative.dev/window` under the class `hpa.autoscaling.knative.dev`.
    ///
    /// ## Why it matters
    ///
    /// For Knative's own autoscaler it is the span over which load is averaged. For the HPA class it becomes both
    /// stabilization windows. Kubernetes by itself scales up at once and down after 300 s, so a window makes scaling up
    /// slower than no window does, and one of 60 s makes scaling down faster.
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
    ///     autoscaling.knative.dev/window: 60s
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
    /// ## Use instead
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
    /// Needs review: the annotation is removed, and the windows of Kubernetes count.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/resources/hpa.go`
    /// - kubernetes/kubernetes 1.36, `pkg/apis/autoscaling/v2/defaults.go`
    KS223: "window-under-hpa-class", Info, "window under the HPA class, which slows scaling up",
    Check::Component(check)
}

fn check(_case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    if !scaled.is_knative_hpa() {
        return;
    }
    let behavior = scaled.hpa.and_then(|hpa| hpa.sent.behavior.as_ref());
    let up = behavior.and_then(|behavior| behavior.scale_up.as_ref());
    let Some(seconds) = up.and_then(|rules| rules.stabilization_window_seconds) else {
        return;
    };
    let Some((pointer, text)) = scaled.knative_annotation(WINDOW) else {
        return;
    };
    let message = format!(
        "under the HPA class window {text} is how long scaling up and scaling down both wait, {seconds} s; \
        without it they wait \
         0 s and 300 s"
    );
    let patch = vec![remove(&pointer)];
    let advice = Advice::help("remove it unless pods are to come later for it").review(patch);
    findings.push(Report::at(pointer, message).advice(advice));
}
