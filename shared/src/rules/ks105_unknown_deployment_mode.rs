//! See [`KS105`].

use super::case::Inert;
use super::findings::{Advice, replace};
use super::rule::{Check, rule};
use crate::kserve::Release;

rule! {
    /// ## What it does
    ///
    /// Finds a value of `serving.kserve.io/deploymentMode` that the KServe release does not know.
    ///
    /// ## Why it matters
    ///
    /// KServe then takes the cluster's default mode, without a word, and with it another autoscaler than the one asked
    /// for. Names are case sensitive: `standard` and `Raw` are unknown. So are `Standard` and `Knative` before 0.16,
    /// and from 0.17 on an unknown word where Standard is the default makes the controller fail.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: standard
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
    /// Needs review: with a mode that is known, other objects are made. There is a fix for words that come close to one
    /// mode.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/utils/utils.go`, `GetDeploymentMode`
    /// - kserve/kserve 0.11–0.20, `pkg/constants/constants.go`
    KS105: "unknown-deployment-mode", Error, "a deployment mode that KServe does not know",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let written = inert.setting.value.as_str().unwrap_or_default();
    let modern = inert.case.facts.release() >= Release::new(0, 16, 0);
    let (standard, knative) = if modern {
        ("Standard", "Knative")
    } else {
        ("RawDeployment", "Serverless")
    };
    let meant = match written.trim().to_ascii_lowercase().as_str() {
        "standard" | "raw" | "rawdeployment" | "raw-deployment" => Some(standard),
        "knative" | "serverless" => Some(knative),
        "modelmesh" | "model-mesh" => Some("ModelMesh"),
        _ => None,
    };
    Some(match meant {
        Some(meant) => Advice::help(format!("write {meant}"))
            .review(vec![replace(&inert.setting.pointer, meant)]),
        None => Advice::help(format!("write {standard} or {knative}")),
    })
}
