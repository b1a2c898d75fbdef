//! See [`KS109`].

use super::case::Inert;
use super::findings::{Advice, remove};
use super::rule::{Check, rule};
use crate::knative::annotations::CLASS;
use crate::kserve::annotations::AUTOSCALER_CLASS;
use crate::manifest::child;

rule! {
    /// ## What it does
    ///
    /// Finds a scaling annotation of the InferenceService that its predictor overrides with another value.
    ///
    /// ## Why it matters
    ///
    /// The annotation of the component wins for that component. KServe's webhook, on the other hand, reads only those
    /// of the object, and judges the fields by them.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/window: "60s"
    /// spec:
    ///   predictor:
    ///     annotations:
    ///       autoscaling.knative.dev/window: "120s"
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
    ///       autoscaling.knative.dev/window: "120s"
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe where the InferenceService has no other component: the annotation that loses is removed. Never for the
    /// class, by which the webhook judges.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/components/predictor.go`
    KS109: "annotation-overridden", Warning, "an annotation of the object that one of the component overrides",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let escaped = inert.setting.pointer.rsplit('/').next().unwrap_or_default();
    let key = escaped.replace("~1", "/").replace("~0", "~");
    let nearer = inert.scaled.annotation(&key)?;
    // Said twice and the same: nothing is lost.
    if Some(nearer.1) == inert.setting.value.as_str() {
        return None;
    }
    let advice = Advice::help("keep one of them");
    let judged = key == CLASS.canonical || key == AUTOSCALER_CLASS;
    let alone = inert.case.scaled.len() == 1
        && inert.setting.pointer == child("/metadata/annotations", &key);
    Some(if alone && !judged {
        advice.safe(vec![remove(&inert.setting.pointer)])
    } else {
        advice
    })
}
