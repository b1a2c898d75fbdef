//! What scales a component, in the words of the corpus: shared by the kinds that have components.

use kscale_rules::facts::Facts;
use kscale_rules::knative::validate_annotations;
use kscale_rules::kserve::{ComponentResult, Hpa, KnativeOutcome, StandardOutcome};
use kscale_rules::kubernetes::HpaSpec;
use serde_json::{Value, json};

use crate::agreement::Agreement;

const NULL: &Value = &Value::Null;

/// The fields of a component that are compared one by one.
const FIELDS: &[&str] = &[
    "created",
    "class",
    "metric",
    "target",
    "min",
    "max",
    "deployment_replicas",
    "template_annotations",
    "ksvc_annotations",
    "ksvc_container_concurrency",
    "knative_error",
    "resolved_kpa_target",
    "bounds",
    "hpa_spec",
    "hpa_after_apiserver",
    "scaledobject",
    "keda_webhook_errors",
];

/// Compares what was created and what scales it.
pub(crate) fn check(
    expected: &Value,
    created: &[String],
    result: &ComponentResult,
    facts: &Facts,
    agreement: &mut Agreement,
) {
    let mut actual = match result {
        ComponentResult::Nothing => json!({"class": ""}),
        ComponentResult::Knative(outcome) => knative(outcome),
        ComponentResult::Standard(outcome) => standard(outcome),
    };
    actual["created"] = json!(created);
    for field in FIELDS {
        let expected = expected.get(field).unwrap_or(NULL);
        agreement.compare(field, expected, actual.get(field).unwrap_or(NULL));
    }
    if expected["knative"].is_object() {
        let outcome = match result {
            ComponentResult::Knative(outcome) => Some(outcome.as_ref()),
            _ => None,
        };
        check_knative(&expected["knative"], outcome, facts, agreement);
    }
}

fn check_knative(
    expected: &Value,
    outcome: Option<&KnativeOutcome>,
    facts: &Facts,
    agreement: &mut Agreement,
) {
    let get = |key: &str| expected.get(key).unwrap_or(NULL);
    agreement.compare("knative?", &json!(true), &json!(outcome.is_some()));
    let (Some(outcome), Ok(configs)) = (outcome, &facts.knative_configs) else {
        return;
    };
    let annotations = &outcome.service.template_annotations;
    let error = validate_annotations(&configs.autoscaler, annotations).into_text();
    agreement.compare("annotation_error", get("annotation_error"), &json!(error));
    agreement.compare(
        "knative.knative_error",
        get("knative_error"),
        &json!(outcome.error),
    );
    let pa = outcome.pod_autoscaler.as_ref();
    agreement.compare("pa?", &json!(get("pa").is_object()), &json!(pa.is_some()));
    let (Some(pa), true) = (pa, get("pa").is_object()) else {
        return;
    };
    for (field, actual) in [
        ("pa.class", json!(pa.class)),
        ("pa.metric", json!(pa.metric)),
        ("pa.bounds", json!(pa.bounds)),
        ("pa.initial_scale", json!(pa.initial_scale)),
        ("pa.kpa", json!(pa.kpa)),
        ("pa.annotation_target", json!(pa.annotation_target)),
        ("pa.container_concurrency", json!(pa.container_concurrency)),
    ] {
        let key = field.trim_start_matches("pa.");
        agreement.compare(field, get("pa").get(key).unwrap_or(NULL), &actual);
    }
}

fn knative(outcome: &KnativeOutcome) -> Value {
    let service = &outcome.service;
    let mut value = json!({
        "template_annotations": service.template_annotations,
        "ksvc_container_concurrency": service.container_concurrency,
        "knative_error": outcome.error,
        "class": service.template_annotations.get("autoscaling.knative.dev/class"),
    });
    if !service.annotations.is_empty() {
        value["ksvc_annotations"] = json!(service.annotations);
    }
    let Some(pa) = &outcome.pod_autoscaler else {
        return value;
    };
    value["class"] = json!(pa.class);
    value["bounds"] = json!(pa.bounds);
    value["metric"] = json!(pa.metric);
    value["target"] = json!(pa.annotation_target);
    value["min"] = json!(pa.bounds.min);
    value["max"] = json!(pa.bounds.max);
    value["resolved_kpa_target"] = json!(pa.kpa.as_ref().map(|kpa| &kpa.resolved));
    if let Some(hpa) = &outcome.hpa {
        driven(&mut value, hpa);
    }
    value
}

fn standard(outcome: &StandardOutcome) -> Value {
    let mut value = json!({
        "class": outcome.class,
        "deployment_replicas": outcome.replicas,
        "scaledobject": outcome.scaled_object,
    });
    if !outcome.keda_errors.is_empty() {
        value["keda_webhook_errors"] = json!(outcome.keda_errors);
    }
    if let Some(hpa) = &outcome.hpa {
        driven(&mut value, hpa);
    } else if let Some(scaled) = &outcome.scaled_object {
        value["min"] = scaled["minReplicaCount"].clone();
        value["max"] = scaled["maxReplicaCount"].clone();
    }
    value
}

/// An HPA as sent and kept, and what it drives on: its first metric and its bounds.
fn driven(value: &mut Value, hpa: &Hpa) {
    value["hpa_spec"] = json!(hpa.sent);
    value["hpa_after_apiserver"] = json!({"errors": hpa.errors, "spec": hpa.kept});
    let spec: &HpaSpec = &hpa.kept;
    let metric = json!(spec.metrics.first());
    let (name, target) = match metric["type"].as_str() {
        Some("Pods") => (&metric["pods"]["metric"]["name"], &metric["pods"]["target"]),
        _ => (&metric["resource"]["name"], &metric["resource"]["target"]),
    };
    value["min"] = json!(spec.min_replicas);
    value["max"] = json!(spec.max_replicas);
    value["metric"] = name.clone();
    value["target"] = match target["averageUtilization"].as_i64() {
        Some(percent) => json!(format!("{percent}%")),
        None => target["averageValue"].clone(),
    };
}
