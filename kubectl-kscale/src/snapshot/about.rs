//! The document of kind `Snapshot`: what plain objects cannot tell.

use kscale_rules::explain::API_VERSION;
use serde::Serialize;
use serde_json::{Value, json};

use super::is_of_kind;
use crate::facts::text;

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Unread {
    /// Such as `ConfigMap knative-serving/config-autoscaler`.
    pub(crate) what: String,
    /// What the API server said.
    pub(crate) why: String,
}

/// Something that was asked for and is known not to be there; without a name, a whole kind, its API included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Absent {
    pub(super) kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) namespace: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
}

/// Everything that the document says.
#[derive(Debug, Default)]
pub(super) struct About {
    /// When, as the API server writes times.
    pub(super) taken_at: String,
    pub(super) server_version: Option<Value>,
    pub(super) groups: Option<Vec<Value>>,
    /// The namespaces whose workloads were read; none means all of them.
    pub(super) namespaces: Option<Vec<String>>,
    pub(super) absent: Vec<Absent>,
    pub(super) unread: Vec<Unread>,
}

impl About {
    /// The document, without what is not known.
    pub(super) fn document(&self) -> Value {
        let mut document = json!({"apiVersion": API_VERSION, "kind": "Snapshot"});
        let parts = [
            ("takenAt", json!(self.taken_at)),
            ("serverVersion", json!(self.server_version)),
            ("groups", json!(self.groups)),
            ("namespaces", json!(self.namespaces)),
            ("absent", json!(self.absent)),
            ("unread", json!(self.unread)),
        ];
        if let Some(fields) = document.as_object_mut() {
            let said = |value: &Value| !value.is_null() && *value != json!([]);
            for (key, value) in parts {
                // No namespaces at all is another thing than all of them.
                if said(&value) || (key == "namespaces" && value.is_array()) {
                    fields.insert(key.to_owned(), value);
                }
            }
        }
        document
    }
}

/// The document among objects.
pub(super) fn of(objects: &[Value]) -> Option<&Value> {
    objects
        .iter()
        .find(|object| is_of_kind(object, "kscale.dev", "Snapshot"))
}

/// What it says could not be read.
pub(super) fn unread(objects: &[Value]) -> Vec<Unread> {
    let list = of(objects).and_then(|about| about.get("unread"));
    let list = list.and_then(Value::as_array);
    let one = |entry: &Value| Unread {
        what: text(entry, "/what").to_owned(),
        why: text(entry, "/why").to_owned(),
    };
    list.into_iter().flatten().map(one).collect()
}
