//! There is nothing to take back, and what to do instead.

use serde_json::Value;

use super::kept::Kept;
use crate::cluster::Cluster;
use crate::error::Error;
use crate::facts::text;
use crate::switching::record;

/// Nothing is recorded.
pub(super) async fn recorded(cluster: &Cluster, one: &Kept) -> Error {
    let Kept { name, object, .. } = one;
    let namespace = text(object, "/metadata/namespace");
    let mut error = Error::input(format!(
        "nothing can be taken back: no switch of {name} in namespace {namespace} is recorded"
    ));
    for (revision, why) in &one.history.unreadable {
        error = error.hint(format!("ControllerRevision {revision} is left out: {why}"));
    }
    let before = of_another(cluster, object).await;
    if before > 0 {
        error = error.hint(match before {
            1 => "1 record is there of an object of that name that was deleted; it does not hold for this one".to_owned(),
            many => format!("{many} records are there of an object of that name that was deleted; they do not hold for this one"),
        });
    }
    error.hint(format!(
        "kubectl kscale switch {name} --to AUTOSCALER changes it, and records what it replaced"
    ))
}

/// How many records there are of an object of the same name that is gone.
async fn of_another(cluster: &Cluster, object: &Value) -> usize {
    let mut count = 0;
    let name = text(object, "/metadata/name");
    let kind = text(object, "/kind");
    let is_same = |owner: &Value| text(owner, "/name") == name && text(owner, "/kind") == kind;
    let listed = record::every(cluster, object, |revision| {
        let owners = revision.pointer("/metadata/ownerReferences");
        let mut owners = owners.and_then(Value::as_array).into_iter().flatten();
        let uid = text(object, "/metadata/uid");
        count += usize::from(owners.any(|owner| is_same(owner) && text(owner, "/uid") != uid));
    });
    // It only explains.
    listed.await.map_or(0, |()| count)
}

/// Something is recorded, and none of it holds.
pub(super) fn in_effect(one: &Kept) -> Error {
    let name = &one.name;
    Error::input(format!(
        "nothing can be taken back: no recorded switch of {name} is in effect"
    ))
    .hint(format!(
        "kubectl kscale undo {name} --list shows what is recorded"
    ))
}

/// There is none of that number.
pub(super) fn of_number(one: &Kept, number: i64) -> Error {
    let name = &one.name;
    let numbers: Vec<String> = one
        .history
        .kept
        .iter()
        .map(|kept| kept.number.to_string())
        .collect();
    Error::input(format!("{name} has no revision {number}"))
        .hint(format!("there is {}", numbers.join(", ")))
        .hint(format!(
            "kubectl kscale undo {name} --list says what each of them is"
        ))
}
