//! Fields of objects, and conditions.

use std::collections::BTreeMap;

use serde_json::Value;

use super::time;
use super::types::Condition;

/// The text at a pointer; empty where there is none.
pub(super) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The text at a pointer, where there is some.
pub(super) fn some_text(object: &Value, pointer: &str) -> Option<String> {
    let text = text(object, pointer);
    (!text.is_empty()).then(|| text.to_owned())
}

/// The whole number at a pointer.
pub(super) fn int(object: &Value, pointer: &str) -> Option<i64> {
    object.pointer(pointer).and_then(Value::as_i64)
}

/// The items of the list at a pointer.
pub(super) fn list<'a>(object: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    object
        .pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// The name of an object.
pub(super) fn name(object: &Value) -> &str {
    text(object, "/metadata/name")
}

/// `Kind/name`
pub(super) fn title(object: &Value) -> String {
    format!("{}/{}", text(object, "/kind"), name(object))
}

/// A label, or an annotation, by its key.
pub(super) fn entry<'a>(object: &'a Value, map: &str, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get(map)?.get(key)?.as_str()
}

/// The annotations at a pointer whose keys begin with `autoscaling.knative.dev/`.
pub(super) fn autoscaling(object: &Value, pointer: &str) -> BTreeMap<String, String> {
    let map = object.pointer(pointer).and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .filter(|(key, _)| key.starts_with("autoscaling.knative.dev/"))
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// The conditions of an object's status.
pub(super) fn conditions(object: &Value) -> Vec<Condition> {
    list(object, "/status/conditions")
        .map(|one| Condition {
            kind: text(one, "/type").to_owned(),
            status: text(one, "/status").to_owned(),
            reason: some_text(one, "/reason"),
            message: some_text(one, "/message"),
            since: some_text(one, "/lastTransitionTime"),
        })
        .collect()
}

/// A condition by its type.
pub(super) fn condition<'a>(conditions: &'a [Condition], kind: &str) -> Option<&'a Condition> {
    conditions.iter().find(|one| one.kind == kind)
}

impl Condition {
    /// Whether it is `True`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.status == "True"
    }

    /// Whether it is `False`.
    #[must_use]
    pub fn is_false(&self) -> bool {
        self.status == "False"
    }

    pub(super) fn has_reason(&self, reason: &str) -> bool {
        self.reason.as_deref() == Some(reason)
    }

    pub(super) fn since_seconds(&self) -> Option<i64> {
        time::seconds(self.since.as_deref()?)
    }

    /// `Ready=False FailedCreate: Failed to create …`
    #[must_use]
    pub fn shown(&self) -> String {
        let mut shown = format!("{}={}", self.kind, self.status);
        if let Some(reason) = &self.reason {
            shown = format!("{shown} {reason}");
        }
        if let Some(message) = &self.message {
            shown = format!("{shown}: {message}");
        }
        shown
    }
}
