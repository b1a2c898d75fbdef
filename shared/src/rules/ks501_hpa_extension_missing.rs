//! See [`KS501`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::knative::annotations::{CLASS, HPA_CLASS};

rule! {
    /// ## What it does
    ///
    /// Finds workloads of Knative's HPA class in a cluster where Knative's HPA extension does not run.
    ///
    /// ## Why it matters
    ///
    /// The extension is a Deployment of its own, `autoscaler-hpa`, and is not part of Knative's core. Without it nobody
    /// looks at the PodAutoscaler: no HPA, no condition, no event and no end of waiting. A new Service never becomes
    /// ready; one that was switched over stays on its old revision, with the state `Unknown`.
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
    ///     app.kubernetes.io/version: 1.23.0
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
    ///     app.kubernetes.io/version: 1.23.0
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: autoscaler-hpa
    ///   namespace: knative-serving
    ///   labels:
    ///     app.kubernetes.io/version: 1.23.0
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
    /// There is no fix in the manifest: the cluster needs the extension, or the workload another class with another
    /// metric.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `cmd/autoscaler-hpa`, `config/hpa-autoscaling`; the release's `serving-hpa.yaml`
    /// - knative/serving 1.23, `pkg/apis/serving/v1/revision_lifecycle.go`
    KS501: "hpa-extension-missing", Error, "the HPA class in a cluster without Knative's HPA extension",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let extension = &case.facts.hpa_extension;
    if !scaled.is_knative_hpa() || extension.value != Some(false) || !extension.is_known() {
        return;
    }
    let message = format!(
        "nobody acts on {HPA_CLASS} here: the Deployment autoscaler-hpa does not run, so the workload never becomes ready"
    );
    let help = format!(
        "kubectl kscale install brings the one of Knative {}; or drop the class",
        case.facts.knative.value
    );
    let at = scaled
        .annotation(CLASS.canonical)
        .map(|(pointer, _)| pointer);
    findings.push(
        Report::at(at.unwrap_or_else(|| scaled.pointer.to_owned()), message)
            .advice(Advice::help(help)),
    );
}
