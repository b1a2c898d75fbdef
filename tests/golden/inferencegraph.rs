//! Lines of kind `inferencegraph`: graphs applied in order to one cluster, one reconcile after each.
//!
//! Compared is what bears on scaling: mode, admission, errors, what scales the router, and the writes. Not compared are
//! `graph_json` (the router's argument), labels, `object_annotations`, `events` and `status_*`: they follow from the same
//! input but no autoscaler reads them. Writes of the kind `patch Deployment` are left out, since the fake cluster has no
//! defaults and so patches where a real one would find nothing to change.

use std::collections::BTreeMap;

use kscale_rules::facts::Facts;
use kscale_rules::kserve::graph::{
    GraphContext, GraphObjects, GraphPrediction, GraphServices, ObjectKind, RouterConfig, Verb,
    predict, router_resources,
};
use kscale_rules::kserve::{Failure, KnativeOutcome, StandardOutcome};
use kscale_rules::kubernetes::{HpaSpec, Quantity};
use serde_json::{Value, json};

use crate::agreement::Agreement;
use crate::cluster;

const NULL: &Value = &Value::Null;

/// What exists, by graph.
type Objects = BTreeMap<String, GraphObjects>;

pub(crate) fn check(line: &Value, agreement: &mut Agreement) {
    let facts = cluster::facts(line);
    let input = &line["input"];
    let mut context = GraphContext {
        router: router(&line["cluster"]),
        services: services(&input["services"]),
        objects: GraphObjects::default(),
    };
    let mut cluster = Objects::new();
    let graphs = input["graphs"].as_array().into_iter().flatten();
    for (index, graph) in graphs.enumerate() {
        let expected = &line["expect"]["steps"][index];
        let name = graph["metadata"]["name"].as_str().unwrap_or_default();
        context.objects = cluster.remove(name).unwrap_or_default();
        if let (Some(deployment), Some(true)) = (
            &mut context.objects.deployment,
            input["deployment_available"][index].as_bool(),
        ) {
            deployment.available = true;
        }
        match predict(graph, &facts, &context) {
            Ok(prediction) => {
                cluster.insert(name.to_owned(), prediction.after.clone());
                agreement.compare(
                    "decode_error?",
                    &json!(expected["decode_error"].is_string()),
                    &json!(false),
                );
                check_step(expected, &prediction, &context, &facts, agreement);
                agreement.compare(
                    "objects_after",
                    &expected["objects_after"],
                    &objects_after(&cluster),
                );
            }
            Err(_) => {
                // The texts of decoding errors depend on the Go version, so only whether there is one is held against.
                cluster.insert(name.to_owned(), context.objects.clone());
                agreement.compare(
                    "decode_error?",
                    &json!(expected["decode_error"].is_string()),
                    &json!(true),
                );
            }
        }
    }
}

/// The shipped router with the line's own on top; null takes it away.
fn router(cluster: &Value) -> Result<RouterConfig, Failure> {
    match cluster["inferenceservice_config"].get("router") {
        None => Ok(RouterConfig::shipped()),
        Some(value) => {
            let data = value
                .as_str()
                .map(|text| ("router".to_owned(), text.to_owned()));
            RouterConfig::read(&data.into_iter().collect())
        }
    }
}

fn services(list: &Value) -> GraphServices {
    let items = list.as_array().into_iter().flatten();
    let ready = |service: &Value| service["url"].as_str().is_some_and(|url| !url.is_empty());
    let one = |service: &Value| Some((service["name"].as_str()?.to_owned(), ready(service)));
    GraphServices::Known(items.filter_map(one).collect())
}

fn check_step(
    expected: &Value,
    prediction: &GraphPrediction<'_>,
    context: &GraphContext,
    facts: &Facts,
    agreement: &mut Agreement,
) {
    let get = |key: &str| expected.get(key).unwrap_or(NULL);
    let mode = prediction
        .mode
        .as_ref()
        .map_or("", |mode| mode.word.as_str());
    agreement.compare("mode", get("mode"), &json!(mode));
    agreement.compare(
        "webhook_error_create",
        get("webhook_error_create"),
        &json!(prediction.create_error),
    );
    let schema: Vec<&String> = prediction
        .schema_errors
        .iter()
        .map(|error| &error.text)
        .collect();
    agreement.compare(
        "schema errors",
        &expected["schema"]["errors"],
        &json!(schema),
    );
    let component = get("component");
    let config_error = component["knative"]["config_error"].as_str();
    if config_error.is_some() {
        // With such a ConfigMap Knative's webhook does not start; what it would have said is nobody's answer.
        let actual = facts.knative_configs.as_ref().err();
        return agreement.compare("config_error", &json!(config_error), &json!(actual));
    }
    let error = prediction.failure.as_ref().map(|failure| &failure.text);
    agreement.compare("reconcile_error", get("reconcile_error"), &json!(error));
    agreement.compare("requeue", get("requeue"), &json!(prediction.requeues));
    let writes = get("ops").as_array().into_iter().flatten();
    let kept: Vec<&Value> = writes
        .filter(|write| {
            !write
                .as_str()
                .unwrap_or_default()
                .starts_with("patch Deployment/")
        })
        .collect();
    agreement.compare("ops", &json!(kept), &ops(prediction));
    check_component(component, prediction, agreement);
    if let (Some(resources), Ok(router)) = (expected.get("resources"), &context.router) {
        let actual = canonical(router_resources(&prediction.graph, router));
        agreement.compare("resources", resources, &actual);
    }
}

fn ops(prediction: &GraphPrediction<'_>) -> Value {
    let kept = prediction
        .operations
        .iter()
        .filter(|write| write.verb != Verb::Patch);
    let name = prediction.graph.name;
    json!(
        kept.map(|write| format!("{} {}/{name}", write.verb, write.object.kind()))
            .collect::<Vec<_>>()
    )
}

fn objects_after(cluster: &Objects) -> Value {
    let mut all = Vec::new();
    for (name, objects) in cluster {
        let mut put = |there: bool, kind: ObjectKind| {
            // The corpus writes the group only where two kinds share a name.
            let word = if kind == ObjectKind::KnativeService {
                kind.group_kind()
            } else {
                kind.kind()
            };
            if there {
                all.push(format!("{word}/{name}"));
            }
        };
        put(
            objects.knative_service.is_some(),
            ObjectKind::KnativeService,
        );
        put(objects.service, ObjectKind::Service);
        put(objects.scaled_object.is_some(), ObjectKind::ScaledObject);
        if let Some(deployment) = &objects.deployment {
            let replicas = deployment
                .replicas
                .map(|count| format!(" replicas={count}"));
            all.push(format!("Deployment/{name}{}", replicas.unwrap_or_default()));
        }
        if let Some(hpa) = &objects.hpa {
            let min = hpa.min_replicas.unwrap_or_default();
            all.push(format!(
                "HorizontalPodAutoscaler/{name} min={min} max={}",
                hpa.max_replicas
            ));
        }
    }
    all.sort();
    json!(all)
}

/// Amounts as Go prints them.
fn canonical(mut resources: Value) -> Value {
    for list in ["limits", "requests"] {
        for amount in resources
            .get_mut(list)
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(|map| map.values_mut())
        {
            if let Ok(quantity) = Quantity::from_json(amount) {
                *amount = json!(quantity.to_string());
            }
        }
    }
    resources
}

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

fn check_component(expected: &Value, prediction: &GraphPrediction<'_>, agreement: &mut Agreement) {
    let actual = described(prediction);
    for field in FIELDS {
        agreement.compare(
            field,
            expected.get(field).unwrap_or(NULL),
            actual.get(field).unwrap_or(NULL),
        );
    }
    agreement.compare(
        "knative?",
        &json!(expected["knative"].is_object()),
        &json!(prediction.knative().is_some()),
    );
    let (Some(outcome), true) = (prediction.knative(), expected["knative"].is_object()) else {
        return;
    };
    let expected = &expected["knative"];
    agreement.compare(
        "annotation_error",
        &expected["annotation_error"],
        &json!(outcome.annotation_error),
    );
    agreement.compare(
        "knative.knative_error",
        &expected["knative_error"],
        &json!(outcome.error),
    );
    let pa = outcome.pod_autoscaler.as_ref();
    agreement.compare(
        "pa?",
        &json!(expected["pa"].is_object()),
        &json!(pa.is_some()),
    );
    let (Some(pa), true) = (pa, expected["pa"].is_object()) else {
        return;
    };
    for (field, actual) in [
        ("pa.class", json!(pa.class)),
        ("pa.metric", json!(pa.metric)),
        ("pa.bounds", json!(pa.bounds)),
        ("initial_scale", json!(pa.initial_scale)),
        ("kpa", json!(pa.kpa)),
        ("annotation_target", json!(pa.annotation_target)),
        ("container_concurrency", json!(pa.container_concurrency)),
    ] {
        let key = field.strip_prefix("pa.").unwrap_or(field);
        agreement.compare(field, expected["pa"].get(key).unwrap_or(NULL), &actual);
    }
}

/// The outcome in the words of the corpus.
fn described(prediction: &GraphPrediction<'_>) -> Value {
    let mut value = match (prediction.knative(), prediction.standard()) {
        (Some(outcome), _) => knative(outcome),
        (_, Some(outcome)) => standard(outcome),
        _ => json!({"class": ""}),
    };
    value["created"] = json!(prediction.created());
    if let Some(hpa) = prediction.hpa() {
        value["hpa_spec"] = json!(hpa.sent);
        value["hpa_after_apiserver"] = json!({"errors": hpa.errors, "spec": hpa.kept});
        drives(&mut value, &hpa.kept);
    }
    value
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
    if let Some(pa) = &outcome.pod_autoscaler {
        value["class"] = json!(pa.class);
        value["bounds"] = json!(pa.bounds);
        value["metric"] = json!(pa.metric);
        value["target"] = json!(pa.annotation_target);
        value["min"] = json!(pa.bounds.min);
        value["max"] = json!(pa.bounds.max);
        value["resolved_kpa_target"] = json!(pa.kpa.as_ref().map(|kpa| &kpa.resolved));
    }
    value
}

fn standard(outcome: &StandardOutcome) -> Value {
    let mut value = json!({
        "class": outcome.class,
        "deployment_replicas": outcome.replicas,
        "scaledobject": outcome.scaled_object,
    });
    if let Some(scaled) = &outcome.scaled_object {
        value["min"] = scaled["minReplicaCount"].clone();
        value["max"] = scaled["maxReplicaCount"].clone();
    }
    if !outcome.keda_errors.is_empty() {
        value["keda_webhook_errors"] = json!(outcome.keda_errors);
    }
    value
}

/// What an HPA drives on: its first metric and its bounds.
fn drives(value: &mut Value, spec: &HpaSpec) {
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
