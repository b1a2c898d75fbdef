//! The effective annotations of a component: runtime, then object, then component, each filtered.
//! Source: kserve/kserve 0.20, `components/{predictor,transformer,explainer,component}.go`.

use serde_json::{Map, Value};

use super::annotations::{INTERNAL_PREFIX, SOURCE_URI};
use crate::knative::annotations::Annotations;
use crate::manifest::{Component, ComponentKind, env_value};

/// Where an effective annotation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// `spec.annotations` of the ServingRuntime
    Runtime,
    /// `metadata.annotations` of the object
    Object,
    /// `annotations` of the component
    Component,
    /// Written by KServe's controller
    Controller,
}

/// The annotations that a component's objects get, before the controller stamps its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// The result.
    pub annotations: Annotations,
    runtime: Vec<String>,
    component: Vec<String>,
    controller: Vec<String>,
}

impl Effective {
    /// Unites the three levels; later ones win, and disallowed keys are dropped from each.
    #[must_use]
    pub fn unite(
        runtime: Option<&Annotations>,
        object: &Annotations,
        component: Option<&Map<String, Value>>,
        disallowed: &[String],
        from_controller: &[(String, String)],
    ) -> Self {
        let allowed = |key: &str| !disallowed.iter().any(|entry| entry == key);
        let mut effective = Self::default();
        for (key, value) in runtime
            .into_iter()
            .flatten()
            .filter(|(key, _)| allowed(key))
        {
            effective.runtime.push(key.clone());
            effective.annotations.insert(key.clone(), value.clone());
        }
        for (key, value) in object.iter().filter(|(key, _)| allowed(key)) {
            effective.runtime.retain(|entry| entry != key);
            effective.annotations.insert(key.clone(), value.clone());
        }
        // The controller's own are added to the object's, so a component's annotation of the same key still wins.
        for (key, value) in from_controller {
            effective.controller.push(key.clone());
            effective.annotations.insert(key.clone(), value.clone());
        }
        for (key, value) in component
            .into_iter()
            .flatten()
            .filter(|(key, _)| allowed(key))
        {
            let text = value.as_str().unwrap_or_default();
            effective.component.push(key.clone());
            effective.annotations.insert(key.clone(), text.to_owned());
        }
        effective
    }

    /// Annotations that all stand on the component itself, such as those of a Knative Service's template.
    #[must_use]
    pub fn of_component(annotations: &Annotations) -> Self {
        Self {
            annotations: annotations.clone(),
            component: annotations.keys().cloned().collect(),
            ..Self::default()
        }
    }

    /// Which level an annotation comes from.
    #[must_use]
    pub fn level(&self, key: &str) -> Option<Level> {
        let among = |keys: &[String]| keys.iter().any(|entry| entry == key);
        if !self.annotations.contains_key(key) {
            None
        } else if among(&self.component) {
            Some(Level::Component)
        } else if among(&self.controller) {
            Some(Level::Controller)
        } else if among(&self.runtime) {
            Some(Level::Runtime)
        } else {
            Some(Level::Object)
        }
    }
}

/// The annotations that the controller adds for the pod webhook: where the model comes from, logger, batcher.
#[must_use]
pub(super) fn from_controller(component: &Component<'_>) -> Vec<(String, String)> {
    let mut added = Vec::new();
    let mut put =
        |name: &str, value: String| added.push((format!("{INTERNAL_PREFIX}{name}"), value));
    logger(component, &mut put);
    batcher(component, &mut put);
    if component.kind == ComponentKind::Predictor {
        storage_spec(component, &mut put);
    }
    if let Some(uri) = storage_uri(component) {
        added.push((SOURCE_URI.to_owned(), uri.to_owned()));
    }
    added
}

fn logger(component: &Component<'_>, put: &mut impl FnMut(&str, String)) {
    let Some(logger) = component.extension.logger else {
        return;
    };
    let text = |name: &str| logger.get(name).and_then(Value::as_str);
    put("logger", "true".to_owned());
    if let Some(url) = text("url") {
        put("logger-sink-url", url.to_owned());
    }
    put("logger-mode", text("mode").unwrap_or_default().to_owned());
    for (field, name) in [
        ("metadataHeaders", "logger-metadata-headers"),
        ("metadataAnnotations", "logger-metadata-annotations"),
    ] {
        if let Some(items) = logger.get(field).and_then(Value::as_array) {
            let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            put(name, words.join(","));
        }
    }
}

fn batcher(component: &Component<'_>, put: &mut impl FnMut(&str, String)) {
    let Some(batcher) = component.extension.batcher else {
        return;
    };
    put("batcher", "true".to_owned());
    for (field, name) in [
        ("maxBatchSize", "batcher-max-batchsize"),
        ("maxLatency", "batcher-max-latency"),
    ] {
        if let Some(number) = batcher.get(field).and_then(Value::as_i64) {
            put(name, number.to_string());
        }
    }
}

fn storage_spec(component: &Component<'_>, put: &mut impl FnMut(&str, String)) {
    let model = component.model;
    let Some(storage) = model.and_then(|model| model.fields.get("storage")?.as_object()) else {
        return;
    };
    put("storage-spec", "true".to_owned());
    if let Some(parameters) = storage.get("parameters").filter(|value| !value.is_null()) {
        put("storage-spec-param", parameters.to_string());
    }
    if let Some(key) = storage.get("key").and_then(Value::as_str) {
        put("storage-spec-key", key.to_owned());
    }
    if let Some(path) = storage.get("path").and_then(Value::as_str) {
        let path = path.strip_prefix('/').unwrap_or(path);
        put(
            "storage-initializer-sourceuri",
            format!("<scheme-placeholder>://{path}"),
        );
    }
}

/// Where a component's model comes from: `storageUri`, or the environment variable `STORAGE_URI` of a custom container.
#[must_use]
pub fn storage_uri<'a>(component: &Component<'a>) -> Option<&'a str> {
    match component.kind {
        ComponentKind::Predictor => match component.model {
            Some(model) => model.fields.get("storageUri")?.as_str(),
            None => custom_storage_uri(component),
        },
        ComponentKind::Transformer => custom_storage_uri(component),
        ComponentKind::Explainer => match component.fields.get("art").and_then(Value::as_object) {
            Some(art) => art
                .get("storageUri")?
                .as_str()
                .filter(|uri| !uri.is_empty()),
            None => custom_storage_uri(component),
        },
    }
}

fn custom_storage_uri<'a>(component: &Component<'a>) -> Option<&'a str> {
    let first = component.fields.get("containers")?.as_array()?.first()?;
    env_value(first.as_object()?, "STORAGE_URI")
}
