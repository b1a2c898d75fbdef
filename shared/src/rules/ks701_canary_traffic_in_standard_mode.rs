//! See [`KS701`].

use super::case::Inert;
use super::findings::{Advice, remove};
use super::rule::{Check, rule};
use crate::kserve::Behaviour;

rule! {
    /// ## What it does
    ///
    /// Finds `canaryTrafficPercent` in Standard mode.
    ///
    /// ## Why it matters
    ///
    /// It splits traffic between Knative's revisions, and Standard mode has none: the Deployment rolls over, and all
    /// requests go to the new model at once. Whoever wanted to try it on 10 % of them has it on all.
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
    ///     canaryTrafficPercent: 10
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
    ///     canaryTrafficPercent: 10
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   canary:
    ///     - trafficPercent: 10
    ///       predictor:
    ///         name: next
    ///         model:
    ///           modelFormat:
    ///             name: sklearn
    ///           storageUri: s3://models/iris-2
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
    /// Safe: the field is removed; it did nothing.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/reconcilers/knative/ksvc_reconciler.go`,
    ///   `components/predictor.go`
    KS701: "canary-traffic-in-standard-mode", Warning, "canaryTrafficPercent in Standard mode",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    // All traffic to the new one is what happens.
    if inert.setting.value.as_i64() == Some(100) {
        return None;
    }
    let help = if inert.case.facts.release().has(Behaviour::Canary) {
        "describe the canary under spec.canary, which Standard mode has"
    } else {
        "remove it; splitting traffic needs Knative mode"
    };
    Some(Advice::help(help).safe(vec![remove(&inert.setting.pointer)]))
}
