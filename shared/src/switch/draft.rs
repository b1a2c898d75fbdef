//! An object that is being edited.

use serde_json::Value;

use super::edits::{put, take};
use super::types::Decision;

/// The object so far, and why.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) object: Value,
    pub(super) decisions: Vec<Decision>,
}

impl Draft {
    pub(super) fn of(object: &Value) -> Self {
        Self {
            object: object.clone(),
            decisions: Vec::new(),
        }
    }

    /// Writes a setting, making the maps on the way.
    pub(super) fn set(&mut self, pointer: &str, value: impl Into<Value>) {
        put(&mut self.object, pointer, &value.into());
    }

    /// Takes a setting away, and the annotations with the last of them. What stood there.
    pub(super) fn remove(&mut self, pointer: &str) -> Option<Value> {
        let gone = take(&mut self.object, pointer)?;
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let is_empty = |value: &Value| value.as_object().is_some_and(serde_json::Map::is_empty);
        let holds_settings = parent.ends_with("/annotations") || parent.ends_with("/autoScaling");
        if holds_settings && self.object.pointer(parent).is_some_and(is_empty) {
            take(&mut self.object, parent);
        }
        Some(gone)
    }

    /// Notes a value that was chosen for the caller. `why` is half a sentence.
    pub(super) fn decide(
        &mut self,
        component: Option<&str>,
        field: &str,
        value: impl Into<Value>,
        why: impl Into<String>,
    ) {
        self.decisions.push(Decision {
            component: component.map(str::to_owned),
            field: field.to_owned(),
            value: value.into(),
            why: why.into(),
        });
    }
}
