//! Containers and their environment, as far as predictions need them.

use serde_json::{Map, Value};

/// A container of a pod spec, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct ContainerView<'a> {
    /// Its position in the list.
    pub index: usize,
    /// Its fields.
    pub fields: &'a Map<String, Value>,
}

impl<'a> ContainerView<'a> {
    /// `name`, or empty.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.fields
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The value of an environment variable; empty when it comes from elsewhere.
    #[must_use]
    pub fn env(&self, name: &str) -> Option<&'a str> {
        env_value(self.fields, name)
    }
}

/// The containers listed under `key` (`containers` or `initContainers`). Entries that are no objects are passed over.
#[must_use]
pub fn containers<'a>(spec: &'a Map<String, Value>, key: &str) -> Vec<ContainerView<'a>> {
    let items = spec.get(key).and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(index, item)| {
            let fields = item.as_object()?;
            Some(ContainerView { index, fields })
        })
        .collect()
}

/// The value of an environment variable of a container; empty when it is set from elsewhere, none when it is not set.
#[must_use]
pub fn env_value<'a>(container: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let entries = container.get("env")?.as_array()?;
    let entry = entries
        .iter()
        .find(|entry| entry.get("name").and_then(Value::as_str) == Some(name))?;
    Some(
        entry
            .get("value")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    )
}
