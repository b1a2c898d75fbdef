//! Lines of kind `ksvc`: a Knative Service, and what Knative's webhook and controllers make of it.

use kscale_rules::go::Duration;
use kscale_rules::knative::pod_autoscaler::stamped_annotations;
use kscale_rules::knative::service::decode_error;
use kscale_rules::knative::{Configs, ParsedService, PodAutoscaler, Service, validate_annotations};
use kscale_rules::kubernetes::{default_hpa, validate_hpa};
use serde_json::{Value, json};

use crate::agreement::Agreement;
use crate::configs::read_configs;

const NULL: &Value = &Value::Null;

pub(crate) fn check(line: &Value, agreement: &mut Agreement) {
    let (input, expected) = (&line["input"], &line["expect"]);
    let configs = match read_configs(&line["cluster"]) {
        Ok(configs) => configs,
        Err(error) => {
            return agreement.compare("config_error", &expected["config_error"], &json!(error));
        }
    };
    agreement.compare("config_error", &expected["config_error"], NULL);
    let undecodable = decode_error(input);
    agreement.compare(
        "decode_error",
        expected.get("decode_error").unwrap_or(NULL),
        &json!(undecodable),
    );
    if undecodable.is_some() {
        return;
    }
    let parsed = ParsedService::new(input);
    let service = parsed.service();
    let annotations =
        validate_annotations(&configs.autoscaler, service.template.annotations).into_text();
    agreement.compare(
        "annotation_error",
        &expected["annotation_error"],
        &json!(annotations),
    );
    let refused = service.validate(&configs);
    agreement.compare("knative_error", &expected["knative_error"], &json!(refused));
    let pa = if refused.is_some() {
        Value::Null
    } else {
        pod_autoscaler(&service, &configs)
    };
    check_pod_autoscaler(expected.get("pa").unwrap_or(NULL), &pa, agreement);
}

/// The predicted PodAutoscaler in the words of the corpus.
fn pod_autoscaler(service: &Service<'_>, configs: &Configs) -> Value {
    let pa: PodAutoscaler = service.predict(configs);
    let mut value = json!({
        "annotation_target": pa.annotation_target,
        "autoscaling_annotations": stamped_annotations(&configs.autoscaler, service.template.annotations),
        "bounds": pa.bounds,
        "class": pa.class,
        "container_concurrency": pa.container_concurrency,
        "initial_scale": pa.initial_scale,
        "metric": pa.metric,
        "pa_validation_error": pa.validation_error,
        "scale_to_zero_pod_retention_s": pa.scale_to_zero_pod_retention.map(Duration::seconds),
    });
    if let Some(kpa) = &pa.kpa {
        value["kpa"] = json!(kpa);
    }
    if let Some(hpa) = &pa.hpa {
        let defaulted = default_hpa(hpa);
        value["hpa_spec"] = json!(hpa);
        value["hpa_after_apiserver"] =
            json!({"errors": validate_hpa(&defaulted), "spec": defaulted});
    }
    value
}

/// Field by field, so that a difference is told by name.
fn check_pod_autoscaler(expected: &Value, actual: &Value, agreement: &mut Agreement) {
    agreement.compare(
        "pa?",
        &json!(expected.is_object()),
        &json!(actual.is_object()),
    );
    if !expected.is_object() || !actual.is_object() {
        return;
    }
    for field in [
        "annotation_target",
        "autoscaling_annotations",
        "bounds",
        "class",
        "container_concurrency",
        "hpa_after_apiserver",
        "hpa_spec",
        "initial_scale",
        "kpa",
        "metric",
        "pa_validation_error",
        "scale_to_zero_pod_retention_s",
    ] {
        agreement.compare(field, &expected[field], &actual[field]);
    }
    let keys = |value: &Value| {
        value
            .as_object()
            .map(|map| map.keys().cloned().collect::<Vec<_>>())
    };
    agreement.compare("pa fields", &json!(keys(expected)), &json!(keys(actual)));
}
