//! Where an object is, in an API server.

use kscale_rules::explain::types::ObjectRef;

/// The path of an object by its `apiVersion`, kind, namespace and name; none of a kind that is not known here.
pub(crate) fn path(api_version: &str, kind: &str, namespace: &str, name: &str) -> Option<String> {
    let collection = match kind {
        "InferenceService" => "inferenceservices",
        "Service" => "services",
        "Revision" => "revisions",
        "HorizontalPodAutoscaler" => "horizontalpodautoscalers",
        "ScaledObject" => "scaledobjects",
        "ControllerRevision" => "controllerrevisions",
        _ => return None,
    };
    let root = if api_version.contains('/') {
        "apis"
    } else {
        "api"
    };
    Some(format!(
        "/{root}/{api_version}/namespaces/{namespace}/{collection}/{name}"
    ))
}

/// The path of the object of a plan.
pub(crate) fn of(object: &ObjectRef) -> Option<String> {
    path(
        &object.api_version,
        &object.kind,
        &object.namespace,
        &object.name,
    )
}

/// `isvc/bert`, as kubectl writes it.
pub(crate) fn short(object: &ObjectRef) -> String {
    let kind = match object.kind.as_str() {
        "InferenceService" => "isvc",
        "Service" => "ksvc",
        other => other,
    };
    format!("{kind}/{}", object.name)
}
