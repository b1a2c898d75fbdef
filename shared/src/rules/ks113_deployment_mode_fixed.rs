//! See [`KS113`].

use super::case::Inert;
use super::findings::Advice;
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds a deployment mode in the annotations that differs from the one recorded in the status.
    ///
    /// ## Why it matters
    ///
    /// Since 0.15.1 KServe records the mode of a service in `status.deploymentMode` and goes by that record. Changing
    /// the annotation changes nothing, and the webhook refuses the update. Another mode needs another service.
    ///
    /// ## Example
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
    /// status:
    ///   deploymentMode: Knative
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
    /// spec:
    ///   predictor:
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// status:
    ///   deploymentMode: Knative
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: the author decides between the recorded mode and a new service.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/inference_service_validation.go`, `validateDeploymentModeUpdate`
    KS113: "deployment-mode-fixed", Warning, "a deployment mode that the recorded one overrides",
    Check::Inert(advise)
}

fn advise(_inert: &Inert<'_>) -> Option<Advice> {
    Some(Advice::help(
        "keep the recorded mode, or delete the service and create it anew",
    ))
}
