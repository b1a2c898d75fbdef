//! The objects of one workload, as they were seen last.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::facts::text;

/// The objects that belong to a workload, and what of them nobody may read.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    objects: BTreeMap<(String, String), Value>,
    /// Kinds that cannot be read, with what the API server says to that.
    pub(super) unread: BTreeMap<String, String>,
}

impl Seen {
    /// Of objects that all belong to one workload.
    #[cfg(test)]
    pub(super) fn of(objects: impl IntoIterator<Item = Value>) -> Self {
        let mut seen = Self::default();
        objects.into_iter().for_each(|object| seen.put(object));
        seen
    }

    /// Adds an object, or what it has become.
    pub(super) fn put(&mut self, object: Value) {
        let kind = text(&object, "/kind").to_owned();
        let name = text(&object, "/metadata/name").to_owned();
        self.objects.insert((kind, name), object);
    }

    /// Takes an object away.
    pub(super) fn take(&mut self, kind: &str, name: &str) {
        self.objects.remove(&(kind.to_owned(), name.to_owned()));
    }

    /// Leaves only those of a kind whose names are given.
    pub(super) fn keep(&mut self, kind: &str, names: &BTreeSet<String>) {
        self.objects
            .retain(|(of, name), _| of != kind || names.contains(name));
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Value> {
        self.objects.values()
    }

    /// Those of a kind.
    pub(super) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        let all = self.objects.iter();
        all.filter(move |((of, _), _)| of == kind)
            .map(|(_, object)| object)
    }

    /// One by its name.
    pub(super) fn find(&self, kind: &str, name: &str) -> Option<&Value> {
        self.objects.get(&(kind.to_owned(), name.to_owned()))
    }

    /// Whether objects of a kind would be here if they were there.
    pub(super) fn reads(&self, kind: &str) -> bool {
        !self.unread.contains_key(kind)
    }
}

/// A whole number.
pub(super) fn int(object: &Value, pointer: &str) -> Option<i64> {
    object.pointer(pointer).and_then(Value::as_i64)
}

/// The items of a list.
pub(super) fn list<'a>(object: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    object
        .pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// A condition of an object's status.
pub(super) fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    list(object, "/status/conditions").find(|one| text(one, "/type") == kind)
}

/// Whether a condition is `True`.
pub(super) fn is_true(object: &Value, kind: &str) -> bool {
    condition(object, kind).is_some_and(|one| text(one, "/status") == "True")
}

/// An annotation, or a label, by its key.
pub(super) fn entry<'a>(object: &'a Value, map: &str, key: &str) -> Option<&'a str> {
    object.pointer(map)?.get(key)?.as_str()
}
