//! The pod of a component, as far as tests look at it: containers, what they request, and what else the component says.

use kscale_rules::facts::{Facts, RuntimeChoice};
use kscale_rules::manifest::Component;
use serde_json::{Value, json};

use crate::json::{list, text};

const MODEL: &str = "kserve-container";
const IMAGE: &str = "index.docker.io/kserve/sklearnserver@sha256:5ea15ea15ea15ea15ea15ea15ea15ea15ea15ea15ea15ea15ea15ea15ea15ea1";

/// The pod's spec.
pub(super) fn spec(component: &Component<'_>, namespace: &str, facts: &Facts) -> Value {
    let own = component
        .fields
        .get("containers")
        .and_then(Value::as_array)
        .cloned();
    let mut containers = own.unwrap_or_default();
    if let Some(model) = component.model {
        containers.insert(
            0,
            model_container(component, model.fields, namespace, facts),
        );
    }
    if containers.is_empty() {
        containers.push(json!({ "name": MODEL, "image": IMAGE }));
    }
    for container in &mut containers {
        for (key, value) in [("name", MODEL), ("image", IMAGE)] {
            if text(container, &format!("/{key}")).is_empty() {
                container[key] = value.into();
            }
        }
    }
    let mut spec = json!({ "containers": containers });
    for key in ["nodeSelector", "tolerations", "affinity"] {
        if let Some(value) = component.fields.get(key) {
            spec[key] = value.clone();
        }
    }
    spec
}

fn model_container(
    component: &Component<'_>,
    model: &serde_json::Map<String, Value>,
    namespace: &str,
    facts: &Facts,
) -> Value {
    let choice = component
        .model
        .map(|one| facts.runtime_of(&one, namespace, false));
    let runtime = match choice {
        Some(RuntimeChoice::Known(runtime)) => runtime
            .containers
            .iter()
            .find(|one| text(one, "/name") == MODEL)
            .cloned(),
        _ => None,
    };
    let mut container = runtime.unwrap_or_else(|| {
        let resources = json!({ "cpu": "1", "memory": "2Gi" });
        json!({ "name": MODEL, "image": IMAGE, "resources": { "requests": resources, "limits": resources } })
    });
    let own = Value::Object(model.clone());
    for what in ["requests", "limits"] {
        for (key, value) in own["resources"][what].as_object().into_iter().flatten() {
            container["resources"][what][key] = value.clone();
        }
    }
    for key in ["env", "image", "args"] {
        if let Some(value) = model.get(key) {
            container[key] = value.clone();
        }
    }
    let source = text(&own, "/storageUri");
    if !source.is_empty() && list(&container, "/args").next().is_none() {
        container["args"] = json!([format!("--model_dir={source}")]);
    }
    container
}
