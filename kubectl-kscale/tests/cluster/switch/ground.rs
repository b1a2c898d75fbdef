//! Services to switch, and how it is done.

use std::path::Path;

use kscale_control_plane::{ControlPlane, Error, FaultProxy};
use serde_json::{Value, json};

use crate::plane::Asking;
use crate::process::{Ran, Run, kscale};
use crate::workloads::isvc;

pub(super) const CLASS: &str = "/metadata/annotations/autoscaling.knative.dev~1class";
pub(super) const HPA: &str = "hpa.autoscaling.knative.dev";

/// What most tests do. The other way wants metrics that no test's cluster has.
pub(super) const TO_KPA: [&str; 5] = ["isvc/bert", "--to", "kpa", "--target", "10"];

/// An InferenceService of the HPA class, as somebody has created it.
pub(super) fn bert(namespace: &str) -> Value {
    named(namespace, "bert")
}

/// The same under another name.
pub(super) fn named(namespace: &str, name: &str) -> Value {
    let predictor = json!({"scaleTarget": 75, "scaleMetric": "cpu", "maxReplicas": 5});
    let annotations = json!({"autoscaling.knative.dev/class": HPA});
    isvc(namespace, name, &annotations, &predictor)
}

/// A namespace with one of them in it.
pub(super) fn one(plane: &ControlPlane) -> Result<(String, Value), Error> {
    let namespace = plane.namespace()?;
    let object = plane.create(&bert(&namespace))?;
    Ok((namespace, object))
}

/// `kubectl kscale switch -n NAMESPACE ARGUMENTS`, which asks nobody and waits for nobody.
pub(super) fn switching(namespace: &str, arguments: &[&str]) -> Run {
    let always = ["switch", "-n", namespace, "-y", "--wait=false"];
    kscale(&[&always, arguments].concat()).columns(100)
}

/// The same, run to its end.
pub(super) fn switch(plane: &ControlPlane, namespace: &str, arguments: &[&str]) -> Ran {
    switching(namespace, arguments).on(plane).run()
}

/// The same, through a proxy.
pub(super) fn switch_through(proxy: &FaultProxy, namespace: &str, arguments: &[&str]) -> Ran {
    let file: &Path = proxy.kubeconfig();
    switching(namespace, arguments).with_kubeconfig(file).run()
}

/// Whether an object is as it was made, or as [`TO_KPA`] leaves it.
pub(super) fn is_switched(plane: &ControlPlane, object: &Value) -> bool {
    let there = plane.read(object).unwrap();
    let predictor = &there["spec"]["predictor"];
    let of_hpa = there.pointer(CLASS).is_some_and(|class| class == HPA);
    let of_cpu = predictor["scaleMetric"] == "cpu";
    assert_eq!(of_hpa, of_cpu, "half of it was done: {there}");
    assert_eq!(
        of_cpu,
        predictor["scaleTarget"] == 75,
        "half of it was done: {there}"
    );
    !of_hpa
}

/// The version of an object.
pub(super) fn version(plane: &ControlPlane, object: &Value) -> String {
    let there = plane.read(object).unwrap();
    there["metadata"]["resourceVersion"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The edits that were sent to be kept, and those that were only tried.
pub(super) fn edits(proxy: &FaultProxy) -> (usize, usize) {
    let all: Vec<_> = proxy
        .writes()
        .into_iter()
        .filter(|asked| asked.method == "PATCH" && asked.path.contains("/inferenceservices/"))
        .collect();
    let tried = all
        .iter()
        .filter(|asked| asked.path.contains("dryRun=All"))
        .count();
    (all.len() - tried, tried)
}

/// The records that are kept in a namespace.
pub(super) fn records(plane: &ControlPlane, namespace: &str) -> Vec<Value> {
    let path = format!("/apis/apps/v1/namespaces/{namespace}/controllerrevisions");
    let list = plane.get(&path).unwrap();
    list["items"].as_array().unwrap().clone()
}

/// Rights to read what is there and to switch it, but for one.
pub(super) fn rights_without(missing: &str) -> Vec<Value> {
    let rule = |group: &str, resource: &str, verbs: &[&str]| {
        let verbs: Vec<&&str> = verbs
            .iter()
            .filter(|verb| missing != format!("{verb} {resource}"))
            .collect();
        json!({"apiGroups": [group], "resources": [resource], "verbs": verbs})
    };
    vec![
        rule(
            "serving.kserve.io",
            "inferenceservices",
            &["patch", "get", "list"],
        ),
        rule(
            "autoscaling",
            "horizontalpodautoscalers",
            &["delete", "get", "list"],
        ),
        rule(
            "apps",
            "controllerrevisions",
            &["create", "list", "get", "delete"],
        ),
        json!({"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list"]}),
    ]
}

/// What a webhook says, as the API server passes it on.
pub(super) fn denial(status: u16, message: &str) -> String {
    json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "code": status,
    })
    .to_string()
}
