//! Lines of kind `inferencegraph`: graphs applied in order to one cluster, one reconcile after each.
//!
//! Compared is what bears on scaling: mode, admission, errors, what scales the router, and the writes. Not compared are
//! `graph_json` (the router's argument), labels, `object_annotations`, `events` and `status_*`: they follow from the same
//! input but no autoscaler reads them. Writes of the kind `patch Deployment` are left out, since the fake cluster has no
//! defaults and so patches where a real one would find nothing to change.

use std::collections::BTreeMap;

use kscale_rules::facts::Facts;
use kscale_rules::kserve::Failure;
use kscale_rules::kserve::graph::{
    GraphContext, GraphObjects, GraphPrediction, GraphServices, ObjectKind, RouterConfig, Verb,
    predict, router_resources,
};
use kscale_rules::kubernetes::Quantity;
use serde_json::{Value, json};

use crate::agreement::Agreement;
use crate::{cluster, described};

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
    described::check(
        component,
        &prediction.created(),
        &prediction.result,
        facts,
        agreement,
    );
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
