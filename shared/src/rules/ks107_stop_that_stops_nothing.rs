//! See [`KS107`].

use super::case::Inert;
use super::findings::{Advice, replace};
use super::rule::{Check, rule};
use crate::kserve::Behaviour;

rule! {
    /// ## What it does
    ///
    /// Finds the annotation `serving.kserve.io/stop` on a component with another value than `true` or `false`.
    ///
    /// ## Why it matters
    ///
    /// Only `true`, in any case, stops a service. `yes`, `1` and `on` leave it running, and its pods with it.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     annotations:
    ///       serving.kserve.io/stop: "yes"
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
    ///     annotations:
    ///       serving.kserve.io/stop: "true"
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: with `true` the component is deleted from the cluster. There is no fix for a release that does not
    /// stop services.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/utils/utils.go`, `GetForceStopRuntime`
    KS107: "stop-that-stops-nothing", Warning, "the annotation stop with another value than true",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let text = inert.setting.value.as_str().unwrap_or_default();
    if text.eq_ignore_ascii_case("true") {
        return Some(Advice::help("remove it, or bring KServe up to date"));
    }
    let advice = Advice::help("write \"true\" to stop it, or remove the annotation");
    let value = inert
        .setting
        .value
        .as_str()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let means_true = matches!(value.as_str(), "yes" | "on" | "1" | "y" | "t" | "true");
    let release = inert.case.facts.release();
    let stops = release.has(
        if inert.scaled.is_knative() && inert.scaled.component.is_some() {
            Behaviour::StopKnative
        } else {
            Behaviour::StopStandard
        },
    );
    Some(if means_true && stops {
        advice.review(vec![replace(&inert.setting.pointer, "true")])
    } else {
        advice
    })
}
