//! Which workloads are looked at, and as what.

use kscale_rules::preview::Kubernetes;
use serde_json::Value;

use super::text;
use crate::cli::Workloads;
use crate::input::Document;

/// Of manifests, those with the labels that are asked for. Their namespaces have been settled.
pub(super) fn manifests<'a>(documents: &'a [Document], asked: &Workloads) -> Vec<&'a Document> {
    documents
        .iter()
        .filter(|document| is_selected(document, asked))
        .collect()
}

/// Of a snapshot, the workloads of the namespace and with the labels that are asked for, without what KServe has made: that
/// changes with its owner.
pub(super) fn workloads<'a>(documents: &'a [Document], asked: &Workloads) -> Vec<&'a Document> {
    let of_namespace = |document: &&Document| {
        let own = text(&document.value, "/metadata/namespace");
        asked
            .namespace
            .as_deref()
            .is_none_or(|namespace| own == namespace)
    };
    documents
        .iter()
        .filter(|document| is_workload(&document.value) && !is_made_by_kserve(&document.value))
        .filter(of_namespace)
        .filter(|document| is_selected(document, asked))
        .collect()
}

fn is_selected(document: &Document, asked: &Workloads) -> bool {
    let selector = asked.selector.as_ref();
    selector.is_none_or(|selector| selector.matches(&document.value))
}

fn is_workload(object: &Value) -> bool {
    matches!(
        (text(object, "/apiVersion"), text(object, "/kind")),
        ("serving.kserve.io/v1beta1", "InferenceService")
            | ("serving.kserve.io/v1alpha1", "InferenceGraph")
            | ("serving.knative.dev/v1", "Service")
    )
}

fn is_made_by_kserve(object: &Value) -> bool {
    let owners = object.pointer("/metadata/ownerReferences");
    let mut owners = owners.and_then(Value::as_array).into_iter().flatten();
    owners.any(|owner| text(owner, "/apiVersion").starts_with("serving.kserve.io/"))
}

/// Gives manifests what the cluster has written to the same objects: the status, and the annotation of the deployment mode,
/// which an apply leaves where the manifest has none.
pub(super) fn merge(given: &mut [Document], snapshot: &[Document]) {
    const MODE: &str = "serving.kserve.io/deploymentMode";
    for document in given
        .iter_mut()
        .filter(|document| is_workload(&document.value))
    {
        let same = |live: &&Document| {
            let pointers = [
                "/apiVersion",
                "/kind",
                "/metadata/namespace",
                "/metadata/name",
            ];
            let mut pointers = pointers.into_iter();
            pointers.all(|pointer| text(&live.value, pointer) == text(&document.value, pointer))
        };
        let Some(live) = snapshot.iter().find(same) else {
            continue;
        };
        let Some(object) = document.value.as_object_mut() else {
            continue;
        };
        if let Some(status) = live.value.get("status") {
            object.insert("status".to_owned(), status.clone());
        }
        let stamped = live
            .value
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
pub(super) fn kubernetes(snapshot: &[Document]) -> Option<Kubernetes> {
    snapshot.iter().find_map(|document| {
        let version = match text(&document.value, "/kind") {
            "Snapshot" => text(&document.value, "/serverVersion/gitVersion"),
            "ServerVersion" => text(&document.value, "/version/gitVersion"),
            _ => return None,
        };
        Kubernetes::parse(version).ok()
    })
}
