//! See [`KS503`].

use super::case::{Case, Workload};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::kserve::annotations::DEPLOYMENT_MODE;
use crate::manifest::child;

rule! {
    /// ## What it does
    ///
    /// Finds InferenceServices and InferenceGraphs in Knative mode in a cluster without Knative Serving.
    ///
    /// ## Why it matters
    ///
    /// KServe ships with Knative mode as its default, and many clusters have KServe alone. The object is accepted, and
    /// nothing is made: since 0.13 the controller says `ServerlessModeRejected` in an event and stops.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: inferenceservices.serving.kserve.io
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
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
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: inferenceservices.serving.kserve.io
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   predictor:
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ```yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: services.serving.knative.dev
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: Standard mode has other metrics and other defaults, so that scaling has to be said anew.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/controller.go`,
    ///   `pkg/controller/v1alpha1/inferencegraph/controller.go`
    KS503: "knative-missing", Error, "Knative mode in a cluster without Knative Serving",
    Check::Workload(check)
}

fn check(case: &Case<'_>, findings: &mut Findings<'_>) {
    let installed = &case.facts.knative_installed;
    if installed.value || !installed.is_known() {
        return;
    }
    let release = case.facts.release();
    let mode = match case.workload {
        Workload::InferenceService(prediction) => Some(&prediction.mode),
        Workload::InferenceGraph(prediction) => prediction.mode.as_ref(),
        Workload::KnativeService | Workload::Refused(_) => None,
    };
    if !mode.is_some_and(|mode| mode.is_knative(release)) {
        return;
    }
    let annotation = child("/metadata/annotations", DEPLOYMENT_MODE);
    let is_there = case.object.pointer(&annotation).is_some();
    let (pointer, because) = if is_there {
        (annotation.as_str(), "")
    } else {
        ("/spec", ", which is the cluster's default")
    };
    let message = format!(
        "Knative mode{because} needs Knative Serving, which is not installed here: KServe makes nothing of it"
    );
    let help = format!(
        "set the annotation {DEPLOYMENT_MODE} to Standard and say how to scale there, or install Knative Serving"
    );
    findings.push(Report::at(pointer, message).advice(Advice::help(help)));
}
