//! What tests put into a cluster.

use kscale_control_plane::{ControlPlane, Error};
use serde_json::{Value, json};

/// An InferenceService as people write it.
pub(crate) fn isvc(namespace: &str, name: &str, annotations: &Value, predictor: &Value) -> Value {
    let mut predictor = predictor.clone();
    predictor["model"] = json!({
        "modelFormat": { "name": "sklearn" },
        "storageUri": "s3://models/a",
        "env": [{ "name": "HF_KEY", "value": "s3cr3t" }],
    });
    json!({
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": { "team": "search" },
            "annotations": annotations,
        },
        "spec": { "predictor": predictor },
    })
}

/// Three that are scaled by three different autoscalers.
pub(crate) fn three(plane: &ControlPlane, namespace: &str) -> Result<(), Error> {
    let class = json!({ "autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev" });
    let standard = json!({ "serving.kserve.io/deploymentMode": "Standard" });
    let mut other = isvc(
        namespace,
        "std",
        &standard,
        &json!({ "minReplicas": 2, "maxReplicas": 4 }),
    );
    other["metadata"]["labels"] = json!({ "team": "ads" });
    plane.create_all(&[
        isvc(
            namespace,
            "bert",
            &json!({}),
            &json!({ "scaleTarget": 10, "scaleMetric": "concurrency", "maxReplicas": 5 }),
        ),
        isvc(
            namespace,
            "cpu",
            &class,
            &json!({ "scaleTarget": 75, "scaleMetric": "cpu", "maxReplicas": 3 }),
        ),
        other,
    ])
}

/// A PodAutoscaler of a component's first revision.
pub(crate) fn scaler(namespace: &str, name: &str, scale: Option<i64>) -> Value {
    let mut object = json!({
        "apiVersion": "autoscaling.internal.knative.dev/v1alpha1",
        "kind": "PodAutoscaler",
        "metadata": {
            "name": format!("{name}-predictor-00001"),
            "namespace": namespace,
            "labels": {
                "component": "predictor",
                "serving.kserve.io/inferenceservice": name,
                "serving.knative.dev/service": format!("{name}-predictor"),
            },
        },
        "spec": {
            "protocolType": "http1",
            "reachability": "Reachable",
            "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": format!("{name}-predictor-00001-deployment") },
        },
    });
    if let Some(scale) = scale {
        object["status"] = json!({ "actualScale": scale, "desiredScale": scale });
    }
    object
}
