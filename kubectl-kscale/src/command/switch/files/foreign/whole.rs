//! Objects that lack what makes one whole: a patch has a name, and what it changes.

use kscale_rules::manifest::FRAMEWORKS;
use serde_json::Value;

use super::super::choose::place;
use super::{Foreign, Weight, kustomize};
use crate::facts::text;
use crate::input::Document;

/// An InferenceService without a model, or a Knative Service without an image.
pub(super) fn document(document: &Document) -> Option<Foreign> {
    let object = &document.value;
    let message = match text(object, "/kind") {
        "InferenceService" if !serves(object) => {
            "it has neither a model nor a container with an image in its predictor: it is a patch, and no manifest"
        }
        "Service" if !has_image(object.pointer("/spec/template/spec")) => {
            "it has no container with an image: it is a patch, and no manifest"
        }
        _ => return None,
    };
    Some(Foreign {
        place: place(document, "/spec"),
        message: message.to_owned(),
        hints: kustomize::hints(None),
        weight: Weight::Stops,
        group: None,
    })
}

fn serves(object: &Value) -> bool {
    let Some(predictor) = object.pointer("/spec/predictor") else {
        return false;
    };
    let is_there = |value: &Value| !value.is_null();
    let model = predictor.get("model").is_some_and(|model| {
        ["modelFormat", "runtime"]
            .iter()
            .any(|key| model.get(key).is_some_and(is_there))
    });
    let framework = FRAMEWORKS
        .iter()
        .any(|(name, _)| predictor.get(name).is_some_and(is_there));
    model || framework || has_image(Some(predictor))
}

fn has_image(pod: Option<&Value>) -> bool {
    let containers = pod.and_then(|pod| pod.get("containers"));
    let containers = containers.and_then(Value::as_array).into_iter().flatten();
    containers
        .into_iter()
        .any(|one| !text(one, "/image").is_empty())
}
