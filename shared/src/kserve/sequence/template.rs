//! What a pod template is made from. Two templates differ where this differs, and then the pods are rolled.
//! Source: kserve/kserve 0.11–0.20, `reconcilers/deployment/deployment_reconciler.go` (`createRawDefaultDeployment`) and
//! `components/{predictor,transformer,explainer}.go`.

use serde_json::{Map, Value, json};

use super::Scene;
use crate::facts::{Runtime, RuntimeChoice};
use crate::knative::annotations::Annotations;
use crate::kubernetes::Quantity;
use crate::manifest::{Component, ComponentKind, ModelSource};

/// What a pod template is made from: annotations, labels, and what the component says of its pod. It is compared, not read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodTemplate(Value);

/// Fields of a component that do not reach the pod, or not from there: its annotations and labels are looked at where they
/// are united with the others.
const NOT_OF_THE_POD: [&str; 12] = [
    "name",
    "minReplicas",
    "maxReplicas",
    "scaleTarget",
    "scaleMetric",
    "scaleMetricType",
    "autoScaling",
    "timeout",
    "canaryTrafficPercent",
    "deploymentStrategy",
    "annotations",
    "labels",
];

/// Fields of a model that only choose its runtime.
const OF_THE_CHOICE: [&str; 3] = ["modelFormat", "protocolVersion", "runtime"];

impl PodTemplate {
    /// The template of a workload of this component, with its effective annotations.
    pub(super) fn of(
        scene: &Scene<'_>,
        component: &Component<'_>,
        annotations: &Annotations,
    ) -> Self {
        let mut fields = component.fields.clone();
        fields.retain(|key, _| !NOT_OF_THE_POD.contains(&key.as_str()));
        let is_predictor = component.kind == ComponentKind::Predictor;
        if is_predictor {
            // Of the others it becomes the argument `--workers`.
            fields.remove("containerConcurrency");
        }
        let mut runtime = Value::Null;
        if let Some(model) = component.model {
            fields.remove(model.field);
            let mut own = model.fields.clone();
            own.retain(|key, _| !OF_THE_CHOICE.contains(&key.as_str()));
            fields.insert("model".to_owned(), Value::Object(own));
            runtime = identity(&model, chosen(scene, component));
        }
        let spans_nodes = is_predictor && component.is_multi_node(scene.facts.release());
        let generation = scene.value.pointer("/metadata/generation");
        Self(json!({
            "annotations": annotations,
            "labels": labels(scene.value, component),
            "pod": tidy(Value::Object(fields)),
            "runtime": runtime,
            // The pods of a service over several nodes are labelled with its generation.
            "generation": generation.filter(|_| spans_nodes),
        }))
    }
}

impl PodTemplate {
    /// The same without some annotations.
    #[must_use]
    pub(crate) fn without_annotations(&self, keys: &[&str]) -> Self {
        let mut inner = self.0.clone();
        let annotations = inner.get_mut("annotations").and_then(Value::as_object_mut);
        if let Some(annotations) = annotations {
            annotations.retain(|key, _| !keys.contains(&key.as_str()));
        }
        Self(inner)
    }
}

/// The runtime that serves a component's model, where it is known.
pub(super) fn chosen<'s>(scene: &Scene<'s>, component: &Component<'_>) -> Option<&'s Runtime> {
    let model = component.model?;
    let multi_node = component.is_multi_node(scene.facts.release());
    let namespace = scene.prediction.service.namespace;
    match scene.facts.runtime_of(&model, namespace, multi_node) {
        RuntimeChoice::Known(runtime) => Some(runtime),
        RuntimeChoice::Unknown | RuntimeChoice::None => None,
    }
}

/// What tells one runtime from another. Of one that is not known, it is what it would be chosen by.
fn identity(model: &ModelSource<'_>, chosen: Option<&Runtime>) -> Value {
    if let Some(runtime) = chosen {
        return json!({"name": runtime.name, "containers": runtime.containers});
    }
    let field = |key: &str| model.fields.get(key);
    json!({
        "format": model.format,
        "version": field("modelFormat").and_then(|format| format.get("version")),
        "protocol": field("protocolVersion"),
        "name": field("runtime"),
    })
}

/// The labels of object and component; those of the component win.
fn labels(value: &Value, component: &Component<'_>) -> Value {
    let mut all = Map::new();
    let of_object = value.pointer("/metadata/labels");
    for map in [of_object, component.fields.get("labels")] {
        let map = map.and_then(Value::as_object).into_iter().flatten();
        all.extend(map.map(|(key, label)| (key.clone(), label.clone())));
    }
    Value::Object(all)
}

/// Leaves out what is as good as absent, and writes amounts as Go does, so that two ways of saying the same are equal.
pub(super) fn tidy(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().map(|(key, value)| {
                let value = match key.as_str() {
                    "limits" | "requests" => amounts(value),
                    _ => tidy(value),
                };
                (key, value)
            });
            Value::Object(kept.filter(|(_, value)| !is_empty(value)).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(tidy).collect()),
        other => other,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn amounts(mut list: Value) -> Value {
    for amount in list.as_object_mut().into_iter().flat_map(Map::values_mut) {
        if let Ok(quantity) = Quantity::from_json(amount) {
            *amount = Value::from(quantity.to_string());
        }
    }
    list
}
