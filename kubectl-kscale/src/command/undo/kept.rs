//! An object, and what is kept of it.

use kscale_rules::explain::ObjectRef;
use serde_json::Value;

use crate::cluster::{Cluster, Why};
use crate::error::Error;
use crate::facts::text;
use crate::selection::{WorkloadKind, is_made_by_kserve};
use crate::switching::record::{History, SwitchRecords, history};

/// An object, and what is kept of it.
pub(super) struct Kept {
    /// As people name it: `isvc/bert`.
    pub(super) name: String,
    /// As the API server has it, whole.
    pub(super) object: Value,
    /// Its records.
    pub(super) history: History,
}

impl Kept {
    /// What is kept, compared with what the object is now.
    pub(super) fn listed(self) -> SwitchRecords {
        SwitchRecords::of(reference(&self.object), &self.object, self.history)
    }
}

/// Which object it is.
pub(super) fn reference(object: &Value) -> ObjectRef {
    ObjectRef {
        origin: "cluster".to_owned(),
        ..ObjectRef::of(object)
    }
}

/// Reads both.
pub(super) async fn of(
    cluster: &Cluster,
    kind: WorkloadKind,
    namespace: &str,
    name: &str,
) -> Result<Kept, Error> {
    let short = format!("{}/{name}", kind.short());
    let path = format!("{}/{name}", kind.collection(Some(namespace)));
    let object = cluster.get(&path).await.map_err(|failure| {
        if failure.why == Why::Absent {
            return Error::input(format!("{short} is not in namespace {namespace}"))
                .hint("-n NAMESPACE looks into another one")
                .hint(format!("what there is: kubectl get {} -A", kind.short()));
        }
        failure.error(&format!("{short} cannot be read"))
    })?;
    if kind == WorkloadKind::KnativeService && is_made_by_kserve(&object) {
        return Err(made_by_kserve(&short, &object));
    }
    let failed = |failure: crate::cluster::Failure| {
        failure
            .error(&format!("the records of {short} cannot be read"))
            .hint(format!(
                "you must be allowed to list controllerrevisions.apps in namespace {namespace}"
            ))
    };
    Ok(Kept {
        history: history(cluster, &object).await.map_err(failed)?,
        name: short,
        object,
    })
}

fn made_by_kserve(short: &str, object: &Value) -> Error {
    let owners = object.pointer("/metadata/ownerReferences");
    let mut owners = owners.and_then(Value::as_array).into_iter().flatten();
    let owner = owners.find(|owner| text(owner, "/kind") == "InferenceService");
    let error = Error::input(format!(
        "{short} is made by KServe, which would write it again"
    ));
    match owner {
        Some(owner) => error.hint(format!(
            "take back the switch of what it is made for: kubectl kscale undo isvc/{}",
            text(owner, "/name")
        )),
        None => error,
    }
}
