//! Objects as controllers make them, small enough to be read.

use serde_json::{Value, json};

pub(super) const HPA: &str = "hpa.autoscaling.knative.dev";
pub(super) const KPA: &str = "kpa.autoscaling.knative.dev";

/// `{"Ready": "True"}` as a list of conditions; what follows a blank is the reason, and what follows a colon the message.
pub(super) fn conditions(all: &[(&str, &str)]) -> Value {
    let each = all.iter().map(|(kind, said)| {
        let (status, rest) = said.split_once(' ').unwrap_or((said, ""));
        let (reason, message) = rest.split_once(": ").unwrap_or((rest, ""));
        let mut one = json!({"type": kind, "status": status});
        for (key, text) in [("reason", reason), ("message", message)] {
            if !text.is_empty() {
                one[key] = text.into();
            }
        }
        one
    });
    each.collect()
}

/// An InferenceService in Knative mode, of the HPA class or Knative's own, whose first Revision was rolled out.
pub(super) fn inference_service(class: &str) -> Value {
    let mut object = json!({
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "bert", "namespace": "ml", "generation": 1, "creationTimestamp": "2026-11-22T11:00:00Z"},
        "spec": {"predictor": {
            "minReplicas": 2, "maxReplicas": 4, "scaleMetric": "concurrency", "scaleTarget": 10,
            "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/bert"},
        }},
        "status": {
            "deploymentMode": "Knative",
            "conditions": conditions(&[("Ready", "True"), ("PredictorReady", "True")]),
            "components": {"predictor": {
                "latestCreatedRevision": "bert-predictor-00001",
                "latestReadyRevision": "bert-predictor-00001",
                "latestRolledoutRevision": "bert-predictor-00001",
                "traffic": [{"latestRevision": true, "percent": 100, "revisionName": "bert-predictor-00001"}],
            }},
        },
    });
    if class == HPA {
        object["metadata"]["annotations"] = json!({"autoscaling.knative.dev/class": HPA});
        object["spec"]["predictor"]["scaleMetric"] = "cpu".into();
        object["spec"]["predictor"]["scaleTarget"] = 75.into();
    }
    object
}

fn scaling(class: &str) -> Value {
    let (metric, target) = if class == HPA {
        ("cpu", "75")
    } else {
        ("concurrency", "10")
    };
    json!({
        "autoscaling.knative.dev/class": class,
        "autoscaling.knative.dev/metric": metric,
        "autoscaling.knative.dev/target": target,
        "autoscaling.knative.dev/min-scale": "2",
        "autoscaling.knative.dev/max-scale": "4",
    })
}

fn of_it(revision: &str) -> Value {
    json!({
        "serving.kserve.io/inferenceservice": "bert",
        "component": "predictor",
        "serving.knative.dev/service": "bert-predictor",
        "serving.knative.dev/revision": revision,
    })
}

fn owner(kind: &str, name: &str) -> Value {
    json!([{"kind": kind, "name": name, "controller": true}])
}

/// The Knative Service: the class of its template, its newest Revision, the newest that is ready, and who gets how many requests.
pub(super) fn service(class: &str, created: &str, ready: &str, traffic: &[(&str, i64)]) -> Value {
    let routed = traffic.iter().map(
        |(name, percent)| json!({"revisionName": name, "percent": percent, "latestRevision": true}),
    );
    json!({
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {"name": "bert-predictor", "namespace": "ml", "generation": 2, "labels": of_it(""),
            "ownerReferences": owner("InferenceService", "bert")},
        "spec": {"template": {"metadata": {"annotations": scaling(class)}}, "traffic": [{"latestRevision": true, "percent": 100}]},
        "status": {
            "observedGeneration": 2,
            "latestCreatedRevisionName": created,
            "latestReadyRevisionName": ready,
            "traffic": routed.collect::<Vec<_>>(),
            "conditions": conditions(&[("RoutesReady", "True")]),
        },
    })
}

/// A Revision and its PodAutoscaler; `acted` says whether a controller has acted on that.
pub(super) fn revision(name: &str, class: &str, ready: &str, acted: bool) -> [Value; 2] {
    let mut autoscaler = json!({
        "apiVersion": "autoscaling.internal.knative.dev/v1alpha1",
        "kind": "PodAutoscaler",
        "metadata": {"name": name, "namespace": "ml", "labels": of_it(name), "annotations": scaling(class),
            "creationTimestamp": "2026-11-22T11:00:00Z", "ownerReferences": owner("Revision", name)},
        "spec": {},
    });
    if acted {
        autoscaler["status"] =
            json!({"conditions": conditions(&[("Active", "True"), ("Ready", "True")])});
    }
    let revision = json!({
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Revision",
        "metadata": {"name": name, "namespace": "ml", "labels": of_it(name), "annotations": scaling(class),
            "ownerReferences": owner("Configuration", "bert-predictor")},
        "status": {"conditions": conditions(&[("Ready", ready)])},
    });
    [revision, autoscaler]
}

/// The Deployment of a Revision.
pub(super) fn deployment(revision: &str, ready: i64, wanted: i64) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": format!("{revision}-deployment"), "namespace": "ml", "labels": of_it(revision),
            "ownerReferences": owner("Revision", revision)},
        "spec": {"replicas": wanted},
        "status": {"readyReplicas": ready},
    })
}

/// A pod of a Revision that waits for a reason.
pub(super) fn pod(revision: &str, reason: &str, message: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": format!("{revision}-x"), "namespace": "ml", "labels": of_it(revision)},
        "status": {"phase": "Pending", "containerStatuses": [{"name": "kserve-container", "state": {"waiting": {"reason": reason, "message": message}}}]},
    })
}

/// The HPA of a Revision; what it says of its metric.
pub(super) fn hpa(revision: &str, active: &str) -> Value {
    let all = [("ScalingActive", active)];
    let known = usize::from(!active.is_empty());
    json!({
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": revision, "namespace": "ml", "labels": of_it(revision), "ownerReferences": owner("PodAutoscaler", revision)},
        "spec": {"minReplicas": 2, "maxReplicas": 4, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": format!("{revision}-deployment")},
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 75}}}]},
        "status": {"currentReplicas": 2, "desiredReplicas": 2, "conditions": conditions(&all[..known])},
    })
}
