//! See [`KS208`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, replace};
use super::rule::{Check, rule};
use crate::explain::Severity;
use crate::go::float_to_i64;
use crate::knative::annotations::TARGET;

rule! {
    /// ## What it does
    ///
    /// Finds a target with a fraction for memory or a custom metric under Knative's class
    /// `hpa.autoscaling.knative.dev`.
    ///
    /// ## Why it matters
    ///
    /// Knative cuts the fraction off, so that 10.9 becomes 10. A target below 1 becomes 0, which the API server
    /// refuses, and there is no HPA at all. A target for cpu is rounded up instead, which is not reported.
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
    ///     autoscaling.knative.dev/metric: queue_length
    ///     autoscaling.knative.dev/target: "10.9"
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///     autoscaling.knative.dev/metric: queue_length
    ///     autoscaling.knative.dev/target: "10"
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
    /// ## Fix safety
    ///
    /// Safe where the whole number is what Knative makes of it anyway. Needs review where that is 0, which
    /// becomes 1, and where the annotation is that of other components, too.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/resources/hpa.go`
    KS208: "fractional-target", Warning, "a fraction in a target that is cut to a whole number",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Some(pod_autoscaler) = scaled.pod_autoscaler.filter(|_| scaled.is_knative_hpa()) else {
        return;
    };
    let is_sent = scaled.hpa.is_some_and(|hpa| !hpa.sent.metrics.is_empty());
    let target = pod_autoscaler
        .annotation_target
        .filter(|target| target.is_finite());
    let Some(target) = target.filter(|target| target.fract() != 0.0 && is_sent) else {
        return;
    };
    let metric = pod_autoscaler.metric.as_str();
    if metric == "cpu" {
        return;
    }
    let Some((pointer, text)) = scaled.knative_annotation(TARGET) else {
        return;
    };
    let whole = float_to_i64(target);
    let (message, advice) = if whole == 0 {
        let advice = Advice::help("write a whole number, of a smaller unit if there is one")
            .severity(Severity::Error)
            .review(vec![replace(&pointer, "1")]);
        (
            format!("the target {text} of {metric} is cut to 0, which the API server refuses"),
            advice,
        )
    } else {
        let patch = vec![replace(&pointer, whole.to_string())];
        let advice = Advice::help(format!("write {whole}, or another whole number"));
        // Knative's own autoscaler takes fractions.
        let advice = if case.is_shared(&pointer) {
            advice.review(patch)
        } else {
            advice.safe(patch)
        };
        (
            format!("the target {text} of {metric} is cut to {whole}"),
            advice,
        )
    };
    findings.push(Report::at(pointer, message).advice(advice));
}
