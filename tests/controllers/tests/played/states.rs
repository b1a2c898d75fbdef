//! Objects in a line each: what they are, and what their controllers say of them.

use kscale_control_plane::{ControlPlane, Error};
use serde_json::Value;

/// API path and kind of what is told, as an API server of Kubernetes 1.20 has it.
pub(crate) const KINDS: [(&str, &str); 9] = [
    (
        "serving.kserve.io/v1beta1/{}/inferenceservices",
        "InferenceService",
    ),
    ("serving.knative.dev/v1/{}/services", "Service"),
    ("serving.knative.dev/v1/{}/configurations", "Configuration"),
    ("serving.knative.dev/v1/{}/revisions", "Revision"),
    ("serving.knative.dev/v1/{}/routes", "Route"),
    (
        "autoscaling.internal.knative.dev/v1alpha1/{}/podautoscalers",
        "PodAutoscaler",
    ),
    (
        "networking.internal.knative.dev/v1alpha1/{}/serverlessservices",
        "ServerlessService",
    ),
    (
        "autoscaling/v2beta2/{}/horizontalpodautoscalers",
        "HorizontalPodAutoscaler",
    ),
    ("apps/v1/{}/deployments", "Deployment"),
];

/// The path of a list.
pub(crate) fn path(pattern: &str, namespace: &str) -> String {
    format!(
        "/apis/{}",
        pattern.replace("{}", &format!("namespaces/{namespace}"))
    )
}

/// The objects of a namespace, a line each.
pub(crate) fn of_namespace(plane: &ControlPlane, namespace: &str) -> Result<Vec<String>, Error> {
    let mut lines = Vec::new();
    for (pattern, kind) in KINDS {
        let list = plane.get(&path(pattern, namespace))?;
        for item in list["items"].as_array().into_iter().flatten() {
            lines.push(line(kind, item));
        }
    }
    lines.sort();
    Ok(lines)
}

/// Recorded objects, a line each, of those kinds that are told.
pub(crate) fn of_objects(objects: &[Value]) -> Vec<String> {
    let told = |object: &&Value| {
        let kind = object["kind"].as_str().unwrap_or_default();
        KINDS.iter().any(|(_, one)| *one == kind) && object["apiVersion"] != "v1"
    };
    let mut lines: Vec<String> = objects
        .iter()
        .filter(told)
        .map(|object| line(object["kind"].as_str().unwrap_or_default(), object))
        .collect();
    lines.sort();
    lines
}

fn line(kind: &str, object: &Value) -> String {
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let mut words = vec![kind.to_owned(), name.to_owned()];
    words.extend(
        facts(kind, object)
            .into_iter()
            .map(|(key, value)| format!("{key}={value}")),
    );
    words.extend(
        conditions(object)
            .into_iter()
            .map(|(key, value)| format!("{key}={value}")),
    );
    words.join(" ")
}

/// The conditions: `True`, `False/NoTraffic`.
pub(crate) fn conditions(object: &Value) -> Vec<(String, String)> {
    let all = object["status"]["conditions"].as_array();
    let mut all: Vec<(String, String)> = all
        .into_iter()
        .flatten()
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or_default();
            let reason = Some(text("reason")).filter(|reason| !reason.is_empty());
            let reason = reason.map(|reason| format!("/{reason}").replace(' ', "_"));
            (
                text("type").to_owned(),
                format!("{}{}", text("status"), reason.unwrap_or_default()),
            )
        })
        .collect();
    all.sort();
    all
}

/// What else tells a state.
pub(crate) fn facts(kind: &str, object: &Value) -> Vec<(&'static str, String)> {
    let text = |pointer: &str| match object.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => "-".to_owned(),
        Some(other) => other.to_string(),
    };
    let component = "/status/components/predictor";
    let pairs: &[(&'static str, &str)] = match kind {
        "InferenceService" => &[
            ("created", "latestCreatedRevision"),
            ("ready", "latestReadyRevision"),
            ("rolled", "latestRolledoutRevision"),
        ],
        "Service" | "Configuration" => &[
            ("created", "/status/latestCreatedRevisionName"),
            ("ready", "/status/latestReadyRevisionName"),
        ],
        "Revision" => &[(
            "routing",
            "/metadata/labels/serving.knative.dev~1routingState",
        )],
        "Route" => &[
            ("to", "/status/traffic/0/revisionName"),
            ("percent", "/status/traffic/0/percent"),
        ],
        "PodAutoscaler" => &[
            ("reach", "/spec/reachability"),
            ("desired", "/status/desiredScale"),
            ("actual", "/status/actualScale"),
        ],
        "ServerlessService" => &[("mode", "/spec/mode")],
        "HorizontalPodAutoscaler" => &[
            ("min", "/spec/minReplicas"),
            ("max", "/spec/maxReplicas"),
            ("desired", "/status/desiredReplicas"),
        ],
        _ => &[
            ("replicas", "/spec/replicas"),
            ("ready", "/status/readyReplicas"),
        ],
    };
    pairs
        .iter()
        .map(|(key, pointer)| match pointer.strip_prefix('/') {
            Some(_) => (*key, text(pointer)),
            None => (*key, text(&format!("{component}/{pointer}"))),
        })
        .collect()
}
