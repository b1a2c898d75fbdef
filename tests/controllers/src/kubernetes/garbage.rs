//! The garbage collector: what is owned goes with its owner.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::error::Error;
use crate::json::{at, list, name, text, uid};
use crate::kinds::Kind;
use crate::scene::Scene;

const FOREGROUND: &str = "foregroundDeletion";
const ORPHAN: &str = "orphan";

pub(super) fn collect(scene: &mut Scene<'_>) -> Result<(), Error> {
    let mut live: BTreeSet<String> = BTreeSet::new();
    let mut going: BTreeSet<String> = BTreeSet::new();
    for kind in Kind::ALL {
        for object in scene.all(kind) {
            live.insert(uid(&object).to_owned());
            let finalizers: Vec<&str> = list(&object, "/metadata/finalizers")
                .filter_map(Value::as_str)
                .collect();
            if at(&object, "/metadata/deletionTimestamp").is_null() {
                continue;
            }
            if finalizers.contains(&FOREGROUND) {
                going.insert(uid(&object).to_owned());
            }
        }
    }
    for kind in Kind::ALL {
        for object in scene.all(kind) {
            let owners: Vec<&Value> = list(&object, "/metadata/ownerReferences").collect();
            let deleting = !at(&object, "/metadata/deletionTimestamp").is_null();
            if !owners.is_empty() && !deleting {
                let mut gone = true;
                for owner in &owners {
                    let id = text(owner, "/uid");
                    gone &= going.contains(id) || (!live.contains(id) && !is_there(scene, owner)?);
                }
                if gone {
                    scene.delete(kind, &object)?;
                    continue;
                }
            }
            if deleting {
                release(scene, kind, &object)?;
            }
        }
    }
    Ok(())
}

/// Asks the API server itself: what was told may be old, and some owners are of kinds that are not looked at.
fn is_there(scene: &Scene<'_>, owner: &Value) -> Result<bool, Error> {
    let Some(kind) = Kind::of(text(owner, "/apiVersion"), text(owner, "/kind")) else {
        return Ok(true);
    };
    let path = format!(
        "{}/{}",
        kind.list(scene.minor, Some(scene.namespace())),
        text(owner, "/name")
    );
    let answer = scene.client.send("GET", &path, "", None)?;
    Ok(answer.status != 404 && (answer.status != 200 || uid(&answer.body) == text(owner, "/uid")))
}

/// Takes the collector's own finalizers away, and those of KServe and Knative, when nothing is left of what the object owns.
fn release(scene: &mut Scene<'_>, kind: Kind, object: &Value) -> Result<(), Error> {
    let all: Vec<&str> = list(object, "/metadata/finalizers")
        .filter_map(Value::as_str)
        .collect();
    if all.is_empty() {
        return Ok(());
    }
    let waits = all.contains(&FOREGROUND)
        && Kind::ALL
            .into_iter()
            .any(|kind| !scene.children(kind, object).is_empty());
    if waits {
        return Ok(());
    }
    if all.contains(&ORPHAN) {
        orphan(scene, object)?;
    }
    let own = [
        FOREGROUND,
        ORPHAN,
        "inferenceservice.finalizers",
        "routes.serving.knative.dev",
    ];
    let kept: Vec<&str> = all.into_iter().filter(|one| !own.contains(one)).collect();
    let patch = json!({ "metadata": { "finalizers": kept } });
    scene.merge(kind, name(object), &patch)?;
    Ok(())
}

/// What an owner leaves behind on purpose is nobody's.
fn orphan(scene: &mut Scene<'_>, object: &Value) -> Result<(), Error> {
    for kind in Kind::ALL {
        for child in scene.children(kind, object) {
            let patch = json!({ "metadata": { "ownerReferences": null } });
            scene.merge(kind, name(&child), &patch)?;
        }
    }
    Ok(())
}
