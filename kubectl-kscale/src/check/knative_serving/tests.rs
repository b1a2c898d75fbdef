use serde_json::{Value, json};

use crate::check::report::State;
use crate::check::tests::{deployment, knative, named, results, results_before, states};

fn about(document: &Value) -> Value {
    let mut whole = json!({"apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot"});
    for (key, value) in document.as_object().unwrap() {
        whole[key] = value.clone();
    }
    whole
}

fn without_knative() -> Vec<Value> {
    vec![about(
        &json!({"groups": [{"name": "apps", "versions": ["v1"]}]}),
    )]
}

#[test]
fn a_cluster_without_its_api_has_no_knative() {
    let told = named(&without_knative(), "knative-serving/installed");
    assert_eq!(told.state, State::Error);
    assert!(states(&without_knative(), "knative-serving/release").is_empty());
    assert!(states(&without_knative(), "config-autoscaler/present").is_empty());
}

#[test]
fn models_in_standard_mode_need_no_knative_but_install_does() {
    let mut objects = without_knative();
    objects.push(json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "inferenceservices.serving.kserve.io"},
    }));
    objects.push(json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "inferenceservice-config", "namespace": "kserve"},
        "data": {"deploy": "{\"defaultDeploymentMode\": \"Standard\"}"},
    }));
    let id = "knative-serving/installed";
    assert_eq!(states(&objects, id), [State::Info]);
    assert_eq!(results_before(&objects, id)[0].state, State::Error);
}

#[test]
fn parts_of_several_releases_are_an_upgrade_half_way() {
    let mut objects = knative("1.21.0");
    objects[3] = deployment("knative-serving", "webhook", "1.22.0");
    let told = named(&objects, "knative-serving/release");
    assert_eq!(told.state, State::Warning);
    assert!(
        told.message.contains("Deployment webhook 1.22.0"),
        "{}",
        told.message
    );
}

#[test]
fn every_part_that_names_a_release_is_asked() {
    let mut objects = knative("1.21.0");
    assert_eq!(states(&objects, "knative-serving/release"), [State::Ok]);
    objects.push(json!({
        "apiVersion": "operator.knative.dev/v1beta1", "kind": "KnativeServing",
        "metadata": {"name": "knative-serving", "namespace": "knative-serving"},
        "status": {"version": "1.22.0"},
    }));
    assert_eq!(
        states(&objects, "knative-serving/release"),
        [State::Warning]
    );
    let operator = named(&objects, "knative-serving/operator");
    assert_eq!(operator.state, State::Info);
}

#[test]
fn a_release_that_nobody_has_tried_is_a_warning() {
    let known = |version: &str| states(&knative(version), "knative-serving/known");
    assert_eq!(known("1.23.0"), [State::Ok]);
    assert_eq!(known("1.99.0"), [State::Warning]);
    assert_eq!(known("0.22.3"), [State::Warning]);
}

#[test]
fn a_deployment_that_does_not_run_is_an_error_with_its_pods_reasons() {
    let mut objects = knative("1.21.0");
    objects[2]["status"] = json!({"availableReplicas": 0});
    objects.push(json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "controller-0", "namespace": "knative-serving", "labels": {"app": "controller"}},
        "status": {"containerStatuses": [
            {"name": "controller", "state": {"waiting": {"reason": "ImagePullBackOff"}}},
        ]},
    }));
    let told = named(&objects, "knative-serving/deployments");
    assert_eq!(told.state, State::Error);
    assert_eq!(
        told.message,
        "controller: 0 of 1 replicas are available; pod controller-0: container controller ImagePullBackOff"
    );
}

#[test]
fn a_deployment_that_is_missing_is_told_from_one_that_was_not_read() {
    let mut objects = knative("1.21.0");
    objects.truncate(3);
    assert_eq!(
        states(&objects, "knative-serving/deployments"),
        [State::Error]
    );
    let unread = json!({"unread": [{"what": "Deployments of namespace knative-serving", "why": "forbidden"}]});
    let none = [about(&unread)];
    assert_eq!(
        states(&none, "knative-serving/deployments"),
        [State::Skipped]
    );
}

#[test]
fn webhooks_are_judged_only_where_some_were_read() {
    let id = "knative-serving/webhooks";
    let mut objects = knative("1.21.0");
    assert!(results(&objects, id).is_empty());
    objects.push(json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "validation.webhook.serving.knative.dev"},
    }));
    assert_eq!(states(&objects, id), [State::Error]);
}
