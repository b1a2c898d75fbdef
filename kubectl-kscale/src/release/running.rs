//! Which Knative runs, by everything that tells it.

use serde_json::Value;

use super::{NAME, Named, version_of};
use crate::facts::text;
use crate::snapshot::Snapshot;

/// The programs of Knative Serving, that which counts first: it makes the PodAutoscalers that the extension acts on.
const PROGRAMS: [&str; 4] = ["controller", "autoscaler", "webhook", "activator"];

const CRD: &str = "services.serving.knative.dev";

/// What runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Running {
    /// Nothing of Knative Serving is there.
    Nowhere,
    /// Its CustomResourceDefinitions are there, and in this namespace none of its programs.
    Elsewhere {
        /// The namespaces in which the operator has one.
        operated: Vec<String>,
    },
    /// The operator installs it, and the extension with it.
    Operated(Operator),
    /// It runs, and nothing says in which version.
    Unversioned,
    /// It runs.
    Found {
        /// The version that counts.
        version: Named,
        /// What says so.
        by: String,
        /// What says otherwise: what it is, and its version.
        others: Vec<(String, Named)>,
        /// Whether programs of several versions run, as they do during an upgrade.
        upgrading: bool,
    },
}

/// The operator's own object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Operator {
    /// Its namespace.
    pub(crate) namespace: String,
    /// Its name.
    pub(crate) name: String,
    /// The version that it has brought about; none before it has.
    pub(crate) version: Option<String>,
}

/// What runs in `namespace`.
pub(crate) fn running(snapshot: &Snapshot, namespace: &str) -> Running {
    if let Some(operator) = operator(snapshot, namespace) {
        return Running::Operated(operator);
    }
    let programs: Vec<(&str, &Value)> = PROGRAMS
        .iter()
        .filter_map(|name| Some((*name, snapshot.find("apps", "Deployment", namespace, name)?)))
        .collect();
    let crd = snapshot.find("apiextensions.k8s.io", "CustomResourceDefinition", "", CRD);
    if programs.is_empty() {
        let operated: Vec<String> = operators(snapshot).map(|one| one.namespace).collect();
        if crd.is_none() && operated.is_empty() {
            return Running::Nowhere;
        }
        return Running::Elsewhere { operated };
    }
    let mut said: Vec<(String, Named)> = programs
        .into_iter()
        .filter_map(|(name, object)| Some((format!("Deployment {name}"), version_of(object)?)))
        .collect();
    let of_programs = said.len();
    let namespace_object = snapshot.find("", "Namespace", "", namespace);
    let about_all = [
        (format!("Namespace {namespace}"), namespace_object),
        (format!("CustomResourceDefinition {CRD}"), crd),
    ];
    said.extend(
        about_all
            .into_iter()
            .filter_map(|(what, object)| Some((what, version_of(object?)?))),
    );
    let Some((by, version)) = said.first().cloned() else {
        return Running::Unversioned;
    };
    let differs = |(_, other): &&(String, Named)| *other != version;
    let upgrading = said[..of_programs].iter().any(|one| differs(&one));
    let others = said.iter().filter(differs).cloned().collect();
    Running::Found {
        version,
        by,
        others,
        upgrading,
    }
}

/// The extension's own Deployment, and the version that it says to be of.
pub(crate) fn extension<'a>(
    snapshot: &'a Snapshot,
    namespace: &str,
) -> Option<(&'a Value, Option<Named>)> {
    let deployment = snapshot.find("apps", "Deployment", namespace, NAME)?;
    Some((deployment, version_of(deployment)))
}

/// The operator's object for `namespace`; failing that, what a Deployment says of its owner: not everybody may read the
/// former.
fn operator(snapshot: &Snapshot, namespace: &str) -> Option<Operator> {
    let own = operators(snapshot).find(|one| one.namespace == namespace);
    own.or_else(|| {
        let named = PROGRAMS.iter().chain([&NAME]);
        let mut deployments =
            named.filter_map(|name| snapshot.find("apps", "Deployment", namespace, name));
        deployments.find_map(|deployment| {
            let owners = deployment
                .pointer("/metadata/ownerReferences")?
                .as_array()?;
            let owner = owners.iter().find(|owner| {
                text(owner, "/kind") == "KnativeServing"
                    && text(owner, "/apiVersion").starts_with("operator.knative.dev/")
            })?;
            Some(Operator {
                namespace: namespace.to_owned(),
                name: text(owner, "/name").to_owned(),
                version: None,
            })
        })
    })
}

fn operators(snapshot: &Snapshot) -> impl Iterator<Item = Operator> + '_ {
    let all = snapshot.of_kind("operator.knative.dev", "KnativeServing");
    all.map(|object| {
        let version = object.pointer("/status/version").and_then(Value::as_str);
        Operator {
            namespace: text(object, "/metadata/namespace").to_owned(),
            name: text(object, "/metadata/name").to_owned(),
            version: version.map(str::to_owned),
        }
    })
}
