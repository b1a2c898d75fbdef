//! What a `Snapshot` document tells of the objects beside it: what was looked for, and what could not be read.

use serde_json::Value;

use super::read::{list, text};

/// A `Snapshot` document.
#[derive(Debug)]
pub(super) struct Told<'a> {
    /// The namespaces that were read; none means all.
    namespaces: Option<Vec<&'a str>>,
    /// What could not be read, in words.
    unread: Vec<&'a str>,
}

impl<'a> Told<'a> {
    /// Reads one.
    pub(super) fn new(document: &'a Value) -> Self {
        let namespaces = document.get("namespaces").and_then(Value::as_array);
        Self {
            namespaces: namespaces.map(|all| all.iter().filter_map(Value::as_str).collect()),
            unread: list(document, "/unread")
                .map(|one| text(one, "/what"))
                .collect(),
        }
    }

    /// Whether the objects of a kind in a namespace were all read. `what` names them by their kind, in one way or
    /// another, so a kind that is mentioned counts as unread.
    pub(super) fn is_complete(&self, namespace: &str, kind: &str) -> bool {
        let here = self
            .namespaces
            .as_ref()
            .is_none_or(|all| all.contains(&namespace));
        let kind = kind.to_lowercase();
        here && !self
            .unread
            .iter()
            .any(|what| what.to_lowercase().contains(&kind))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_not_read_is_not_taken_for_absent() {
        let document = json!({
            "kind": "Snapshot",
            "namespaces": ["ml"],
            "unread": [{"what": "PodAutoscalers of ml", "why": "forbidden"}],
        });
        let told = Told::new(&document);
        assert!(told.is_complete("ml", "Revision"));
        assert!(!told.is_complete("ml", "PodAutoscaler"));
        assert!(!told.is_complete("other", "Revision"));
        let everywhere = json!({"kind": "Snapshot"});
        assert!(Told::new(&everywhere).is_complete("other", "PodAutoscaler"));
    }
}
