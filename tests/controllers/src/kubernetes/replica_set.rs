//! ReplicaSet: as many pods as it is told.

use serde_json::{Value, json};

use super::deployment::safe;
use crate::conditions::status;
use crate::error::Error;
use crate::json::{at, name, number};
use crate::kinds::Kind;
use crate::scene::{Scene, Wrote, owner};
use crate::script::Pods;

const COMPONENT: &str = "replicaset-controller";

pub(super) fn reconcile(scene: &mut Scene<'_>, set: &Value) -> Result<(), Error> {
    if !at(set, "/metadata/deletionTimestamp").is_null() {
        return Ok(());
    }
    let wanted = usize::try_from(number(set, "/spec/replicas").unwrap_or(0)).unwrap_or(0);
    let pods = scene.children(Kind::Pod, set);
    if pods.len() < wanted && scene.script.pods != Pods::Quota {
        for _ in pods.len()..wanted {
            create(scene, set)?;
        }
    }
    // Those that are not ready go first.
    let mut going = pods.clone();
    going.sort_by_key(|pod| status(pod, "Ready") == "True");
    for pod in going.iter().take(pods.len().saturating_sub(wanted)) {
        scene.delete(Kind::Pod, pod)?;
        let message = format!("Deleted pod: {}", name(pod));
        scene.event(set, ("Normal", "SuccessfulDelete"), &message, COMPONENT)?;
    }
    let pods = scene.children(Kind::Pod, set);
    let ready = pods
        .iter()
        .filter(|pod| status(pod, "Ready") == "True")
        .count();
    let mut new =
        json!({ "observedGeneration": set["metadata"]["generation"], "replicas": pods.len() });
    if !pods.is_empty() {
        new["fullyLabeledReplicas"] = pods.len().into();
    }
    if ready > 0 {
        new["readyReplicas"] = ready.into();
        new["availableReplicas"] = ready.into();
    }
    scene.status(Kind::ReplicaSet, set, new, &[])?;
    Ok(())
}

fn create(scene: &mut Scene<'_>, set: &Value) -> Result<(), Error> {
    let number = scene.memory.next_number();
    let pod = format!("{}-{}", name(set), safe(scattered(number)));
    let template = &set["spec"]["template"];
    let object = json!({
        "metadata": {
            "name": pod,
            "labels": template["metadata"]["labels"],
            "annotations": template["metadata"]["annotations"],
            "ownerReferences": owner(set),
        },
        "spec": template["spec"],
    });
    if let Wrote::Refused(said) = scene.create(Kind::Pod, object)? {
        return Err(Error(format!("a pod of {}: {said}", name(set))));
    }
    let message = format!("Created pod: {pod}");
    scene.event(set, ("Normal", "SuccessfulCreate"), &message, COMPONENT)
}

/// Numbers in a row are made to look like anything but, as the names of pods do. Five letters have so many values.
fn scattered(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 27_u64.pow(5)
}
