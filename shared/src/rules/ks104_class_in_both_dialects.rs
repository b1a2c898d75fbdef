//! See [`KS104`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, remove};
use super::rule::{Check, rule};
use crate::knative::annotations::CLASS;
use crate::kserve::annotations::AUTOSCALER_CLASS;

rule! {
    /// ## What it does
    ///
    /// Finds `serving.kserve.io/autoscalerClass` and `autoscaling.knative.dev/class` on one workload.
    ///
    /// ## Why it matters
    ///
    /// Each deployment mode reads one of them: Standard mode KServe's, Knative mode Knative's. The other one has no
    /// effect, so a reader who knows only that one believes in another autoscaler than the one that scales.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/autoscalerClass: hpa
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
    /// Safe: the annotation that nothing reads is removed.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1alpha1/utils/utils.go` and `reconcilers/autoscaler/autoscaler_reconciler.go`
    KS104: "class-in-both-dialects", Warning, "both annotations that choose an autoscaler, KServe's and Knative's",
    Check::Component(check)
}

fn check(_case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let kserve = scaled.annotation(AUTOSCALER_CLASS);
    let knative = scaled.annotation(CLASS.canonical);
    let (Some((kserve, kserve_class)), Some((knative, knative_class))) = (kserve, knative) else {
        return;
    };
    // A Knative Service has one dialect only.
    if scaled.extension.is_none() {
        return;
    }
    let (pointer, message) = if scaled.is_knative() {
        let message = format!(
            "{AUTOSCALER_CLASS} {kserve_class} has no effect: Knative mode goes by {} {knative_class}",
            CLASS.canonical
        );
        (kserve, message)
    } else if scaled.standard.is_some() {
        let message = format!(
            "{} {knative_class} has no effect: Standard mode goes by {AUTOSCALER_CLASS} {kserve_class}",
            CLASS.canonical
        );
        (knative, message)
    } else {
        return;
    };
    let advice =
        Advice::help("keep the one that the deployment mode reads").safe(vec![remove(&pointer)]);
    findings.push(Report::at(pointer, message).advice(advice));
}
