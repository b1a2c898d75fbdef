//! What is taken for the extension, and what is not.

use serde_json::{Value, json};

use super::super::{Expected, Manifest, NAMESPACE, accept};
use super::at;

fn both() -> [Value; 2] {
    let manifest = Manifest::of(at("1.12.4")).unwrap();
    [manifest.deployment, manifest.service]
}

fn expected(published: bool) -> Expected<'static> {
    Expected {
        release: None,
        namespace: "knative",
        published,
        origin: "hpa.yaml",
    }
}

/// What is said of the two objects after `change`.
#[track_caller]
fn said(published: bool, change: impl FnOnce(&mut Value, &mut Value)) -> String {
    let [mut deployment, mut service] = both();
    change(&mut deployment, &mut service);
    match accept(&[&deployment, &service], expected(published)) {
        Ok(manifest) => format!("taken: {}", manifest.doubts.join("; ")),
        Err(wrong) => wrong.join("\n"),
    }
}

fn image(deployment: &mut Value, image: &str) {
    deployment["spec"]["template"]["spec"]["containers"][0]["image"] = json!(image);
}

#[test]
fn only_the_two_objects_are_taken() {
    let [deployment, service] = both();
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}});
    let of = |objects: &[&Value]| accept(objects, expected(false)).map(|found| found.release);
    assert_eq!(of(&[&service, &deployment]), Ok(at("1.12.4")));
    let wrong = [
        of(&[]),
        of(&[&deployment]),
        of(&[&deployment, &service, &service]),
        of(&[&deployment, &service, &secret]),
        of(&[&deployment, &service, &json!({})]),
    ];
    let wrong = wrong.map(|result| result.unwrap_err().join("; "));
    insta::assert_snapshot!(wrong.join("\n"), @"
    it holds no Deployment autoscaler-hpa; it holds no Service autoscaler-hpa
    it holds no Service autoscaler-hpa
    it holds several of Service autoscaler-hpa
    it holds Secret s, which is no part of the extension
    it holds an object without a kind, which is no part of the extension
    ");
}

#[test]
fn what_the_user_gives_may_come_from_a_mirror() {
    let own = "reg/mirror/autoscaler-hpa@sha256:f5d84faf112df9a63c5339a2843f6fcce6044c71541e9e1989e922885e927922";
    let other = format!("reg/autoscaler-hpa@sha256:{}", "0".repeat(64));
    assert_eq!(
        said(false, |deployment, _| image(deployment, own)),
        "taken: "
    );
    let doubts = [
        said(false, |deployment, _| {
            image(deployment, "reg/autoscaler-hpa:v1.12.4");
        }),
        said(false, |deployment, _| image(deployment, &other)),
        said(false, |deployment, _| image(deployment, "reg/miner:v1")),
        said(true, |deployment, _| image(deployment, own)),
    ];
    insta::assert_snapshot!(doubts.join("\n"), @r#"
    taken: its image reg/autoscaler-hpa:v1.12.4 is named by a tag: what is behind it can change
    taken: its image is another one than that of the release: sha256:0000000000000000000000000000000000000000000000000000000000000000, not sha256:f5d84faf112df9a63c5339a2843f6fcce6044c71541e9e1989e922885e927922
    its image is "reg/miner:v1", which is not called autoscaler-hpa
    its image is "reg/mirror/autoscaler-hpa@sha256:f5d84faf112df9a63c5339a2843f6fcce6044c71541e9e1989e922885e927922", not one of gcr.io/knative-releases/knative.dev/serving/cmd/autoscaler-hpa by its digest
    "#);
}

#[test]
fn what_differs_from_a_release_is_named() {
    let label = "app.kubernetes.io/version";
    let wrong = [
        said(true, |deployment, _| {
            deployment["metadata"]["namespace"] = json!("default");
        }),
        said(true, |_, service| {
            service["metadata"]["labels"][label] = json!("1.12.3");
        }),
        said(true, |_, service| service["metadata"]["labels"] = json!({})),
        said(true, |deployment, _| {
            deployment["metadata"]["labels"][label] = json!("devel");
        }),
        said(true, |deployment, _| {
            deployment["spec"]["template"]["spec"]["initContainers"] = json!([{"name": "a"}]);
        }),
        said(true, |deployment, _| {
            deployment["spec"]["template"]["spec"]["serviceAccountName"] = json!("default");
        }),
        said(true, |deployment, _| deployment["spec"] = json!("none")),
    ];
    insta::assert_snapshot!(wrong.join("\n"), @r#"
    Deployment autoscaler-hpa is of namespace "default"
    Service autoscaler-hpa is of release 1.12.3, not 1.12.4
    Service autoscaler-hpa has no label that names its release
    Deployment autoscaler-hpa names "devel", which is no release
    its pods have other containers than the extension
    its pods run as ServiceAccount "default", not controller
    its pods have other containers than the extension
    its pods run as ServiceAccount "", not controller
    its image is "", not one of gcr.io/knative-releases/knative.dev/serving/cmd/autoscaler-hpa by its digest
    "#);
}

#[test]
fn the_release_must_be_the_one_that_is_asked_for() {
    let [deployment, service] = both();
    let expected = Expected {
        release: Some(at("1.13.0")),
        namespace: NAMESPACE,
        published: true,
        origin: "hpa.yaml",
    };
    insta::assert_snapshot!(accept(&[&deployment, &service], expected).unwrap_err().join("\n"), @"
    Deployment autoscaler-hpa is of release 1.12.4, not 1.13.0
    Service autoscaler-hpa is of release 1.12.4, not 1.13.0
    ");
}
