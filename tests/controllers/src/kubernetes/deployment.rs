//! Deployment: a ReplicaSet for each state of its template. What is old goes when what is new is ready.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::conditions::{Condition, status, written};
use crate::error::Error;
use crate::json::{at, name, number, text};
use crate::kinds::Kind;
use crate::scene::{Scene, owner};
use crate::script::Pods;

const HASH: &str = "pod-template-hash";
const COMPONENT: &str = "deployment-controller";

pub(super) fn reconcile(scene: &mut Scene<'_>, deployment: &Value) -> Result<(), Error> {
    if !at(deployment, "/metadata/deletionTimestamp").is_null() {
        return Ok(());
    }
    let wanted = number(deployment, "/spec/replicas").unwrap_or(1);
    let template = template(deployment);
    let current = format!(
        "{}-{}",
        name(deployment),
        text(&template, "/metadata/labels/pod-template-hash")
    );
    let sets = scene.children(Kind::ReplicaSet, deployment);
    let old: Vec<&Arc<Value>> = sets.iter().filter(|one| name(one) != current).collect();
    let was_new = scene.get(Kind::ReplicaSet, &current);
    match &was_new {
        None => create(scene, deployment, &current, &template, wanted)?,
        Some(there) => scale(scene, deployment, there, wanted)?,
    }
    let ready = ready_pods(scene, Some(&current));
    if ready >= wanted {
        for set in old {
            scale(scene, deployment, set, 0)?;
        }
    }
    write_status(scene, deployment, &current, was_new.is_none())
}

/// The pods' template with the hash of itself.
fn template(deployment: &Value) -> Value {
    let mut template = deployment["spec"]["template"].clone();
    let mut hasher = DefaultHasher::new();
    template.to_string().hash(&mut hasher);
    let hash = safe(hasher.finish() % 10_000_000_000);
    template["metadata"]["labels"][HASH] = hash.into();
    template
}

/// A number in the letters that names of pods are made of.
pub(super) fn safe(mut number: u64) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut text = String::new();
    while number > 0 || text.len() < 5 {
        let letter = LETTERS.get((number % 27) as usize).copied().unwrap_or(b'b');
        text.push(char::from(letter));
        number /= 27;
    }
    text
}

fn create(
    scene: &mut Scene<'_>,
    deployment: &Value,
    set: &str,
    template: &Value,
    wanted: i64,
) -> Result<(), Error> {
    let hash = template["metadata"]["labels"][HASH].clone();
    let mut labels = template["metadata"]["labels"].clone();
    labels[HASH] = hash.clone();
    let mut selector = deployment["spec"]["selector"].clone();
    selector["matchLabels"][HASH] = hash;
    let object = json!({
        "metadata": {
            "name": set,
            "labels": labels,
            "annotations": deployment["metadata"]["annotations"],
            "ownerReferences": owner(deployment),
        },
        "spec": { "replicas": wanted, "selector": selector, "template": template },
    });
    scene.create(Kind::ReplicaSet, object)?;
    if wanted == 0 {
        return Ok(());
    }
    let message = format!("Scaled up replica set {set} from 0 to {wanted}");
    scene.event(
        deployment,
        ("Normal", "ScalingReplicaSet"),
        &message,
        COMPONENT,
    )
}

fn scale(scene: &mut Scene<'_>, deployment: &Value, set: &Value, wanted: i64) -> Result<(), Error> {
    let present = number(set, "/spec/replicas").unwrap_or(0);
    if present == wanted {
        return Ok(());
    }
    let patch = json!({ "spec": { "replicas": wanted } });
    scene.merge(Kind::ReplicaSet, name(set), &patch)?;
    let way = if wanted > present { "up" } else { "down" };
    let message = format!(
        "Scaled {way} replica set {} from {present} to {wanted}",
        name(set)
    );
    scene.event(
        deployment,
        ("Normal", "ScalingReplicaSet"),
        &message,
        COMPONENT,
    )
}

/// The ready pods, of one ReplicaSet alone or of those that a Deployment's name begins.
fn ready_pods(scene: &Scene<'_>, set: Option<&str>) -> i64 {
    let pods = scene.all(Kind::Pod);
    let of_set = |one: &&Arc<Value>| {
        set.is_none_or(|set| text(one, "/metadata/ownerReferences/0/name") == set)
    };
    let ready = pods
        .iter()
        .filter(of_set)
        .filter(|one| status(one, "Ready") == "True");
    i64::try_from(ready.count()).unwrap_or(i64::MAX)
}

fn write_status(
    scene: &mut Scene<'_>,
    deployment: &Value,
    current: &str,
    is_new: bool,
) -> Result<(), Error> {
    let sets = scene.children(Kind::ReplicaSet, deployment);
    let (mut all, mut updated, mut ready) = (0, 0, 0);
    for set in &sets {
        let pods = scene.children(Kind::Pod, set).len();
        all += pods;
        updated += if name(set) == current { pods } else { 0 };
        ready += ready_pods(scene, Some(name(set)));
    }
    let wanted = number(deployment, "/spec/replicas").unwrap_or(1);
    let spare = if text(deployment, "/spec/strategy/rollingUpdate/maxUnavailable") == "25%" {
        wanted / 4
    } else {
        0
    };
    let available = if ready >= wanted - spare {
        Condition::new(
            "Available",
            "True",
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
        )
    } else {
        let message = "Deployment does not have minimum availability.";
        Condition::no("Available", "MinimumReplicasUnavailable", message)
    };
    let all = i64::try_from(all).unwrap_or(0);
    let updated = i64::try_from(updated).unwrap_or(0);
    let complete = updated >= wanted && ready >= wanted && all == updated;
    let mut conditions = vec![
        available,
        progressing(deployment, current, is_new, complete, updated),
    ];
    if scene.script.pods == Pods::Quota && updated < wanted {
        conditions.push(failure(current));
    }
    let mut new = json!({ "observedGeneration": deployment["metadata"]["generation"] });
    let counts = [
        ("replicas", all),
        ("updatedReplicas", updated),
        ("readyReplicas", ready),
        ("availableReplicas", ready),
        ("unavailableReplicas", (wanted.max(all) - ready).max(0)),
    ];
    for (key, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        new[key] = count.into();
    }
    let mut written = written(deployment, &conditions);
    for condition in written.as_array_mut().into_iter().flatten() {
        condition["lastUpdateTime"] = condition["lastTransitionTime"].clone();
    }
    new["conditions"] = written;
    scene.status(Kind::Deployment, deployment, new, &[])?;
    Ok(())
}

fn progressing(
    deployment: &Value,
    current: &str,
    is_new: bool,
    complete: bool,
    updated: i64,
) -> Condition {
    const KIND: &str = "Progressing";
    let before = crate::conditions::find(deployment, KIND).map_or("", |one| text(one, "/reason"));
    let of_current = crate::conditions::find(deployment, KIND)
        .is_some_and(|one| text(one, "/message").contains(current));
    if is_new {
        let message = format!("Created new replica set \"{current}\"");
        Condition::new(KIND, "True", "NewReplicaSetCreated", &message)
    } else if complete || (before == "NewReplicaSetAvailable" && of_current) {
        let message = format!("ReplicaSet \"{current}\" has successfully progressed.");
        Condition::new(KIND, "True", "NewReplicaSetAvailable", &message)
    } else if updated == 0 && before == "NewReplicaSetCreated" {
        let message = format!("Created new replica set \"{current}\"");
        Condition::new(KIND, "True", "NewReplicaSetCreated", &message)
    } else {
        let message = format!("ReplicaSet \"{current}\" is progressing.");
        Condition::new(KIND, "True", "ReplicaSetUpdated", &message)
    }
}

/// The words of the API server's quota.
fn failure(current: &str) -> Condition {
    let message = format!(
        "pods \"{current}-{}\" is forbidden: exceeded quota: compute, requested: requests.cpu=1, used: requests.cpu=4, limited: requests.cpu=4",
        safe(1)
    );
    Condition::new("ReplicaFailure", "True", "FailedCreate", &message)
}
