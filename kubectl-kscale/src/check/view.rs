//! What a snapshot tells, and what it does not: that a thing is there, that it is not, or that nobody knows.

use kscale_rules::facts::Facts;
use serde_json::Value;

use crate::facts::text;
use crate::snapshot::Snapshot;

/// The namespace of Knative Serving.
pub(super) const KNATIVE: &str = "knative-serving";

/// The kinds that were read of some namespaces only.
const WORKLOADS: [&str; 3] = [
    "PodAutoscaler",
    "HorizontalPodAutoscaler",
    "InferenceService",
];

/// What is known of a thing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Told<T> {
    /// It is there.
    There(T),
    /// It is known not to be there.
    Absent,
    /// Nobody knows, and why.
    Unknown(String),
}

/// A snapshot, looked at by the checks.
pub(crate) struct View<'a> {
    snapshot: &'a Snapshot,
    /// What the snapshot tells of the cluster.
    pub(super) facts: Facts,
    /// Whether only what must hold before `install` is looked at.
    pub(super) pre: bool,
    /// The document of kind `Snapshot`; none where objects were gathered by other means.
    document: Option<&'a Value>,
}

impl<'a> View<'a> {
    /// Looks at a snapshot.
    pub(super) fn new(snapshot: &'a Snapshot, pre: bool) -> Self {
        let of_kind = |kind: &str| {
            let mut objects = snapshot.objects.iter();
            objects.find(|object| text(object, "/kind") == kind)
        };
        Self {
            snapshot,
            facts: snapshot.facts(),
            pre,
            document: of_kind("Snapshot"),
        }
    }

    /// `GET /version` of the API server.
    pub(super) fn server_version(&self) -> Option<&'a Value> {
        let told = self
            .document
            .and_then(|document| document.get("serverVersion"));
        let recorded = || {
            let mut objects = self.snapshot.objects.iter();
            let object = objects.find(|object| text(object, "/kind") == "ServerVersion")?;
            object.get("version")
        };
        told.filter(|version| !text(version, "/gitVersion").is_empty())
            .or_else(recorded)
    }

    /// Objects of a kind, as they were read.
    pub(super) fn all(&self, group: &'a str, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.snapshot.of_kind(group, kind)
    }

    /// All objects of a kind, where they were asked for; none may be there then.
    pub(super) fn list(&self, group: &'a str, kind: &'a str) -> Told<Vec<&'a Value>> {
        let found: Vec<&Value> = self.all(group, kind).collect();
        if !found.is_empty() {
            return Told::There(found);
        }
        if self.group(group) == Some(false) {
            return Told::There(found);
        }
        if let Some(why) = self.unread(&[kind]) {
            return Told::Unknown(why);
        }
        match self.document {
            // Facts alone were gathered, and no workload was asked for.
            Some(_) if WORKLOADS.contains(&kind) && self.namespaces() == Some(Vec::new()) => {
                Told::Unknown(format!("no {kind} was asked for"))
            }
            Some(_) => Told::There(found),
            None => Told::Unknown(format!("no {kind} was given")),
        }
    }

    /// An object by its name; `namespace` is empty for what belongs to none.
    pub(super) fn object(
        &self,
        group: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Told<&'a Value> {
        if let Some(object) = self.snapshot.find(group, kind, namespace, name) {
            return Told::There(object);
        }
        if self.is_absent(kind, namespace, name) || self.is_absent("Namespace", "", namespace) {
            return Told::Absent;
        }
        if let Some(why) = self.unread(&[kind, name]) {
            return Told::Unknown(why);
        }
        Told::Unknown(format!("the snapshot does not hold the {kind} {name}"))
    }

    /// A Deployment. Where others of its namespace were read and this one was not, it is not there.
    pub(super) fn deployment(&self, namespace: &str, name: &str) -> Told<&'a Value> {
        let told = self.object("apps", "Deployment", namespace, name);
        let Told::Unknown(why) = told else {
            return told;
        };
        if let Some(why) = self.unread(&["Deployment", namespace]) {
            return Told::Unknown(why);
        }
        let mut others = self.all("apps", "Deployment");
        let are_told = others.any(|one| text(one, "/metadata/namespace") == namespace);
        // Those of Knative are always asked for.
        if are_told || (self.document.is_some() && namespace == KNATIVE) {
            Told::Absent
        } else {
            Told::Unknown(why)
        }
    }

    /// A CustomResourceDefinition, or what stands for it in a recording. `plural.group`
    pub(super) fn crd(&self, name: &str) -> Told<&'a Value> {
        const KIND: &str = "CustomResourceDefinition";
        let mut recorded = self.recorded_crds();
        if let Some(crd) = recorded.find(|crd| text(crd, "/name") == name) {
            return Told::There(crd);
        }
        let told = self.object("apiextensions.k8s.io", KIND, "", name);
        let group = name.split_once('.').map_or(name, |(_, group)| group);
        let others = self.all("apiextensions.k8s.io", KIND).next().is_some();
        let Told::Unknown(why) = told else {
            return told;
        };
        if self.group(group) == Some(false) {
            return Told::Absent;
        }
        // Whoever gives some of them by hand gives what there is; so the facts read it too.
        let is_complete =
            self.recorded_crds().next().is_some() || (self.document.is_none() && others);
        if is_complete {
            Told::Absent
        } else {
            Told::Unknown(why)
        }
    }

    /// What stands for all CustomResourceDefinitions in a recording: names and labels.
    fn recorded_crds(&self) -> impl Iterator<Item = &'a Value> {
        let objects = self.snapshot.objects.iter();
        objects.filter(|object| text(object, "/kind") == "CRDNames")
    }

    /// Whether the API server serves a group version, such as `autoscaling/v2`; none where nobody told.
    pub(super) fn serves(&self, group: &str, version: &str) -> Option<bool> {
        if let Some(groups) = self.groups() {
            let mut groups = groups.iter();
            let group = groups.find(|one| text(one, "/name") == group);
            let versions = group.and_then(|group| group.get("versions")?.as_array());
            return Some(
                versions
                    .into_iter()
                    .flatten()
                    .any(|one| one.as_str() == Some(version)),
            );
        }
        self.has_all_api_services().then(|| {
            let name = format!("{version}.{group}");
            self.api_service(&name).is_some()
        })
    }

    /// Whether the API server has a group at all; none where nobody told.
    pub(super) fn group(&self, name: &str) -> Option<bool> {
        if let Some(groups) = self.groups() {
            return Some(groups.iter().any(|group| text(group, "/name") == name));
        }
        self.has_all_api_services().then(|| {
            let mut services = self.all("apiregistration.k8s.io", "APIService");
            let of = |service: &Value| {
                text(service, "/metadata/name")
                    .split_once('.')
                    .map(|(_, group)| group == name)
            };
            services.any(|service| of(service) == Some(true))
        })
    }

    fn groups(&self) -> Option<&'a Vec<Value>> {
        self.document?.get("groups")?.as_array()
    }

    /// An APIService by its name.
    pub(super) fn api_service(&self, name: &str) -> Option<&'a Value> {
        let mut services = self.all("apiregistration.k8s.io", "APIService");
        services.find(|service| text(service, "/metadata/name") == name)
    }

    /// Whether all of them were read: the one of the core group is in every cluster.
    pub(super) fn has_all_api_services(&self) -> bool {
        self.api_service("v1.").is_some()
    }

    /// Whether the snapshot says that this was asked for and is not there.
    pub(super) fn is_absent(&self, kind: &str, namespace: &str, name: &str) -> bool {
        if name.is_empty() {
            return false;
        }
        let absent = self
            .document
            .and_then(|document| document.get("absent")?.as_array());
        let mut absent = absent.into_iter().flatten();
        absent.any(|one| {
            text(one, "/kind") == kind
                && text(one, "/name") == name
                && text(one, "/namespace") == namespace
        })
    }

    /// Why something could not be read of which all these words are said; none where it was.
    pub(super) fn unread(&self, words: &[&str]) -> Option<String> {
        let mut all = self.snapshot.unread.iter();
        let one = all.find(|one| words.iter().all(|word| one.what.contains(word)))?;
        Some(format!("{} could not be read: {}", one.what, one.why))
    }

    /// The namespaces whose workloads were read; none where it was all of them, or nobody told.
    fn namespaces(&self) -> Option<Vec<&'a str>> {
        let names = self.document?.get("namespaces")?.as_array()?;
        Some(names.iter().filter_map(Value::as_str).collect())
    }

    /// Whether a live cluster was asked.
    pub(super) fn is_live(&self) -> bool {
        self.snapshot.live
    }

    /// Where workloads were looked for, for the end of a sentence.
    pub(super) fn scope(&self) -> String {
        let names = self.namespaces().unwrap_or_default();
        match (self.document.is_some(), names.as_slice()) {
            (true, []) => "in any namespace".to_owned(),
            (true, [one]) => format!("in namespace {one}"),
            (true, several) => format!("in namespaces {}", several.join(", ")),
            (false, _) => "among the objects given".to_owned(),
        }
    }
}

/// `namespace/name`, or the name alone.
pub(super) fn name_of(object: &Value) -> String {
    let (namespace, name) = (
        text(object, "/metadata/namespace"),
        text(object, "/metadata/name"),
    );
    if namespace.is_empty() {
        name.to_owned()
    } else {
        format!("{namespace}/{name}")
    }
}

/// An annotation; empty where it is not there.
pub(super) fn annotation<'a>(object: &'a Value, key: &str) -> &'a str {
    let annotations = object
        .get("metadata")
        .and_then(|meta| meta.get("annotations"));
    let value = annotations.and_then(|all| all.get(key)?.as_str());
    value.unwrap_or_default()
}

/// A label, of an object or of what stands for one in a recording; empty where it is not there.
pub(super) fn label<'a>(object: &'a Value, key: &str) -> &'a str {
    let labels = object.get("metadata").unwrap_or(object).get("labels");
    let value = labels.and_then(|all| all.get(key)?.as_str());
    value.unwrap_or_default()
}

/// A condition of the object's status by its type.
pub(super) fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    let conditions = object.get("status")?.get("conditions")?.as_array()?;
    conditions.iter().find(|one| text(one, "/type") == kind)
}

/// `reason: message` of a condition.
pub(super) fn words(condition: &Value) -> String {
    let (reason, message) = (text(condition, "/reason"), text(condition, "/message"));
    match (reason, message) {
        ("", message) => message.to_owned(),
        (reason, "") => reason.to_owned(),
        (reason, message) => format!("{reason}: {message}"),
    }
}

/// Names for a sentence: the first few, and how many more.
pub(super) fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut text = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}
