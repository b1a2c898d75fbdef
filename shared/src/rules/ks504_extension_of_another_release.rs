//! See [`KS504`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::knative::annotations::CLASS;

rule! {
    /// ## What it does
    ///
    /// Finds workloads of Knative's HPA class in a cluster whose autoscaler-hpa is of another release than Knative's
    /// controller.
    ///
    /// ## Why it matters
    ///
    /// Knative's parts are released together and promise nothing across releases: the extension reads ConfigMaps and
    /// PodAutoscalers that the controller writes. It is installed by itself, so an upgrade of Knative leaves it behind.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: controller
    ///   namespace: knative-serving
    ///   labels:
    ///     app.kubernetes.io/version: "1.21.0"
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: autoscaler-hpa
    ///   namespace: knative-serving
    ///   labels:
    ///     app.kubernetes.io/version: "1.20.0"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: controller
    ///   namespace: knative-serving
    ///   labels:
    ///     app.kubernetes.io/version: "1.21.0"
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: autoscaler-hpa
    ///   namespace: knative-serving
    ///   labels:
    ///     app.kubernetes.io/version: "1.21.0"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix in a manifest: the cluster is to be mended.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `config/hpa-autoscaling/controller.yaml`
    KS504: "extension-of-another-release", Warning, "Knative's HPA extension of another release than Knative",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let (facts, knative) = (case.facts, &case.facts.knative);
    let Some(extension) = facts
        .hpa_extension_release
        .filter(|_| scaled.is_knative_hpa())
    else {
        return;
    };
    if !knative.is_known() || knative.value == extension {
        return;
    }
    let message = format!(
        "autoscaler-hpa is of Knative {extension}, everything else of {}: they are made to run together",
        knative.value
    );
    let at = scaled
        .annotation(CLASS.canonical)
        .map(|(pointer, _)| pointer);
    let advice = Advice::help(format!(
        "kubectl kscale install brings the one of Knative {}",
        knative.value
    ));
    findings
        .push(Report::at(at.unwrap_or_else(|| scaled.pointer.to_owned()), message).advice(advice));
}
