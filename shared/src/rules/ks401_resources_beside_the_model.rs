//! See [`KS401`].

use serde_json::Value;

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, moved};
use super::rule::{Check, rule};
use crate::explain::{Severity, dotted};
use crate::facts::Facts;
use crate::kserve::Behaviour;
use crate::manifest::{Component, ComponentKind};

rule! {
    /// ## What it does
    ///
    /// Finds `resources` directly under a predictor, transformer or explainer.
    ///
    /// ## Why it matters
    ///
    /// The field reads like the model's resources and never is. KServe's CRD drops it before 0.15. Since then KServe takes
    /// it for the pod's own resources. Knative's Service has no such field, so in Knative mode it is lost without a word;
    /// in Standard mode it becomes `spec.resources` of the pod, which counts only where the cluster supports pod-level
    /// resources. Either way the model's container keeps what the ServingRuntime requests, and a percentage of CPU is a
    /// percentage of that.
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
    ///     resources:
    ///       requests:
    ///         cpu: 100m
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
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    ///       resources:
    ///         requests:
    ///           cpu: 100m
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: the container gets other resources than it had, and a percentage of CPU another meaning. There is no
    /// fix where the model has resources of its own already.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/podspec.go`
    /// - knative/serving 1.23, `config/core/300-resources/service.yaml`
    KS401: "resources-beside-the-model", Error, "resources beside the model instead of on it",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Some(component) = scaled.component else {
        return;
    };
    let Some(written) = component
        .fields
        .get("resources")
        .filter(|value| is_set(value))
    else {
        return;
    };
    let place = place(component);
    let pointer = scaled.at("resources");
    let mut advice =
        Advice::help(format!("put them under {}", dotted(&place))).severity(severity(scaled));
    if written.is_object() && is_free(component, &place) {
        advice = advice.review(vec![moved(&pointer, &place)]);
    }
    findings.push(Report::at(pointer, message(component, scaled, case.facts)).advice(advice));
}

/// `resources: {}` sets nothing.
fn is_set(value: &Value) -> bool {
    let lists = ["requests", "limits", "claims"];
    lists.iter().any(|list| match value.get(list) {
        Some(Value::Object(map)) => !map.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        _ => false,
    })
}

/// Where the container's resources belong.
fn place(component: &Component<'_>) -> String {
    let field = match component.kind {
        ComponentKind::Predictor => component.model.map(|model| model.field),
        ComponentKind::Explainer if component.is_written("art") => Some("art"),
        ComponentKind::Transformer | ComponentKind::Explainer => None,
    };
    match field {
        Some(field) => format!("{}/{field}/resources", component.pointer),
        None => format!("{}/containers/0/resources", component.pointer),
    }
}

/// Whether the container is there and has no resources yet.
fn is_free(component: &Component<'_>, place: &str) -> bool {
    let inner = place.strip_prefix(component.pointer.as_str());
    let mut segments = inner.unwrap_or_default().split('/').skip(1);
    let mut target = segments
        .next()
        .and_then(|field| component.fields.get(field));
    if place.ends_with("/containers/0/resources") {
        target = target.and_then(|containers| containers.get(0));
    }
    target.is_some_and(|container| !container.get("resources").is_some_and(is_set))
}

/// A percentage of requests is then of something else than what is written: it does not scale as written.
fn severity(scaled: &Scaled<'_>) -> Severity {
    let percentage = scaled.hpa.is_some_and(|hpa| {
        hpa.kept.metrics.iter().any(|metric| {
            let target = metric.resource.as_ref().map(|resource| &resource.target);
            target.is_some_and(|target| target.average_utilization.is_some())
        })
    });
    if percentage && scaled.standard.is_none() {
        Severity::Error
    } else {
        Severity::Warning
    }
}

fn message(component: &Component<'_>, scaled: &Scaled<'_>, facts: &Facts) -> String {
    let kind = component.kind.as_str();
    let release = facts.release();
    if !release.has(Behaviour::AutoScalingField) {
        return format!(
            "resources of the {kind} are lost: KServe {release} has no such field, and the API server drops it without a word"
        );
    }
    if scaled.standard.is_some() {
        return format!(
            "resources of the {kind} become those of the pod as a whole, not of its container, and count only where the cluster \
             supports pod-level resources"
        );
    }
    let percentage = if scaled.hpa.is_some() {
        ", so a percentage of CPU is of what the runtime requests, not of what is written here"
    } else {
        ""
    };
    format!(
        "resources of the {kind} are lost in silence: KServe takes them for the pod's, and Knative's Service has no such \
         field{percentage}"
    )
}
