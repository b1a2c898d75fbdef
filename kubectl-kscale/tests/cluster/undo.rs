//! `undo`, and the records that it goes by.

mod back;
mod hostile;
mod kept;
mod killed;
mod listed;
mod refused;

use kscale_control_plane::ControlPlane;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::plane::Asking as _;
use crate::process::{Ran, kscale};
use crate::workloads::isvc;

type Failing<T> = Result<T, Box<dyn std::error::Error>>;

pub(crate) fn trials() -> Vec<Trial> {
    let all = [
        kept::trials(),
        back::trials(),
        listed::trials(),
        refused::trials(),
        hostile::trials(),
        killed::trials(),
    ];
    all.into_iter().flatten().collect()
}

/// A model on ten requests a pod, in a namespace of its own.
fn bert(plane: &ControlPlane) -> Failing<Value> {
    let namespace = plane.namespace()?;
    let predictor = json!({
        "minReplicas": 1, "maxReplicas": 5, "scaleTarget": 10, "scaleMetric": "concurrency",
    });
    let object = isvc(
        &namespace,
        "bert",
        &json!({"team/note": "keep"}),
        &predictor,
    );
    Ok(plane.create(&object)?)
}

fn namespace(object: &Value) -> &str {
    object["metadata"]["namespace"].as_str().unwrap()
}

/// `kubectl kscale ARGUMENTS` in the object's namespace.
fn run(plane: &ControlPlane, object: &Value, arguments: &[&str]) -> Ran {
    let place = ["-n", namespace(object)];
    kscale(&[arguments, &place].concat()).on(plane).run()
}

/// The same, without a question, and without waiting for controllers and metrics that are not there.
#[track_caller]
fn change(plane: &ControlPlane, object: &Value, arguments: &[&str]) -> Ran {
    let ran = run(
        plane,
        object,
        &[arguments, &["-y", "--wait=false", "--allow-findings"]].concat(),
    );
    assert_eq!(ran.code, 0, "{arguments:?}\n{}{}", ran.stdout, ran.stderr);
    ran
}

/// A switch to the HPA class on a share of the cpu.
#[track_caller]
fn to_hpa(plane: &ControlPlane, object: &Value, target: &str, max: &str) -> Ran {
    let to = ["switch", "isvc/bert", "--to", "hpa"];
    change(
        plane,
        object,
        &[to.as_slice(), &["--target", target, "--max", max]].concat(),
    )
}

/// What people write of an object.
fn written(object: &Value) -> Value {
    json!({"annotations": object["metadata"]["annotations"], "spec": object["spec"]})
}

/// Asserts that the object is, to the byte, as it was.
#[track_caller]
fn is_as_before(plane: &ControlPlane, before: &Value) {
    let now = plane.read(before).unwrap();
    assert_eq!(written(&now).to_string(), written(before).to_string());
    assert_eq!(now["metadata"]["labels"], before["metadata"]["labels"]);
}

/// The records of the object's namespace, oldest first.
fn records(plane: &ControlPlane, object: &Value) -> Failing<Vec<Value>> {
    let path = format!(
        "/apis/apps/v1/namespaces/{}/controllerrevisions",
        namespace(object)
    );
    let mut all = plane.get(&path)?["items"].as_array().cloned().unwrap();
    all.sort_by_key(|one| one["revision"].as_i64());
    Ok(all)
}

/// A record as a switch keeps it, of settings of one's own.
fn record(object: &Value, name: &str, number: i64, replaced: &Value) -> Value {
    let uid = object["metadata"]["uid"].clone();
    json!({
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": {
            "name": name,
            "namespace": namespace(object),
            "labels": {"app.kubernetes.io/managed-by": "kubectl-kscale", "kscale.dev/record-of": uid},
            "ownerReferences": [{
                "apiVersion": object["apiVersion"], "kind": object["kind"],
                "name": object["metadata"]["name"], "uid": uid,
                "controller": false, "blockOwnerDeletion": false,
            }],
        },
        "revision": number,
        "data": {
            "apiVersion": "kscale.dev/v1alpha1", "kind": "SwitchRecord", "verb": "switch --to hpa",
            "at": "2026-11-25T00:00:00Z", "before": {}, "after": {}, "replaced": replaced,
        },
    })
}
