//! A workload as it stands in the cluster while the old release runs.
//!
//! What is read from a cluster has been through the old release's webhook and controller; what is read from a file has not,
//! though the object that was made from it has. So a file's InferenceService gets what they write: the annotations of the
//! defaulter, and the deployment mode in the status, which later releases hold it to.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::facts::Facts;
use crate::kserve::annotations::DEPLOYMENT_MODE;
use crate::kserve::{Behaviour, Gate, predict};

/// The InferenceService as the old release left it. One that it refuses was never there, and stays as it is.
pub(super) fn under<'a>(value: &'a Value, before: &Facts) -> Cow<'a, Value> {
    let Ok(prediction) = predict(value, before) else {
        return Cow::Borrowed(value);
    };
    let runs = is_live(value)
        || (prediction.create_error.is_none() && prediction.schema_errors.is_empty());
    if !runs {
        return Cow::Borrowed(value);
    }
    let mut stored = value.clone();
    if let Some(word) = &prediction.defaulted.stamped_mode {
        annotate(&mut stored, DEPLOYMENT_MODE, Some(word));
    }
    let gated = matches!(
        prediction.gate,
        Some(Gate::NoKnative(_) | Gate::NoConfigAutoscaler(_))
    );
    if before.release().has(Behaviour::StatusMode) && !gated {
        record(&mut stored, &prediction.mode.word);
    }
    Cow::Owned(stored)
}

/// Whether an API server has kept it.
pub(super) fn is_live(value: &Value) -> bool {
    [
        "/metadata/uid",
        "/metadata/resourceVersion",
        "/status/deploymentMode",
    ]
    .iter()
    .any(|pointer| value.pointer(pointer).is_some_and(Value::is_string))
}

/// Writes the mode into the status, where none is written yet.
pub(super) fn record(value: &mut Value, word: &str) {
    let Some(status) = child(value, "status") else {
        return;
    };
    let mode = status.entry("deploymentMode").or_insert(Value::Null);
    if mode.as_str().unwrap_or_default().is_empty() {
        *mode = Value::from(word);
    }
}

/// Whether the status names a mode.
pub(super) fn is_recorded(value: &Value) -> bool {
    let mode = value.pointer("/status/deploymentMode");
    mode.and_then(Value::as_str)
        .is_some_and(|mode| !mode.is_empty())
}

/// Writes an annotation, or removes it.
pub(super) fn annotate(value: &mut Value, key: &str, text: Option<&str>) {
    let Some(metadata) = value.get_mut("metadata") else {
        return;
    };
    let Some(annotations) = child(metadata, "annotations") else {
        return;
    };
    match text {
        Some(text) => annotations.insert(key.to_owned(), Value::from(text)),
        None => annotations.remove(key),
    };
}

/// A mapping under a key, made where there is none.
fn child<'a>(value: &'a mut Value, key: &str) -> Option<&'a mut Map<String, Value>> {
    let slot = value.as_object_mut()?.entry(key).or_insert(Value::Null);
    if slot.is_null() {
        *slot = Value::Object(Map::new());
    }
    slot.as_object_mut()
}
