//! Where an object is, in an API server, and what people call it.

use kscale_rules::explain::types::ObjectRef;

/// The API group of an `apiVersion` and the plural of a kind, as roles and paths name them; none of a kind that is not known here.
pub(crate) fn resource<'a>(api_version: &'a str, kind: &str) -> Option<(&'a str, &'static str)> {
    let collection = match kind {
        "InferenceService" => "inferenceservices",
        "Service" => "services",
        "Revision" => "revisions",
        "HorizontalPodAutoscaler" => "horizontalpodautoscalers",
        "ScaledObject" => "scaledobjects",
        "ControllerRevision" => "controllerrevisions",
        _ => return None,
    };
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    Some((group, collection))
}

/// The path of an object by its `apiVersion`, kind, namespace and name; none of a kind that is not known here.
pub(crate) fn path(api_version: &str, kind: &str, namespace: &str, name: &str) -> Option<String> {
    let (group, collection) = resource(api_version, kind)?;
    let root = if group.is_empty() { "api" } else { "apis" };
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
    format!("{}/{}", kind(object), object.name)
}

/// What people type for the kind: `isvc`, `ksvc`.
pub(crate) fn kind(object: &ObjectRef) -> &str {
    match object.kind.as_str() {
        "InferenceService" => "isvc",
        "Service" => "ksvc",
        other => other,
    }
}
