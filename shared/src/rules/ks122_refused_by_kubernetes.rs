//! See [`KS122`].

use super::case::{Case, Scaled, Workload};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::knative::annotations::{MAX_SCALE, MIN_SCALE, TARGET, WINDOW};

rule! {
    /// ## What it does
    ///
    /// Finds what the API server refuses: a value that KServe's schema does not list, or an HPA that KServe or Knative would
    /// make of the object.
    ///
    /// ## Why it matters
    ///
    /// A value outside of the schema keeps the object out of the cluster, unless KServe's minimal CRD is installed, which
    /// checks nothing. A refused HPA is worse: the object is accepted, its pods run, and nothing ever scales them. Under
    /// Knative's HPA class the Revision stays `Deploying` for good, and the reason stands only in an event of its
    /// PodAutoscaler.
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
    ///     scaleMetric: qps
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
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 0
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
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     scaleMetric: rps
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: only the author knows the right value.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `config/crd/full/serving.kserve.io_inferenceservices.yaml`
    /// - kubernetes/kubernetes 1.36, `pkg/apis/autoscaling/validation/validation.go`
    KS122: "refused-by-kubernetes", Error, "the API server refuses the object or its HPA",
    Check::Workload(check)
}

fn check(case: &Case<'_>, findings: &mut Findings<'_>) {
    let schema: Vec<(&str, &str)> = match case.workload {
        Workload::InferenceService(prediction) => prediction
            .schema_errors
            .iter()
            .map(|error| (error.field.as_str(), error.text.as_str()))
            .collect(),
        Workload::InferenceGraph(prediction) => prediction
            .schema_errors
            .iter()
            .map(|error| (error.field.as_str(), error.text.as_str()))
            .collect(),
        Workload::KnativeService | Workload::Refused(_) => Vec::new(),
    };
    for (field, text) in schema {
        let pointer = format!(
            "/{}",
            field.replace('[', ".").replace(']', "").replace('.', "/")
        );
        // KServe's defaulter writes an absent text back as an empty one.
        let empty = text.contains("Unsupported value: \"\"");
        let help = if empty {
            "write one of the values: KServe turns an absent one into an empty one"
        } else {
            "write one of the values"
        };
        let message = format!("the API server refuses the object: {text}");
        findings.push(Report::at(nearest(case, pointer), message).advice(Advice::help(help)));
    }
    for scaled in &case.scaled {
        for text in scaled.hpa.iter().flat_map(|hpa| &hpa.errors) {
            let message = format!("the API server refuses the HPA that is made of it: {text}");
            findings.push(
                Report::at(cause(scaled, text), message)
                    .advice(Advice::help("write a value that an HPA can have")),
            );
        }
    }
}

/// The pointer itself, or the nearest thing above it that is there.
fn nearest(case: &Case<'_>, mut pointer: String) -> String {
    while !pointer.is_empty() && case.object.pointer(&pointer).is_none() {
        pointer.truncate(pointer.rfind('/').unwrap_or_default());
    }
    pointer
}

/// What in the object makes the HPA what it is.
fn cause(scaled: &Scaled<'_>, text: &str) -> String {
    let path = text.split(": ").next().unwrap_or_default();
    let found = if path.starts_with("spec.minReplicas") {
        scaled.field_or_annotation("minReplicas", MIN_SCALE)
    } else if path.starts_with("spec.maxReplicas") {
        scaled
            .field_or_annotation("maxReplicas", MAX_SCALE)
            .or_else(|| scaled.field_or_annotation("minReplicas", MIN_SCALE))
    } else if path.starts_with("spec.behavior") {
        scaled
            .knative_annotation(WINDOW)
            .map(|(pointer, _)| pointer)
    } else if scaled.standard.is_some() && scaled.is_written("autoScaling") {
        Some(scaled.at("autoScaling"))
    } else {
        scaled.field_or_annotation("scaleTarget", TARGET)
    };
    found.unwrap_or_else(|| scaled.pointer.to_owned())
}
