//! A change in Standard mode.

use kscale_rules::switch::{Roll, Rolled};
use serde_json::json;

use super::world::conditions;
use super::*;

const CLASS: &str = "serving.kserve.io/autoscalerClass";

fn inference_service(class: &str) -> Value {
    let mut object = json!({
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "bert", "namespace": "ml", "annotations": {
            "serving.kserve.io/deploymentMode": "Standard", "serving.kserve.io/autoscalerClass": class,
        }},
        "spec": {"predictor": {
            "minReplicas": 2, "maxReplicas": 4,
            "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/bert"},
        }},
    });
    if class == "keda" {
        object["spec"]["predictor"]["autoScaling"] = json!({"metrics": [{"type": "Resource", "resource": {
            "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80},
        }}]});
    }
    object
}

/// What changing the class of a service is to lead to. Its pods are rolled, since they carry its annotations.
fn goal(from: &str, to: &str) -> Goal {
    let (before, after) = (inference_service(from), inference_service(to));
    let facts = Facts::shipped();
    let mut plan = plan(&before, &after, &facts);
    plan.rolls = vec![Roll {
        component: "predictor".to_owned(),
        what: Rolled::Pods,
        pods: None,
        starts_with: None,
        why: String::new(),
    }];
    Goal::of(&plan, &after, &facts)
}

fn owned(kind: &str, group: &str, spec: &Value) -> Value {
    json!({
        "apiVersion": group,
        "kind": kind,
        "metadata": {"name": "bert-predictor", "namespace": "ml", "ownerReferences": [{"kind": "InferenceService", "name": "bert"}]},
        "spec": spec,
    })
}

/// The Deployment: the class in its template, and how many pods are wanted, new, there and available.
fn deployment(class: &str, [wanted, updated, there, available]: [i64; 4]) -> Value {
    let mut object = owned("Deployment", "apps/v1", &json!({"replicas": wanted}));
    object["metadata"]["generation"] = 2.into();
    object["spec"]["template"]["metadata"]["annotations"] = json!({CLASS: class});
    object["status"] = json!({
        "observedGeneration": 2, "updatedReplicas": updated, "replicas": there, "availableReplicas": available,
    });
    object
}

fn hpa(min: i64, max: i64, active: &str) -> Value {
    let mut object = owned(
        "HorizontalPodAutoscaler",
        "autoscaling/v2",
        &json!({
            "minReplicas": min, "maxReplicas": max,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "bert-predictor"},
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}],
        }),
    );
    object["status"] = json!({"conditions": conditions(&[("ScalingActive", active)])});
    object
}

fn scaled_object(ready: &str) -> Value {
    let mut object = owned(
        "ScaledObject",
        "keda.sh/v1alpha1",
        &json!({
            "minReplicaCount": 2, "maxReplicaCount": 4, "triggers": [{"type": "cpu"}],
            "scaleTargetRef": {"name": "bert-predictor"},
        }),
    );
    object["status"] = json!({"conditions": conditions(&[("Ready", ready)])});
    object
}

fn found(goal: &Goal, objects: Vec<Value>) -> String {
    short(&judge(goal, &Seen::of(objects)))
}

#[test]
fn an_hpa_goes_and_the_pods_are_rolled() {
    let goal = goal("hpa", "none");
    let all = [2, 2, 2, 2];
    assert_eq!(
        found(&goal, vec![deployment("hpa", all), hpa(2, 4, "True")]),
        "edit?"
    );
    assert_eq!(
        found(
            &goal,
            vec![deployment("none", [2, 1, 3, 2]), hpa(2, 4, "True")]
        ),
        "edit scaler? pods?"
    );
    assert_eq!(
        found(&goal, vec![deployment("none", [3, 3, 3, 3])]),
        "edit scaler? pods"
    );
    assert_eq!(
        found(&goal, vec![deployment("none", [2, 1, 3, 2])]),
        "edit scaler pods?"
    );
    assert_eq!(
        found(&goal, vec![deployment("none", [2, 2, 3, 2])]),
        "edit scaler pods?"
    );
    let standing = judge(&goal, &Seen::of([deployment("none", all)]));
    assert!(standing.is_done());
    assert_eq!(
        lines(&standing),
        [
            "KServe has written the change into Deployment bert-predictor",
            "no autoscaler of KServe scales Deployment bert-predictor any more",
            "2 of 2 pods of bert-predictor are ready",
        ]
    );
}

#[test]
fn an_hpa_of_somebody_else_stays() {
    let goal = goal("hpa", "external");
    let mut other = hpa(1, 9, "True");
    other["metadata"]
        .as_object_mut()
        .unwrap()
        .remove("ownerReferences");
    assert_eq!(
        found(&goal, vec![deployment("external", [5, 5, 5, 5]), other]),
        "edit scaler pods"
    );
}

#[test]
fn keda_takes_over_once_the_hpa_is_gone_and_its_object_is_ready() {
    let goal = goal("hpa", "keda");
    let pods = deployment("keda", [2, 2, 2, 2]);
    let with = |others: Vec<Value>| found(&goal, [vec![pods.clone()], others].concat());
    assert_eq!(with(vec![hpa(2, 4, "True")]), "edit scaler? scaler? pods");
    assert_eq!(with(vec![]), "edit scaler? pods");
    assert_eq!(with(vec![scaled_object("Unknown")]), "edit scaler? pods");
    assert_eq!(
        with(vec![scaled_object(
            "False ScaledObjectCheckFailed: no metric"
        )]),
        "edit scaler? pods"
    );
    let mut other = scaled_object("True");
    other["spec"]["maxReplicaCount"] = 9.into();
    assert_eq!(with(vec![other]), "edit scaler? pods");
    assert_eq!(with(vec![scaled_object("True")]), "edit scaler pods");
}

#[test]
fn an_hpa_comes_back_with_its_settings() {
    let goal = goal("keda", "hpa");
    let pods = deployment("hpa", [2, 2, 2, 2]);
    let with = |others: Vec<Value>| found(&goal, [vec![pods.clone()], others].concat());
    assert_eq!(with(vec![scaled_object("True")]), "edit scaler? hpa? pods");
    assert_eq!(with(vec![hpa(1, 4, "True")]), "edit hpa? pods");
    assert_eq!(with(vec![hpa(2, 4, "Unknown")]), "edit hpa active~ pods");
    let mut going = scaled_object("True");
    going["metadata"]["deletionTimestamp"] = "2026-11-22T11:00:00Z".into();
    assert_eq!(with(vec![hpa(2, 4, "True"), going]), "edit hpa active pods");
}

#[test]
fn a_new_bound_is_waited_for_and_no_pod_is_told() {
    let (before, mut after) = (inference_service("hpa"), inference_service("hpa"));
    after["spec"]["predictor"]["maxReplicas"] = 8.into();
    let goal = super::goal(&before, &after, &Facts::shipped());
    let pods = deployment("hpa", [3, 3, 3, 3]);
    assert_eq!(
        found(&goal, vec![pods.clone(), hpa(2, 4, "True")]),
        "hpa? pods"
    );
    let standing = judge(&goal, &Seen::of([pods, hpa(2, 8, "True")]));
    assert!(standing.is_done());
    assert_eq!(
        lines(&standing),
        [
            "HorizontalPodAutoscaler bert-predictor is there, for 2 to 8 pods",
            "HorizontalPodAutoscaler bert-predictor reads its metric",
        ]
    );
}
