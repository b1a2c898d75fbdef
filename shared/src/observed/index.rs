//! All objects of a cluster, found by name, by owner or by what they scale. Made once, and shared by all workloads.

use std::collections::BTreeMap;

use serde_json::Value;

use super::read::{entry, list, name, text};
use super::time;
use super::told::Told;

/// An API group, a kind, a namespace and a name.
type Name<'a> = (&'a str, &'a str, &'a str, &'a str);
/// A namespace, a kind and a name.
type Of<'a> = (&'a str, &'a str, &'a str);

/// The label of Knative on the pods of a Revision.
const REVISION: &str = "serving.knative.dev/revision";

/// Objects of a cluster.
#[derive(Debug, Default)]
pub struct Index<'a> {
    names: BTreeMap<Name<'a>, &'a Value>,
    children: BTreeMap<Of<'a>, Vec<&'a Value>>,
    scalers: BTreeMap<(&'a str, &'a str), Vec<&'a Value>>,
    pods: BTreeMap<Of<'a>, Vec<&'a Value>>,
    events: BTreeMap<Of<'a>, Vec<&'a Value>>,
    newest: BTreeMap<&'a str, i64>,
    now: Option<i64>,
    told: Option<Told<'a>>,
}

impl<'a> Index<'a> {
    /// Looks at every object once, `List`s among them, and the `Snapshot` document.
    #[must_use]
    pub fn new(objects: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut index = Self::default();
        for object in objects {
            match object.get("items").and_then(Value::as_array) {
                Some(items) if text(object, "/kind").ends_with("List") => {
                    items.iter().for_each(|item| index.add(item));
                }
                _ => index.add(object),
            }
        }
        index
    }

    /// What time it is, as the API server writes it. Without it, the newest time in a namespace stands for now.
    #[must_use]
    pub fn at(mut self, now: &str) -> Self {
        self.now = time::seconds(now);
        self
    }

    fn add(&mut self, object: &'a Value) {
        let (version, kind) = (text(object, "/apiVersion"), text(object, "/kind"));
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let namespace = text(object, "/metadata/namespace");
        self.look_at_times(object, namespace);
        match (group, kind) {
            ("kscale.dev", "Snapshot") => {
                self.told = Some(Told::new(object));
                return;
            }
            ("" | "events.k8s.io", "Event") => return self.event(object, namespace),
            ("", "Pod") => self.pod(object, namespace),
            ("autoscaling", "HorizontalPodAutoscaler") | ("keda.sh", "ScaledObject") => {
                let target = text(object, "/spec/scaleTargetRef/name");
                let scalers = self.scalers.entry((namespace, target)).or_default();
                scalers.push(object);
            }
            _ => {}
        }
        for owner in list(object, "/metadata/ownerReferences") {
            let of = (namespace, text(owner, "/kind"), text(owner, "/name"));
            self.children.entry(of).or_default().push(object);
        }
        self.names
            .insert((group, kind, namespace, name(object)), object);
    }

    fn event(&mut self, object: &'a Value, namespace: &'a str) {
        // Events of events.k8s.io call it otherwise.
        let about = ["/involvedObject", "/regarding"]
            .into_iter()
            .find_map(|pointer| object.pointer(pointer));
        if let Some(about) = about {
            let of = (namespace, text(about, "/kind"), text(about, "/name"));
            self.events.entry(of).or_default().push(object);
        }
    }

    fn pod(&mut self, object: &'a Value, namespace: &'a str) {
        let of = match entry(object, "labels", REVISION) {
            Some(revision) => Some((namespace, "Revision", revision)),
            None => entry(object, "labels", "app").map(|app| (namespace, "app", app)),
        };
        if let Some(of) = of {
            self.pods.entry(of).or_default().push(object);
        }
    }

    fn look_at_times(&mut self, object: &'a Value, namespace: &'a str) {
        let mut newest = None;
        let mut see = |value: &str| newest = newest.max(time::seconds(value));
        for pointer in [
            "/metadata/creationTimestamp",
            "/lastTimestamp",
            "/eventTime",
        ] {
            see(text(object, pointer));
        }
        for condition in list(object, "/status/conditions") {
            see(text(condition, "/lastTransitionTime"));
            see(text(condition, "/lastUpdateTime"));
        }
        if let Some(newest) = newest {
            let known = self.newest.entry(namespace).or_insert(newest);
            *known = (*known).max(newest);
        }
    }

    /// One object by its name.
    pub(super) fn find(
        &self,
        group: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Option<&'a Value> {
        self.names.get(&(group, kind, namespace, name)).copied()
    }

    /// The objects of a kind that name an owner.
    pub(super) fn children(
        &self,
        namespace: &str,
        owner: (&str, &str),
        kind: &str,
    ) -> Vec<&'a Value> {
        let all = self.children.get(&(namespace, owner.0, owner.1));
        let of_kind = |object: &&&'a Value| text(object, "/kind") == kind;
        all.into_iter().flatten().filter(of_kind).copied().collect()
    }

    /// What scales a Deployment: HPAs and ScaledObjects.
    pub(super) fn scalers(&self, namespace: &str, deployment: &str) -> Vec<&'a Value> {
        self.scalers
            .get(&(namespace, deployment))
            .cloned()
            .unwrap_or_default()
    }

    /// The pods of a Revision, or those with an `app` label.
    pub(super) fn pods(&self, namespace: &str, of: (&str, &str)) -> Vec<&'a Value> {
        self.pods
            .get(&(namespace, of.0, of.1))
            .cloned()
            .unwrap_or_default()
    }

    /// The events about an object.
    pub(super) fn events(&self, namespace: &str, kind: &str, name: &str) -> Vec<&'a Value> {
        self.events
            .get(&(namespace, kind, name))
            .cloned()
            .unwrap_or_default()
    }

    /// How long ago something was; none where that cannot be told.
    pub(super) fn age(&self, namespace: &str, since: Option<i64>) -> Option<i64> {
        let now = self.now.or_else(|| self.newest.get(namespace).copied())?;
        Some((now - since?).max(0))
    }

    /// Whether objects of a kind in a namespace would be here if they were there.
    pub(super) fn is_complete(&self, namespace: &str, kind: &str) -> bool {
        let told = self.told.as_ref();
        told.is_some_and(|told| told.is_complete(namespace, kind))
    }
}
