use serde_json::json;

use super::*;

fn revision() -> Value {
    json!({
        "kind": "Revision",
        "metadata": {
            "name": "bert-predictor-00001",
            "labels": {"serving.knative.dev/routingState": "reserve", "serving.knative.dev/service": "bert-predictor"},
            "annotations": {"autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev"},
        },
    })
}

fn service() -> Value {
    let traffic = json!([{"latestRevision": true, "percent": 100}]);
    json!({
        "kind": "Service",
        "metadata": {"name": "bert-predictor", "generation": 2},
        "spec": {"traffic": traffic},
        "status": {
            "observedGeneration": 2,
            "latestCreatedRevisionName": "bert-predictor-00002",
            "latestReadyRevisionName": "bert-predictor-00002",
            "traffic": [{"revisionName": "bert-predictor-00002", "percent": 100}],
        },
    })
}

fn inference_service() -> Value {
    json!({
        "kind": "InferenceService",
        "spec": {"predictor": {}},
        "status": {"components": {"predictor": {
            "latestCreatedRevision": "bert-predictor-00002",
            "latestReadyRevision": "bert-predictor-00002",
            "latestRolledoutRevision": "bert-predictor-00002",
            "previousRolledoutRevision": "bert-predictor-00001",
        }}},
    })
}

/// Whether it is unused once a value was written into the Revision, its Service, its Route or its InferenceService.
fn after(which: usize, pointer: &str, value: Value) -> bool {
    let mut objects = [revision(), service(), service(), inference_service()];
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    objects[which].pointer_mut(parent).unwrap()[key] = value;
    let [revision, service, route, inference_service] = &objects;
    let users = Users {
        service,
        routes: std::slice::from_ref(route),
        inference_service: Some(inference_service),
    };
    is_unused(revision, &users)
}

#[test]
fn what_was_replaced_and_holds_pods_is_unused() {
    assert!(after(0, "/metadata/name", json!("bert-predictor-00001")));
}

#[test]
fn whatever_names_a_revision_keeps_it() {
    let old = "bert-predictor-00001";
    let target = json!([{"revisionName": old, "percent": 0, "tag": "prev"}]);
    let kept = [
        (
            0,
            "/metadata/annotations/autoscaling.knative.dev~1class",
            json!("kpa.autoscaling.knative.dev"),
        ),
        (
            0,
            "/metadata/annotations/serving.knative.dev~1routes",
            json!("other"),
        ),
        (
            0,
            "/metadata/annotations/serving.knative.dev~1no-gc",
            json!("true"),
        ),
        (
            0,
            "/metadata/labels/serving.knative.dev~1routingState",
            json!("active"),
        ),
        (
            0,
            "/metadata/labels/serving.knative.dev~1routingState",
            json!("pending"),
        ),
        (
            0,
            "/metadata/deletionTimestamp",
            json!("2026-11-22T11:00:00Z"),
        ),
        (1, "/metadata/generation", json!(3)),
        (1, "/status/latestCreatedRevisionName", json!(old)),
        (1, "/status/latestReadyRevisionName", json!(old)),
        (1, "/status/latestReadyRevisionName", json!("")),
        (1, "/spec/traffic", target.clone()),
        (1, "/status/traffic", target.clone()),
        (2, "/spec/traffic", target.clone()),
        (2, "/status/traffic", target.clone()),
        (
            3,
            "/status/components/predictor/latestRolledoutRevision",
            json!(old),
        ),
        (
            3,
            "/status/components/predictor/latestReadyRevision",
            json!(old),
        ),
        (3, "/status/components/predictor/traffic", target),
        (3, "/spec/predictor/canaryTrafficPercent", json!(0)),
    ];
    for (which, pointer, value) in kept {
        assert!(!after(which, pointer, value.clone()), "{pointer} {value}");
    }
}

#[test]
fn pods_are_counted_by_the_deployment() {
    let deployment = |name: &str, wanted: i64, there: i64| {
        json!({
            "metadata": {"labels": {"serving.knative.dev/revision": name}},
            "spec": {"replicas": wanted},
            "status": {"replicas": there},
        })
    };
    let deployments = [
        deployment("bert-predictor-00001", 1, 2),
        deployment("bert-predictor-00002", 7, 7),
    ];
    assert_eq!(pods(&revision(), &deployments), 2);
    assert_eq!(pods(&revision(), &deployments[1..]), 0);
}
