//! See [`KS108`].

use super::case::Inert;
use super::findings::{Advice, remove};
use super::rule::{Check, rule};
use crate::knative::annotations::{METRIC, TARGET};

rule! {
    /// ## What it does
    ///
    /// Finds `autoscaling.knative.dev/metric` or `/target` on a component that has `scaleMetric` or `scaleTarget` as
    /// well, with another value.
    ///
    /// ## Why it matters
    ///
    /// KServe writes the field over the annotation. Whoever edits the annotation changes nothing.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/target: "20"
    /// spec:
    ///   predictor:
    ///     scaleTarget: 50
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
    /// spec:
    ///   predictor:
    ///     scaleTarget: 50
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: the annotation that loses is removed. There is no fix for one of the object that other components share.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1alpha1/utils/utils.go`, `SetAutoScalingAnnotations`
    KS108: "annotation-beside-field", Warning, "an annotation that loses against the field for the same thing",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let template = inert.scaled.template?;
    let metric = inert.setting.pointer.ends_with("~1metric");
    let wins = if metric {
        METRIC.value(template)
    } else {
        TARGET.value(template)
    };
    // Said twice and the same: nothing is lost.
    if wins == inert.setting.value.as_str() {
        return None;
    }
    let field = if metric { "scaleMetric" } else { "scaleTarget" };
    let advice = Advice::help(format!("keep the field {field} only"));
    // An annotation of the object may still count for its other components.
    Some(if inert.case.is_shared(&inert.setting.pointer) {
        advice
    } else {
        advice.safe(vec![remove(&inert.setting.pointer)])
    })
}
