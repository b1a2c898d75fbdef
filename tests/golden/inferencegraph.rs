//! Lines of kind `inferencegraph`: graphs applied in order to one cluster, one reconcile after each.
//!
//! Compared is what bears on scaling: mode, admission, errors, what scales the router, and the writes. Not compared are
//! `graph_json` (the router's argument), labels, `object_annotations`, `events` and `status_*`: they follow from the same
//! input but no autoscaler reads them. Writes of the kind `patch Deployment` are left out, since the fake cluster has no
//! defaults and so patches where a real one would find nothing to change.

use std::collections::BTreeMap;

use kscale_rules::explain::explain;
use kscale_rules::facts::Facts;
use kscale_rules::kserve::graph::{
    GraphContext, GraphObjects, GraphPrediction, GraphServices, ObjectKind, Verb, predict,
    router_resources,
};
use kscale_rules::kubernetes::Quantity;
use serde_json::{Value, json};

use crate::agreement::Agreement;
use crate::{cluster, described, explained};

const NULL: &Value = &Value::Null;

/// What exists, by graph.
type Objects = BTreeMap<String, GraphObjects>;

pub(crate) fn check(line: &Value, agreement: &mut Agreement) {
    let unknown = cluster::release(line).err();
    agreement.compare("release", &Value::Null, &json!(unknown));
    let facts = cluster::facts(line);
    let input = &line["input"];
    let mut context = GraphContext {
        router: facts.kserve_config.value.router.clone(),
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
                check_explanation(graph, expected, &context, &facts, agreement);
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

/// What users read. It is about a new graph, and its services are taken to be ready; so steps are left out that an object
/// from before or a missing service decides.
fn check_explanation(
    graph: &Value,
    expected: &Value,
    context: &GraphContext,
    facts: &Facts,
    agreement: &mut Agreement,
) {
    let component = &expected["component"];
    let error = expected["reconcile_error"].as_str().unwrap_or_default();
    let waits = error.starts_with("Failed to find graph service") || error.starts_with("service ");
    let config_error = component["knative"]["config_error"].is_string();
    if waits || config_error || context.objects != GraphObjects::default() {
        return;
    }
    let mut graph = graph.clone();
    graph["apiVersion"] = json!("serving.kserve.io/v1alpha1");
    graph["kind"] = json!("InferenceGraph");
    let Some(explained) = explain(&graph, facts) else {
        return agreement.compare("explained?", &json!(true), &json!(false));
    };
    agreement.compare(
        "explained mode",
        expected.get("mode").unwrap_or(NULL),
        &json!(explained.deployment_mode.as_deref().unwrap_or_default()),
    );
    let mut component = component.clone();
    component["reconcile_error"] = expected["reconcile_error"].clone();
    let [router] = explained.components.as_slice() else {
        return agreement.compare("explained?", &json!(true), &json!(false));
    };
    explained::component(&component, router, agreement);
    explained::creates(&component, explained.components.iter(), agreement);
    let errors = expected["schema"]["errors"].as_array();
    let errors = errors.into_iter().flatten().filter_map(Value::as_str);
    explained::admission(
        expected.get("webhook_error_create").unwrap_or(NULL),
        &errors.collect::<Vec<_>>(),
        &[&component],
        &explained,
        agreement,
    );
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
