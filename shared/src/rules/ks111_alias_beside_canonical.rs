//! See [`KS111`].

use super::case::Inert;
use super::findings::{Advice, remove};
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds the older camel-case spelling of an annotation beside the spelling of today.
    ///
    /// ## Why it matters
    ///
    /// Where both are there, Knative looks at the spelling of today only; the other is not even checked. KServe writes
    /// `min-scale` itself always, and `max-scale` with every `maxReplicas`, so `minScale` on an InferenceService never
    /// counts and `maxScale` only where there is no `maxReplicas`.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/minScale: "2"
    /// spec:
    ///   predictor:
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
    ///     minReplicas: 2
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: the spelling that loses is removed. There is no fix for one of the object that other components share.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/apis/autoscaling/register.go`; knative.dev/pkg, `kmap/lookup.go`
    KS111: "alias-beside-canonical", Warning, "both spellings of one annotation",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let pointer = &inert.setting.pointer;
    let help = if inert.scaled.extension.is_none() {
        "keep the spelling of today only"
    } else if pointer.ends_with("~1minScale") {
        "use the field minReplicas"
    } else if pointer.ends_with("~1maxScale") {
        "use the field maxReplicas"
    } else {
        "keep the spelling of today only"
    };
    let advice = Advice::help(help);
    // An annotation of the object may still count for its other components.
    Some(if inert.case.is_shared(pointer) {
        advice
    } else {
        advice.safe(vec![remove(pointer)])
    })
}
