//! What is said of a change that does not come about, and what of one that has.

use serde_json::json;

use super::world::{HPA, KPA, conditions, deployment, inference_service, pod, revision, service};
use super::*;

const OLD: &str = "bert-predictor-00001";
const NEW: &str = "bert-predictor-00002";

/// What is known of a cluster whose extension is there or not.
fn cluster(has_extension: bool) -> Vec<Value> {
    let controller = |name: &str| {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": "knative-serving", "labels": {"app.kubernetes.io/version": "1.17.0", "app.kubernetes.io/name": "knative-serving"}},
            "spec": {"replicas": 1}, "status": {"availableReplicas": 1},
        })
    };
    let absent =
        json!([{"kind": "Deployment", "namespace": "knative-serving", "name": "autoscaler-hpa"}]);
    let mut about =
        json!({"apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot", "namespaces": []});
    let mut objects = vec![
        controller("controller"),
        controller("autoscaler"),
        controller("activator"),
    ];
    if has_extension {
        objects.push(controller("autoscaler-hpa"));
    } else {
        about["absent"] = absent;
    }
    objects.insert(0, about);
    objects
}

/// A switch to the HPA class whose new Revision is made, with what is beside it.
fn switched(beside: Vec<Value>, has_extension: bool) -> (Goal, Seen, Diagnosis) {
    let around = cluster(has_extension);
    let facts = facts_of(&around);
    let goal = goal(&inference_service(KPA), &inference_service(HPA), &facts);
    let mut seen = Seen::of(revision(OLD, KPA, "True", true));
    seen.put(inference_service(HPA));
    seen.put(service(HPA, NEW, OLD, &[(OLD, 100)]));
    revision(NEW, HPA, "Unknown Deploying", false)
        .into_iter()
        .for_each(|one| seen.put(one));
    seen.put(deployment(OLD, 2, 2));
    beside.into_iter().for_each(|one| seen.put(one));
    let diagnosis = Diagnosis::of(&goal, &seen, &around, &facts, "2026-11-22T11:00:30Z");
    (goal, seen, diagnosis)
}

fn reasons((goal, seen, diagnosis): &(Goal, Seen, Diagnosis)) -> Vec<String> {
    diagnosis.reasons(goal, &judge(goal, seen))
}

#[test]
fn a_missing_extension_never_comes_by_itself_and_how_to_install_it_is_said() {
    let told = switched(vec![deployment(NEW, 0, 1)], false);
    assert_eq!(told.2.lasting(), ["hpa-extension-missing"]);
    insta::assert_snapshot!(reasons(&told).join("\n"), @r"
    bert-predictor-00002 waits for Knative's HPA extension, which is not installed; nothing ends that wait; bert-predictor-00001 goes on serving (PodAutoscaler/bert-predictor-00002: class hpa.autoscaling.knative.dev, no status)
    kubectl kscale install brings the HPA extension of Knative 1.17.0: bert-predictor-00002 then gets ready by itself within half a minute
    ");
}

#[test]
fn an_extension_that_is_there_is_given_time() {
    let told = switched(vec![deployment(NEW, 1, 1)], true);
    assert_eq!(told.2.lasting(), [""; 0]);
    insta::assert_snapshot!(reasons(&told).join("\n"), @r"Knative's HPA extension has not acted on bert-predictor-00002 yet; bert-predictor-00001 goes on serving (PodAutoscaler/bert-predictor-00002: class hpa.autoscaling.knative.dev, no status)");
}

#[test]
fn pods_that_do_not_come_are_told_in_their_own_words() {
    let image = pod(
        NEW,
        "ImagePullBackOff",
        "Back-off pulling image \"registry/none\"",
    );
    let told = switched(vec![deployment(NEW, 0, 1), image], true);
    // Somebody may push it yet.
    assert_eq!(told.2.lasting(), [""; 0]);
    insta::assert_snapshot!(reasons(&told).join("\n"), @r#"
    pod bert-predictor-00002-x is not ready: an image cannot be pulled (Pod/bert-predictor-00002-x: ImagePullBackOff: Back-off pulling image "registry/none")
    correct the image, or the pull secret
    Knative's HPA extension has not acted on bert-predictor-00002 yet; bert-predictor-00001 goes on serving (PodAutoscaler/bert-predictor-00002: class hpa.autoscaling.knative.dev, no status)
    "#);
    let none = pod(NEW, "InvalidImageName", "couldn't parse image name");
    let told = switched(vec![deployment(NEW, 0, 1), none], true);
    assert_eq!(told.2.lasting(), ["image-pull"]);
}

#[test]
fn where_no_cause_is_known_the_conditions_speak() {
    let mut object = inference_service(HPA);
    object["status"]["conditions"] =
        conditions(&[("Ready", "Unknown SomethingElse: for a reason of its own")]);
    let around = cluster(true);
    let facts = facts_of(&around);
    let goal = goal(&inference_service(KPA), &inference_service(HPA), &facts);
    let mut seen = Seen::of(revision(OLD, KPA, "True", true));
    seen.put(object);
    seen.put(service(KPA, OLD, OLD, &[(OLD, 100)]));
    seen.put(deployment(OLD, 2, 2));
    seen.unread
        .insert("Pod".to_owned(), "pods is forbidden".to_owned());
    let diagnosis = Diagnosis::of(&goal, &seen, &around, &facts, "2026-11-22T11:00:30Z");
    insta::assert_snapshot!(diagnosis.reasons(&goal, &judge(&goal, &seen)).join("\n"), @r"
    KServe has not written the change into Service bert-predictor
    InferenceService bert: Ready=Unknown SomethingElse: for a reason of its own
    100 % of the requests go to bert-predictor-00001, as before
    Pods cannot be read, so what they say is not known: pods is forbidden
    ");
}

#[test]
fn a_webhook_that_does_not_answer_is_not_taken_for_a_refusal() {
    let lasting = |text: &str| {
        let mut object = inference_service(HPA);
        object["status"]["conditions"] = conditions(&[
            ("Ready", "False"),
            ("PredictorReady", &format!("False ReconcileFailed: {text}")),
        ]);
        let around = cluster(true);
        let facts = facts_of(&around);
        let goal = goal(&inference_service(KPA), &inference_service(HPA), &facts);
        let mut seen = Seen::of(revision(OLD, KPA, "True", true));
        seen.put(object);
        seen.put(service(KPA, OLD, OLD, &[(OLD, 100)]));
        Diagnosis::of(&goal, &seen, &around, &facts, "2026-11-22T11:00:30Z").lasting()
    };
    let webhook = "admission webhook \"validation.webhook.serving.knative.dev\"";
    assert_eq!(
        lasting(&format!(
            "{webhook} denied the request: validation failed: invalid value: cpu"
        )),
        ["knative-refused"]
    );
    assert_eq!(
        lasting(
            "Internal error occurred: failed calling webhook \"webhook.serving.knative.dev\": connection refused"
        ),
        [""; 0]
    );
    assert_eq!(
        lasting(&format!(
            "failed calling webhook: {webhook}: context deadline exceeded"
        )),
        [""; 0]
    );
}
