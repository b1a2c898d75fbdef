//! Lines of kind `isvc`: an InferenceService, and what one KServe release and everything behind it make of it.

use kscale_rules::explain::explain;
use kscale_rules::facts::{ConfigAutoscaler, Facts};
use kscale_rules::kserve::{ComponentOutcome, Gate, Prediction, Refused, predict};
use serde_json::{Value, json};

use crate::agreement::Agreement;
use crate::{cluster, described, explained};

const NULL: &Value = &Value::Null;

pub(crate) fn check(line: &Value, agreement: &mut Agreement) {
    let unknown = cluster::release(line).err();
    agreement.compare("release", &Value::Null, &json!(unknown));
    let facts = cluster::facts(line);
    let expected = &line["expect"];
    let get = |key: &str| expected.get(key).unwrap_or(NULL);
    let (config_error, decode_error, prediction) = outcome(&line["input"], &facts);
    agreement.compare("config_error", get("config_error"), &json!(config_error));
    // The texts of decoding errors depend on the Go version, so only whether there is one is held against.
    agreement.compare(
        "decode_error?",
        &json!(!get("decode_error").is_null()),
        &json!(decode_error.is_some()),
    );
    let Some(prediction) = prediction else {
        agreement.compare("mode", get("mode"), &json!(""));
        for field in [
            "webhook_error",
            "webhook_error_create",
            "webhook_error_update",
        ] {
            agreement.compare(field, get(field), NULL);
        }
        return;
    };
    let text = |gate: &Gate| gate.text().map(str::to_owned);
    let gate = prediction.gate.as_ref().and_then(text);
    agreement.compare("mode", get("mode"), &json!(prediction.mode.word));
    agreement.compare(
        "webhook_error",
        get("webhook_error"),
        &json!(prediction.webhook_error()),
    );
    let fields = [
        ("webhook_error_create", &prediction.create_error),
        ("webhook_error_update", &prediction.update_error),
    ];
    for (field, actual) in fields {
        agreement.compare(field, get(field), &json!(actual));
    }
    // The oldest release has no gate; the corpus leaves the field out then.
    if expected.get("gate_error").is_some() {
        agreement.compare("gate_error", get("gate_error"), &json!(gate));
    }
    check_stamp(get("defaulted_annotations"), &prediction, agreement);
    check_schema(get("schema_after_webhook"), &prediction, agreement);
    if expected.get("components").is_some() {
        check_components(get("components"), &prediction, &facts, agreement);
        check_explanation(&line["input"], expected, &facts, agreement);
    }
}

/// What users read.
fn check_explanation(input: &Value, expected: &Value, facts: &Facts, agreement: &mut Agreement) {
    let mut input = input.clone();
    input["apiVersion"] = json!("serving.kserve.io/v1beta1");
    input["kind"] = json!("InferenceService");
    let Some(explained) = explain(&input, facts) else {
        return agreement.compare("explained?", &json!(true), &json!(false));
    };
    agreement.compare(
        "explained mode",
        &expected["mode"],
        &json!(explained.deployment_mode),
    );
    let expected_components = &expected["components"];
    let mut components = Vec::new();
    for name in ["predictor", "transformer", "explainer"] {
        let Some(component) = expected_components.get(name) else {
            continue;
        };
        components.push(component);
        let found = explained.components.iter().find(|one| one.name == name);
        agreement.compare("explained?", &json!(true), &json!(found.is_some()));
        if let Some(found) = found {
            explained::component(component, found, agreement);
            explained::creates(component, std::iter::once(found), agreement);
        }
    }
    let errors = expected["schema_after_webhook"]["errors"].as_array();
    let errors = errors.into_iter().flatten().filter_map(Value::as_str);
    let schema: Vec<&str> = errors.filter(|text| text.starts_with("spec.")).collect();
    let webhook = expected.get("webhook_error").unwrap_or(NULL);
    explained::admission(webhook, &schema, &components, &explained, agreement);
}

/// The corpus stops at a broken configuration or an object that does not decode, and fills in nothing else.
fn outcome<'a>(
    input: &'a Value,
    facts: &Facts,
) -> (Option<String>, Option<String>, Option<Prediction<'a>>) {
    if let ConfigAutoscaler::Data {
        parsed: Err(text), ..
    } = &facts.config_autoscaler.value
    {
        return (Some(format!("config-autoscaler: {text}")), None, None);
    }
    match predict(input, facts) {
        Ok(prediction) => (None, None, Some(prediction)),
        Err(Refused::Config(text)) => (Some(text), None, None),
        Err(Refused::Decode(error)) => (None, Some(error.text), None),
        Err(Refused::Crash(text)) => (None, Some(text), None),
    }
}

/// The mode annotation that the defaulter leaves.
fn check_stamp(expected: &Value, prediction: &Prediction<'_>, agreement: &mut Agreement) {
    const KEY: &str = "serving.kserve.io/deploymentMode";
    if expected.is_object() {
        let actual = prediction.defaulted.annotations.get(KEY);
        agreement.compare(
            "stamped mode",
            expected.get(KEY).unwrap_or(NULL),
            &json!(actual),
        );
    }
}

/// The schema's errors about scaling fields.
fn check_schema(expected: &Value, prediction: &Prediction<'_>, agreement: &mut Agreement) {
    let Some(errors) = expected["errors"].as_array() else {
        return;
    };
    let of_spec = |text: &&Value| text.as_str().is_some_and(|text| text.starts_with("spec."));
    let expected: Vec<&Value> = errors.iter().filter(of_spec).collect();
    let actual: Vec<&String> = prediction
        .schema_errors
        .iter()
        .map(|error| &error.text)
        .collect();
    agreement.compare("schema errors", &json!(expected), &json!(actual));
}

fn check_components(
    expected: &Value,
    prediction: &Prediction<'_>,
    facts: &Facts,
    agreement: &mut Agreement,
) {
    let names = |value: &Value| {
        let map = value.as_object();
        map.map(|map| map.keys().cloned().collect::<Vec<_>>())
            .unwrap_or_default()
    };
    let mut actual: Vec<&str> = prediction
        .components
        .iter()
        .map(|component| component.kind.as_str())
        .collect();
    actual.sort_unstable();
    agreement.compare("components", &json!(names(expected)), &json!(actual));
    for component in &prediction.components {
        let Some(expected) = expected.get(component.kind.as_str()) else {
            continue;
        };
        check_component(expected, component, facts, agreement);
    }
}

fn check_component(
    expected: &Value,
    component: &ComponentOutcome,
    facts: &Facts,
    agreement: &mut Agreement,
) {
    let get = |key: &str| expected.get(key).unwrap_or(NULL);
    let crash = "panic: runtime error";
    let error = component
        .failure
        .as_ref()
        .map(|failure| failure.text.as_str());
    let crashes = |value: Option<&str>| value.is_some_and(|text| text.starts_with(crash));
    let expected_error = get("reconcile_error").as_str();
    agreement.compare(
        "panic?",
        &json!(crashes(expected_error)),
        &json!(crashes(error)),
    );
    agreement.compare("reconcile_error", get("reconcile_error"), &json!(error));
    described::check(
        expected,
        &component.created,
        &component.result,
        facts,
        agreement,
    );
}
