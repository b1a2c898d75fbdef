//! Plain Kubernetes objects that stand for a cluster: read from files, or gathered from a live one.
//!
//! What judges a cluster (`explain`, `list`, `check`, `preview`) reads a [`Snapshot`] and does not know where it came from.
//! Beside the objects it carries what they cannot tell: that an object is known not to be there, and what could not be
//! read. Both stand in a document of kind `Snapshot`, the first of what `kubectl kscale snapshot` writes.

mod about;
mod gather;
mod request;
mod trim;
mod wanted;

use kscale_rules::facts::{Facts, FactsSource};
use serde_json::Value;

use crate::facts::text;
use crate::input::Document;

pub(crate) use about::Unread;
pub(crate) use gather::{before, gather};
pub(crate) use wanted::{Place, Scope, Wanted};

/// Objects, and what is known beside them.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    /// The objects, with `apiVersion` and `kind`.
    pub(crate) objects: Vec<Value>,
    /// What could not be read: it is assumed then.
    pub(crate) unread: Vec<Unread>,
    /// Whether a live cluster was asked.
    pub(crate) live: bool,
}

impl Snapshot {
    /// What files hold.
    pub(crate) fn of_documents(documents: Vec<Document>) -> Self {
        let objects: Vec<Value> = documents.into_iter().map(|one| one.value).collect();
        Self {
            unread: about::unread(&objects),
            objects,
            live: false,
        }
    }

    /// The objects of a kind, in the order they were read. `group` is the API group, empty for the core one.
    pub(crate) fn of_kind<'a>(
        &'a self,
        group: &'a str,
        kind: &'a str,
    ) -> impl Iterator<Item = &'a Value> {
        self.objects
            .iter()
            .filter(move |object| is_of_kind(object, group, kind))
    }

    /// One object by its name; `namespace` is empty for what belongs to none.
    pub(crate) fn find(
        &self,
        group: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Option<&Value> {
        self.objects.iter().find(|object| {
            is_of_kind(object, group, kind)
                && text(object, "/metadata/namespace") == namespace
                && text(object, "/metadata/name") == name
        })
    }

    /// When it was taken; empty where nobody says.
    pub(crate) fn taken_at(&self) -> &str {
        about::of(&self.objects).map_or("", |about| text(about, "/takenAt"))
    }

    /// What the objects tell about the cluster.
    pub(crate) fn facts(&self) -> Facts {
        Facts::from_objects(&self.objects, self.source())
    }

    /// Whether all ServingRuntimes there are were read, and not only some that stand among other objects.
    pub(crate) fn knows_all_runtimes(&self) -> bool {
        if about::of(&self.objects).is_some() {
            return !self
                .unread
                .iter()
                .any(|one| one.what.contains("ServingRuntime"));
        }
        let mut kinds = self.objects.iter().map(|object| text(object, "/kind"));
        kinds.any(|kind| kind.ends_with("ServingRuntime"))
    }

    /// Where the facts come from on the whole.
    pub(crate) fn source(&self) -> FactsSource {
        if self.live {
            FactsSource::Cluster
        } else if self.objects.is_empty() {
            FactsSource::Defaults
        } else {
            FactsSource::Snapshot
        }
    }
}

/// Whether `object` is of an API group and kind, whatever the version.
pub(crate) fn is_of_kind(object: &Value, group: &str, kind: &str) -> bool {
    let version = text(object, "/apiVersion");
    let of = version.split_once('/').map_or("", |(group, _)| group);
    of == group && text(object, "/kind") == kind
}
