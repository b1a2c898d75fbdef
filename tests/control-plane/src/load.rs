//! Recorded objects, laid into a control plane exactly as they were.
//!
//! A recording is what real controllers made: statuses, generations, uids that owners are named by, times of creation. Sent
//! through the API server, all of these would be made anew. So the objects are written to where an API server keeps them,
//! below its registry in etcd, as JSON, which it reads as well as what it writes itself. From then on they are as real as any:
//! lists, watches, selectors, pruning by the definitions, all is the API server's own.

use serde_json::{Value, json};

use crate::objects::namespace;
use crate::{ControlPlane, Error};

const ROOT: &str = "/registry";

/// Kinds that stand in recordings and in no API server; those that would have it call somebody who is not here; and those that
/// must be installed before, so that what they define is served.
const LEFT_OUT: [&str; 6] = [
    "CRDNames",
    "ServerVersion",
    "Snapshot",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
    "CustomResourceDefinition",
];

/// Versions that an old API server does not have, and the one in whose shape the same fields fit.
const OLDER: [(&str, &str); 3] = [
    ("autoscaling/v2", "autoscaling/v2beta2"),
    ("policy/v1", "policy/v1beta1"),
    ("discovery.k8s.io/v1", "discovery.k8s.io/v1beta1"),
];

impl ControlPlane {
    /// Lays the objects in, status and all. Their definitions must be installed; missing namespaces are made. Left out are
    /// definitions, configurations of webhooks, and the APIServices of what the API server serves itself. Those of aggregated
    /// APIs are laid in, and found unavailable, as nobody answers: see [`ControlPlane::install_metrics_api`].
    pub fn load(&self, objects: &[Value]) -> Result<(), Error> {
        self.load_into(None, objects)
    }

    /// [`ControlPlane::load`], with every namespace but those of systems (`kube-…`, `knative-…`, `kserve`) replaced by
    /// `namespace`, so that one recording can be laid in many times.
    pub fn load_into(&self, into: Option<&str>, objects: &[Value]) -> Result<(), Error> {
        let mut namespaces = Vec::new();
        let mut pairs = Vec::new();
        for object in objects {
            let kind = object["kind"].as_str().unwrap_or_default();
            if LEFT_OUT.contains(&kind) {
                continue;
            }
            if kind == "APIService" && object["spec"]["service"].is_null() {
                continue;
            }
            let mut object = object.clone();
            if let Some(into) = into {
                crate::namespaces::move_into(&mut object, into);
            }
            if object["metadata"]["namespace"].is_string() {
                namespaces.push(namespace(&object).to_owned());
            }
            pairs.push(self.stored(object)?);
        }
        namespaces.sort();
        namespaces.dedup();
        // A recorded namespace comes with the rest, and over the one made here.
        for name in &namespaces {
            self.ensure_namespace(name)?;
        }
        self.etcd.put(&pairs)
    }

    /// Where and as what the API server would keep an object.
    fn stored(&self, mut object: Value) -> Result<(String, Value), Error> {
        let kind = match self.kind(&object) {
            Ok(kind) => kind,
            Err(error) => {
                let older = older(&object).ok_or(error)?;
                object["apiVersion"] = older.into();
                self.kind(&object)?
            }
        };
        if let Some(metadata) = object["metadata"].as_object_mut() {
            // etcd's own count stands for it.
            metadata.remove("resourceVersion");
            metadata.remove("managedFields");
            metadata.remove("selfLink");
            metadata
                .entry("creationTimestamp")
                .or_insert_with(|| "2026-01-01T00:00:00Z".into());
            let count = self.next_number();
            metadata
                .entry("uid")
                .or_insert_with(|| format!("00000000-0000-4000-8000-{count:012}").into());
            if kind.namespaced {
                metadata
                    .entry("namespace")
                    .or_insert_with(|| "default".into());
            }
            // A custom resource has one from its first day; without, nothing says what was observed.
            if kind.group.contains('.') {
                metadata.entry("generation").or_insert(json!(1));
            }
        }
        let folder = folder(&kind.group, &kind.plural);
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let key = if kind.namespaced {
            format!("{ROOT}/{folder}/{}/{name}", namespace(&object))
        } else {
            format!("{ROOT}/{folder}/{name}")
        };
        Ok((key, object))
    }
}

/// The version of an old API server in whose shape the same fields fit.
pub(crate) fn older(object: &Value) -> Option<&'static str> {
    let api_version = object["apiVersion"].as_str()?;
    OLDER
        .iter()
        .find(|(new, _)| *new == api_version)
        .map(|(_, old)| *old)
}

/// Custom resources and the two APIs about APIs lie below their group; what is built in does not, and some of it under names
/// of its own.
fn folder(group: &str, plural: &str) -> String {
    match (group, plural) {
        ("", "services") => "services/specs".to_owned(),
        ("", "endpoints") => "services/endpoints".to_owned(),
        ("", "nodes") => "minions".to_owned(),
        ("", "replicationcontrollers") => "controllers".to_owned(),
        ("networking.k8s.io", "ingresses") => "ingress".to_owned(),
        ("apiextensions.k8s.io" | "apiregistration.k8s.io", _) => format!("{group}/{plural}"),
        _ if is_built_in(group) => plural.to_owned(),
        _ => format!("{group}/{plural}"),
    }
}

fn is_built_in(group: &str) -> bool {
    !group.contains('.') || group.ends_with(".k8s.io")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_that_api_servers_use() {
        for (group, plural, expected) in [
            ("", "pods", "pods"),
            ("", "services", "services/specs"),
            ("apps", "deployments", "deployments"),
            (
                "autoscaling",
                "horizontalpodautoscalers",
                "horizontalpodautoscalers",
            ),
            ("networking.k8s.io", "ingresses", "ingress"),
            (
                "apiregistration.k8s.io",
                "apiservices",
                "apiregistration.k8s.io/apiservices",
            ),
            (
                "serving.knative.dev",
                "services",
                "serving.knative.dev/services",
            ),
        ] {
            assert_eq!(folder(group, plural), expected);
        }
    }
}
