//! As what workloads are looked at.

use kscale_rules::preview::Kubernetes;
use serde_json::Value;

use crate::facts::text;
use crate::input::Document;

fn is_workload(object: &Value) -> bool {
    matches!(
        (text(object, "/apiVersion"), text(object, "/kind")),
        ("serving.kserve.io/v1beta1", "InferenceService")
            | ("serving.kserve.io/v1alpha1", "InferenceGraph")
            | ("serving.knative.dev/v1", "Service")
    )
}

/// Gives manifests what the cluster has written to the same objects: the status, and the annotation of the deployment mode,
/// which an apply leaves where the manifest has none.
pub(in crate::command) fn merge(given: &mut [Document], snapshot: &[Value]) {
    const MODE: &str = "serving.kserve.io/deploymentMode";
    for document in given
        .iter_mut()
        .filter(|document| is_workload(&document.value))
    {
        let same = |live: &&Value| {
            let pointers = [
                "/apiVersion",
                "/kind",
                "/metadata/namespace",
                "/metadata/name",
            ];
            let mut pointers = pointers.into_iter();
            pointers.all(|pointer| text(live, pointer) == text(&document.value, pointer))
        };
        let Some(live) = snapshot.iter().find(same) else {
            continue;
        };
        let Some(object) = document.value.as_object_mut() else {
            continue;
        };
        if let Some(status) = live.get("status") {
            object.insert("status".to_owned(), status.clone());
        }
        let stamped = live
            .pointer("/metadata/annotations")
            .and_then(|all| all.get(MODE));
        let metadata = object.get_mut("metadata").and_then(Value::as_object_mut);
        let (Some(stamped), Some(metadata)) = (stamped, metadata) else {
            continue;
        };
        let annotations = metadata.entry("annotations").or_insert(Value::Null);
        if annotations.is_null() {
            *annotations = Value::Object(serde_json::Map::new());
        }
        if let Some(annotations) = annotations.as_object_mut() {
            annotations.entry(MODE).or_insert_with(|| stamped.clone());
        }
    }
}

/// The Kubernetes that a snapshot was taken of: its own document says so, or the one that recordings have instead.
pub(super) fn kubernetes(snapshot: &[Value]) -> Option<Kubernetes> {
    snapshot.iter().find_map(|object| {
        let version = match text(object, "/kind") {
            "Snapshot" => text(object, "/serverVersion/gitVersion"),
            "ServerVersion" => text(object, "/version/gitVersion"),
            _ => return None,
        };
        Kubernetes::parse(version).ok()
    })
}
