//! See [`KS106`].

use super::case::Inert;
use super::findings::{Advice, remove};
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds `serving.kserve.io/deploymentMode` among the annotations of a predictor, transformer or explainer.
    ///
    /// ## Why it matters
    ///
    /// KServe reads the mode from the annotations of the InferenceService alone. One on a component changes nothing in
    /// Knative mode; in Standard mode any other value than Standard there makes the controller fail.
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
    ///       serving.kserve.io/deploymentMode: Standard
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
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   predictor:
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
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/utils/utils.go`, `GetDeploymentMode`
    KS106: "deployment-mode-on-component", Warning, "the deployment mode on a component, where it is not read",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let advice = Advice::help("put it under metadata.annotations of the InferenceService");
    Some(advice.safe(vec![remove(&inert.setting.pointer)]))
}
