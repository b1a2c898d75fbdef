//! KS401: `resources` beside the model instead of on it.
//!
//! `spec.predictor.resources` reads like the model's resources and never is. KServe's CRD drops the field before 0.15; since
//! then KServe takes it for the pod's own resources. Knative's Service has no such field, so in Knative mode it is lost; in
//! Standard mode it becomes `spec.resources` of the pod, which counts only where the cluster supports pod-level resources.
//! Either way the container keeps what the ServingRuntime requests.
//!
//! Source: kserve/kserve 0.20 `pkg/apis/serving/v1beta1/podspec.go`; knative/serving 1.23 `config/core/300-resources/service.yaml`.

use serde_json::{Value, json};

use crate::explain::{Finding, Fix, Safety, Severity};
use crate::facts::Facts;
use crate::kserve::{Behaviour, ComponentOutcome, ComponentResult, Prediction};
use crate::manifest::{Component, ComponentKind};

const CODE: &str = "KS401";
const SLUG: &str = "resources-beside-the-model";

pub(super) fn check(prediction: &Prediction<'_>, facts: &Facts, findings: &mut Vec<Finding>) {
    for component in prediction.service.components() {
        let Some(written) = component
            .fields
            .get("resources")
            .filter(|value| is_set(value))
        else {
            continue;
        };
        let outcome = prediction
            .components
            .iter()
            .find(|outcome| outcome.kind == component.kind);
        let place = place(component);
        let pointer = format!("{}/resources", component.pointer);
        findings.push(Finding {
            code: CODE.to_owned(),
            slug: SLUG.to_owned(),
            severity: severity(outcome),
            message: message(component, outcome, facts),
            help: format!("put them under {}", dotted(&place)),
            fix: fix(component, &pointer, &place, written),
            pointer,
            line: None,
            column: None,
            docs: None,
        });
    }
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

fn dotted(pointer: &str) -> String {
    pointer
        .trim_start_matches('/')
        .replace("/containers/0", ".containers[0]")
        .replace('/', ".")
}

/// A percentage of requests is then of something else than what is written: it does not scale as written.
fn severity(outcome: Option<&ComponentOutcome>) -> Severity {
    let hpa = outcome.and_then(ComponentOutcome::hpa);
    let percentage = hpa.is_some_and(|hpa| {
        hpa.kept.metrics.iter().any(|metric| {
            let target = metric.resource.as_ref().map(|resource| &resource.target);
            target.is_some_and(|target| target.average_utilization.is_some())
        })
    });
    let standard = outcome.is_some_and(|outcome| outcome.standard().is_some());
    if percentage && !standard {
        Severity::Error
    } else {
        Severity::Warning
    }
}

fn message(component: &Component<'_>, outcome: Option<&ComponentOutcome>, facts: &Facts) -> String {
    let kind = component.kind.as_str();
    let release = facts.release();
    if !release.has(Behaviour::AutoScalingField) {
        return format!(
            "resources of the {kind} are lost: KServe {release} has no such field, and the API server drops it without a word"
        );
    }
    let standard = matches!(
        outcome.map(|outcome| &outcome.result),
        Some(ComponentResult::Standard(_))
    );
    if standard {
        return format!(
            "resources of the {kind} become those of the pod as a whole, not of its container, and count only where the cluster \
             supports pod-level resources"
        );
    }
    let percentage = outcome.and_then(ComponentOutcome::hpa).map(
        |_| ", so a percentage of CPU is of what the runtime requests, not of what is written here",
    );
    format!(
        "resources of the {kind} are lost in silence: KServe takes them for the pod's, and Knative's Service has no such field{}",
        percentage.unwrap_or_default()
    )
}

/// Moves the resources where they belong, unless something stands there already.
fn fix(component: &Component<'_>, from: &str, place: &str, written: &Value) -> Option<Fix> {
    let inner = place.strip_prefix(component.pointer.as_str())?;
    let mut target = component.fields.get(inner.split('/').nth(1)?)?;
    if inner.starts_with("/containers/") {
        target = target.get(0)?;
    }
    let occupied = target.get("resources").is_some_and(is_set);
    (!occupied && written.is_object()).then(|| Fix {
        safety: Safety::NeedsReview,
        patch: vec![json!({"op": "move", "from": from, "path": place})],
    })
}
