use serde_json::{Value, json};

use super::super::rollout::{Rollout, judge, reasons};

fn deployment(generation: i64, status: &Value) -> Value {
    json!({"kind": "Deployment", "metadata": {"name": "autoscaler-hpa", "generation": generation}, "spec": {"replicas": 2}, "status": status})
}

#[test]
fn it_is_available_when_all_pods_are_new_and_available() {
    let status = |updated: i64, replicas: i64, available: i64| json!({"observedGeneration": 3, "updatedReplicas": updated, "replicas": replicas, "availableReplicas": available});
    assert_eq!(judge(&deployment(3, &status(2, 2, 2))), Rollout::Available);
    for status in [status(1, 2, 2), status(2, 3, 2), status(2, 2, 1), json!({})] {
        let judged = judge(&deployment(3, &status));
        assert!(matches!(judged, Rollout::Pending(_)), "{status}");
    }
    // What is said of the template before does not count.
    assert!(matches!(
        judge(&deployment(4, &status(2, 2, 2))),
        Rollout::Pending(_)
    ));
}

#[test]
fn its_own_deadline_ends_the_waiting() {
    let late = json!({"observedGeneration": 3, "conditions": [
        {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "timed out"},
    ]});
    assert_eq!(
        judge(&deployment(3, &late)),
        Rollout::Failed("timed out".to_owned())
    );
    assert!(matches!(judge(&deployment(4, &late)), Rollout::Pending(_)));
}

#[test]
fn reasons_are_those_of_whoever_complains() {
    let none = deployment(1, &json!({}));
    let pod = |name: &str, status: Value| json!({"metadata": {"name": name}, "status": status});
    let state = |state: Value| json!({"containerStatuses": [{"state": state}]});
    let pods = [
        pod("fine", state(json!({"running": {}}))),
        pod(
            "coming",
            state(json!({"waiting": {"reason": "ContainerCreating"}})),
        ),
        pod(
            "ended",
            state(json!({"terminated": {"exitCode": 2, "reason": "Error"}})),
        ),
        pod(
            "refused",
            state(
                json!({"waiting": {"reason": "CreateContainerConfigError", "message": "container has runAsNonRoot and image will run as root"}}),
            ),
        ),
        pod(
            "init",
            json!({"initContainerStatuses": [{"state": {"waiting": {"reason": "ErrImagePull"}}}]}),
        ),
        pod(
            "evicted",
            json!({"phase": "Failed", "reason": "Evicted", "message": "low on memory"}),
        ),
        pod(
            "unready",
            json!({"conditions": [{"type": "ContainersReady", "status": "False", "reason": "ContainersNotReady", "message": "containers with unready status: [autoscaler-hpa]"}]}),
        ),
        pod("silent", json!({})),
    ];
    let set = json!({
        "kind": "ReplicaSet", "metadata": {"name": "autoscaler-hpa-1"},
        "status": {"conditions": [{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota"}]},
    });
    insta::assert_snapshot!(reasons(&none, &[set], &pods).join("\n"), @"
    ReplicaSet autoscaler-hpa-1: FailedCreate: exceeded quota
    pod ended: the container has ended; it ended last with exit code 2, Error
    pod refused: CreateContainerConfigError: container has runAsNonRoot and image will run as root
    pod init: ErrImagePull
    pod evicted: Evicted: low on memory
    pod unready: ContainersNotReady: containers with unready status: [autoscaler-hpa]
    ");
    assert_eq!(reasons(&none, &[], &[]), Vec::<String>::new());
}
