//! Traps that people fall into, one by one, and the rule that reports each: what KServe's webhook lets through, what Knative
//! and the API server make of it, what is left over in a cluster. Each is written as short as it can be.

mod knative;
mod kserve;
mod leftovers;

use kscale_rules::facts::{Facts, FactsSource};
use kscale_rules::rules::judge;
use serde_json::{Value, json};

/// A trap: what it is, the objects (the last is judged, all are facts), and what must be found, as `code pointer`.
struct Trap {
    what: &'static str,
    objects: Vec<Value>,
    found: String,
}

const CLASS: &str = "autoscaling.knative.dev/class";
const HPA: &str = "hpa.autoscaling.knative.dev";
const STANDARD: (&str, &str) = ("serving.kserve.io/deploymentMode", "Standard");
const KSERVE_CLASS: &str = "serving.kserve.io/autoscalerClass";

fn service(annotations: &[(&str, &str)], fields: &Value) -> Value {
    let annotations: serde_json::Map<String, Value> = annotations
        .iter()
        .map(|(key, value)| ((*key).to_owned(), json!(value)))
        .collect();
    let mut predictor = json!({
        "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris"},
    });
    for (key, value) in fields.as_object().into_iter().flatten() {
        predictor[key] = value.clone();
    }
    json!({
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
        "metadata": {"name": "iris", "namespace": "default", "annotations": annotations},
        "spec": {"predictor": predictor},
    })
}

fn config(data: &Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "config-autoscaler", "namespace": "knative-serving"}, "data": data,
    })
}

fn trap(what: &'static str, objects: Vec<Value>, found: impl Into<String>) -> Trap {
    Trap {
        what,
        objects,
        found: found.into(),
    }
}

fn one(
    what: &'static str,
    annotations: &[(&str, &str)],
    fields: &Value,
    found: &'static str,
) -> Trap {
    trap(what, vec![service(annotations, fields)], found)
}

#[test]
fn every_trap_is_reported_where_it_is() {
    let mut missed = Vec::new();
    for Trap {
        what,
        objects,
        found,
    } in kserve::traps()
        .into_iter()
        .chain(leftovers::traps())
        .chain(knative::traps())
    {
        let facts = Facts::from_objects(&objects, FactsSource::Snapshot);
        let judged = objects.last().unwrap_or(&Value::Null);
        let said = judge(judged, None, &facts).unwrap_or_default();
        let said: Vec<String> = said
            .iter()
            .map(|one| format!("{} {}", one.code, one.pointer))
            .collect();
        if !said.contains(&found) {
            missed.push(format!("{what}: {found} is not among {said:#?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
