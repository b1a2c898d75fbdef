//! See [`KS405`].

use serde_json::Value;

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds HPAs, and KEDA triggers, on CPU or memory in a cluster whose resource metrics API is missing or does not
    /// answer.
    ///
    /// ## Why it matters
    ///
    /// The numbers come from `metrics.k8s.io`, which metrics-server usually serves and which is not part of Kubernetes.
    /// Without it the HPA has no numbers and does nothing. The workload is ready all the same, so that nobody notices
    /// before the load comes.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: apiregistration.k8s.io/v1
    /// kind: APIService
    /// metadata:
    ///   name: v1beta1.metrics.k8s.io
    /// status:
    ///   conditions:
    ///     - type: Available
    ///       status: "False"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
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
    /// apiVersion: apiregistration.k8s.io/v1
    /// kind: APIService
    /// metadata:
    ///   name: v1beta1.metrics.k8s.io
    /// status:
    ///   conditions:
    ///     - type: Available
    ///       status: "True"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
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
    /// ```yaml
    /// apiVersion: apiregistration.k8s.io/v1
    /// kind: APIService
    /// metadata:
    ///   name: v1beta1.metrics.k8s.io
    /// status:
    ///   conditions:
    ///     - type: Available
    ///       status: "False"
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
    /// There is no fix in the manifest: the cluster needs the API.
    ///
    /// ## References
    ///
    /// - kubernetes/kubernetes 1.36, `pkg/controller/podautoscaler/metrics/client.go`
    KS405: "metrics-api-missing", Error, "an HPA on cpu or memory in a cluster without the metrics API",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    if case.facts.metrics_api.value != Some(false) || !case.facts.metrics_api.is_known() {
        return;
    }
    let Some(resource) = of_hpa(scaled).or_else(|| of_keda(scaled)) else {
        return;
    };
    let message = format!(
        "nothing scales on {resource} here: the cluster's resource metrics API does not answer"
    );
    let help =
        "install metrics-server, or see why APIService v1beta1.metrics.k8s.io is not available";
    let field = ["scaleMetric", "autoScaling", "scaleTarget"]
        .into_iter()
        .find(|field| scaled.is_written(field));
    let at = field.map_or_else(|| scaled.pointer.to_owned(), |field| scaled.at(field));
    findings.push(Report::at(at, message).advice(Advice::help(help)));
}

fn of_hpa<'a>(scaled: &Scaled<'a>) -> Option<&'a str> {
    let hpa = scaled.hpa?;
    // An HPA between one bound and the same bound needs no numbers.
    let scales =
        hpa.kept.max_replicas > hpa.kept.min_replicas.unwrap_or(1) && hpa.errors.is_empty();
    let resource = hpa
        .kept
        .metrics
        .iter()
        .find_map(|metric| metric.resource.as_ref());
    resource
        .filter(|_| scales)
        .map(|resource| resource.name.as_str())
}

fn of_keda<'a>(scaled: &Scaled<'a>) -> Option<&'a str> {
    let triggers = scaled
        .standard?
        .scaled_object
        .as_ref()?
        .get("triggers")?
        .as_array()?;
    let kinds = triggers
        .iter()
        .filter_map(|trigger| trigger.get("type").and_then(Value::as_str));
    kinds
        .into_iter()
        .find(|kind| matches!(*kind, "cpu" | "memory"))
}
