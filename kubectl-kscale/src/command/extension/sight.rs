//! What is known of one object.

use serde_json::Value;

use crate::snapshot::{Snapshot, Unread};

/// What was seen of a cluster, and where Knative is looked for in it.
#[derive(Debug)]
pub(in crate::command) struct Sight {
    /// What was seen.
    pub(in crate::command) snapshot: Snapshot,
    /// Where Knative is looked for.
    pub(in crate::command) namespace: String,
}

/// An object, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::command) enum State<'a> {
    /// It is there.
    There(&'a Value),
    /// It is not there.
    Absent,
    /// It could not be read; why.
    Unknown(&'a str),
}

/// What an object is called where it could not be read.
pub(super) fn label(kind: &str, namespace: &str, name: &str) -> String {
    if namespace.is_empty() {
        format!("{kind} {name}")
    } else {
        format!("{kind} {namespace}/{name}")
    }
}

/// The same for all of a kind.
pub(super) fn label_of_all(kind: &str, namespace: &str) -> String {
    if namespace.is_empty() {
        format!("{kind}s")
    } else {
        format!("{kind}s of {namespace}")
    }
}

impl Sight {
    /// One object, in the namespace of Knative.
    pub(in crate::command) fn of_knative(&self, group: &str, kind: &str, name: &str) -> State<'_> {
        self.state(group, kind, &self.namespace, name)
    }

    /// One object that belongs to no namespace.
    pub(in crate::command) fn of_cluster(&self, group: &str, kind: &str, name: &str) -> State<'_> {
        self.state(group, kind, "", name)
    }

    fn state(&self, group: &str, kind: &str, namespace: &str, name: &str) -> State<'_> {
        if let Some(object) = self.snapshot.find(group, kind, namespace, name) {
            return State::There(object);
        }
        let one = label(kind, namespace, name);
        match self
            .unread(&one)
            .or_else(|| self.unread_list(kind, namespace))
        {
            Some(unread) => State::Unknown(&unread.why),
            None => State::Absent,
        }
    }

    /// Why all of a kind could not be listed; none where they could.
    pub(in crate::command) fn unread_list(&self, kind: &str, namespace: &str) -> Option<&Unread> {
        self.unread(&label_of_all(kind, namespace))
    }

    fn unread(&self, what: &str) -> Option<&Unread> {
        self.snapshot.unread.iter().find(|one| one.what == what)
    }

    /// What the API server says of itself: a document of kind `Snapshot`.
    pub(in crate::command) fn server(&self) -> Option<&Value> {
        self.snapshot.of_kind("kscale.dev", "Snapshot").next()
    }
}
