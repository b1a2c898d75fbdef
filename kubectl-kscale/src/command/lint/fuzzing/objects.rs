//! Objects full of what rules look at, well meant and not.

use serde_json::{Map, Value, json};

use super::settings::{self, ANNOTATIONS, CONFIG};
use crate::edit::fuzzing::Choices;

/// One to three objects.
pub(super) fn write(choices: &mut Choices<'_>) -> Vec<Value> {
    let count = 1 + choices.pick(5) / 2;
    (0..count).map(|number| object(choices, number)).collect()
}

fn object(choices: &mut Choices<'_>, number: usize) -> Value {
    // One that comes twice is a change.
    let name = if choices.once_in(8) {
        "iris".to_owned()
    } else {
        format!("iris{number}")
    };
    match choices.pick(16) {
        0..=9 => inference_service(choices, &name),
        10 | 11 => knative_service(choices, &name),
        12 => graph(choices, &name),
        13 | 14 => config_map(choices),
        _ => made_by_knative(choices, &name),
    }
}

fn inference_service(choices: &mut Choices<'_>, name: &str) -> Value {
    let mut spec = Map::new();
    spec.insert("predictor".to_owned(), component(choices, true));
    if choices.once_in(4) {
        spec.insert("transformer".to_owned(), component(choices, false));
    }
    if choices.once_in(8) {
        spec.insert("explainer".to_owned(), component(choices, false));
    }
    if choices.once_in(9) {
        settings::fields(choices, &mut spec);
    }
    let mut object = json!({
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": metadata(choices, name),
        "spec": spec,
    });
    if choices.once_in(10) {
        let mode = choices.one_of(&["Knative", "Standard", "Serverless", "RawDeployment"]);
        object["status"] = json!({"deploymentMode": mode});
    }
    object
}

fn component(choices: &mut Choices<'_>, is_predictor: bool) -> Value {
    let mut fields = Map::new();
    settings::fields(choices, &mut fields);
    if choices.once_in(3) {
        fields.insert("annotations".to_owned(), annotations(choices));
    }
    if choices.once_in(5) {
        fields.insert("autoScaling".to_owned(), settings::auto_scaling(choices));
    }
    if choices.once_in(8) {
        fields.insert("resources".to_owned(), resources(choices));
    }
    if is_predictor && !choices.once_in(6) {
        let mut model =
            json!({"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris"});
        if choices.once_in(2) {
            model["resources"] = resources(choices);
        }
        fields.insert("model".to_owned(), model);
        if choices.once_in(6) {
            fields.insert(
                "containers".to_owned(),
                json!([container(choices, "sidecar")]),
            );
        }
    } else {
        let container = container(choices, "kserve-container");
        fields.insert("containers".to_owned(), json!([container]));
    }
    fields.into()
}

fn container(choices: &mut Choices<'_>, name: &str) -> Value {
    let mut container = json!({"name": name, "image": "example.com/iris:1"});
    if choices.once_in(2) {
        container["resources"] = resources(choices);
    }
    container
}

fn resources(choices: &mut Choices<'_>) -> Value {
    let mut resources = Map::new();
    for part in ["requests", "limits"] {
        if choices.once_in(2) {
            continue;
        }
        let mut amounts = Map::new();
        for (name, all) in settings::RESOURCES {
            if choices.once_in(2) {
                amounts.insert((*name).to_owned(), settings::value(choices, all));
            }
        }
        resources.insert(part.to_owned(), amounts.into());
    }
    resources.into()
}

fn metadata(choices: &mut Choices<'_>, name: &str) -> Value {
    let mut metadata = json!({"name": name});
    if choices.once_in(4) {
        metadata["namespace"] = json!("models");
    }
    if !choices.once_in(4) {
        metadata["annotations"] = annotations(choices);
    }
    if choices.once_in(12) {
        metadata["labels"] = json!({"serving.kserve.io/inferenceservice": name});
    }
    metadata
}

fn annotations(choices: &mut Choices<'_>) -> Value {
    let mut annotations = Map::new();
    for _ in 0..choices.pick(6) {
        settings::put(choices, &mut annotations, ANNOTATIONS);
    }
    annotations.into()
}

fn knative_service(choices: &mut Choices<'_>, name: &str) -> Value {
    let mut spec = json!({"containers": [container(choices, "user")]});
    if choices.once_in(3) {
        spec["containerConcurrency"] = json!(choices.pick(12));
    }
    let template = json!({"metadata": {"annotations": annotations(choices)}, "spec": spec});
    json!({
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": metadata(choices, name),
        "spec": {"template": template},
    })
}

fn graph(choices: &mut Choices<'_>, name: &str) -> Value {
    let mut spec = Map::new();
    settings::fields(choices, &mut spec);
    if choices.once_in(3) {
        spec.insert("resources".to_owned(), resources(choices));
    }
    let nodes = json!({"root": {"routerType": "Sequence", "steps": [{"serviceName": "iris"}]}});
    spec.insert("nodes".to_owned(), nodes);
    json!({
        "apiVersion": "serving.kserve.io/v1alpha1",
        "kind": "InferenceGraph",
        "metadata": metadata(choices, name),
        "spec": spec,
    })
}

fn config_map(choices: &mut Choices<'_>) -> Value {
    let (name, namespace, all) = CONFIG[choices.pick(CONFIG.len())];
    let mut data = Map::new();
    for _ in 0..choices.pick(5) {
        settings::put(choices, &mut data, all);
    }
    let mut metadata = json!({"name": name, "namespace": namespace});
    if choices.once_in(6) {
        metadata["annotations"] = json!({"knative.dev/example-checksum": "79e70d0f"});
        data.insert(
            "_example".to_owned(),
            json!("# All settings.\nmax-scale: \"10\"\n"),
        );
    }
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})
}

fn made_by_knative(choices: &mut Choices<'_>, name: &str) -> Value {
    let (version, kind) = if choices.once_in(2) {
        ("autoscaling.internal.knative.dev/v1alpha1", "PodAutoscaler")
    } else {
        ("serving.knative.dev/v1", "Revision")
    };
    let spec = json!({"containers": [container(choices, "user")]});
    json!({"apiVersion": version, "kind": kind, "metadata": metadata(choices, name), "spec": spec})
}
