//! See [`KS209`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, remove};
use super::rule::{Check, rule};
use crate::go::parse_float;
use crate::knative::annotations::{
    PANIC_THRESHOLD, PANIC_WINDOW, TARGET, TARGET_BURST_CAPACITY, TARGET_UTILIZATION,
};

rule! {
    /// ## What it does
    ///
    /// Finds `NaN` and infinity in the autoscaling annotations that hold a number: target,
    /// target-utilization-percentage, target-burst-capacity, panic-window-percentage, panic-threshold-percentage.
    ///
    /// ## Why it matters
    ///
    /// Knative reads numbers as Go does, to which `NaN` and `Inf` are numbers. `NaN` is neither below nor above any
    /// bound, so it passes every check, and every number that is worked out of it is `NaN` too. An infinite target is
    /// never reached. Templates write such values where a variable is empty or divided by zero.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Knative
    ///     autoscaling.knative.dev/target: "NaN"
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
    ///     serving.kserve.io/deploymentMode: Knative
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
    /// Needs review: the annotation is removed, and the cluster's default counts.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/apis/autoscaling/annotation_validation.go`, `pkg/autoscaler/scaling/autoscaler.go`
    KS209: "not-a-number", Error, "NaN or infinity in an annotation",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let (Some(template), Ok(configs)) = (scaled.template, &case.facts.knative_configs) else {
        return;
    };
    // Each with whether it may be infinite, which is out of bounds for a percentage.
    let keys = [
        (TARGET, true),
        (TARGET_BURST_CAPACITY, true),
        (TARGET_UTILIZATION, false),
        (PANIC_WINDOW, false),
        (PANIC_THRESHOLD, false),
    ];
    for (key, may_be_infinite) in keys {
        // The HPA class reads none of the others.
        if key != TARGET && scaled.is_knative_hpa() {
            continue;
        }
        let Some((name, text)) = key.at(configs.autoscaler.release).get(template) else {
            continue;
        };
        let passes = |number: f64| number.is_nan() || (may_be_infinite && number == f64::INFINITY);
        if !parse_float(text).is_ok_and(passes) {
            continue;
        }
        let message = format!(
            "{text} passes every check of Knative's, and nothing sensible comes of a {} of {text}",
            name.rsplit('/').next().unwrap_or(name)
        );
        let advice = Advice::help("write a number, or remove the annotation");
        let report = match scaled.annotation(name) {
            Some((pointer, _)) => {
                let patch = vec![remove(&pointer)];
                Report::at(pointer, message).advice(advice.review(patch))
            }
            None => Report::at(scaled.pointer, message).advice(advice),
        };
        findings.push(report);
    }
}
