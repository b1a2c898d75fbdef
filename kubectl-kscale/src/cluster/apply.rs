//! Server-side apply.

use std::collections::BTreeMap;

use http::Method;
use serde_json::Value;

use super::write::{Refused, Write};
use super::{Cluster, Failure, Why};
use crate::error::Error;
use crate::input::visible;

/// Under this name kscale owns the fields that it sets.
pub(crate) const FIELD_MANAGER: &str = "kscale";

/// Whether what is sent is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Persist {
    /// It is.
    Yes,
    /// The API server does everything but keep it.
    DryRun,
}

/// What to do with fields that others own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owned {
    /// Leave them, and fail.
    Respect,
    /// Take them over.
    Take,
}

/// Why an object was not applied.
#[derive(Clone, Debug)]
pub(crate) enum NotApplied {
    /// Others own fields that it sets: owner, and the fields of each.
    Conflicts(BTreeMap<String, Vec<String>>),
    /// Anything else.
    Failed(Failure),
}

impl NotApplied {
    /// As an error of the whole command, which was about to do `what`.
    pub(crate) fn error(self, what: &str) -> Error {
        match self {
            Self::Failed(failure) => failure.error(what),
            Self::Conflicts(owners) => {
                let each: Vec<String> = owners
                    .iter()
                    .map(|(owner, fields)| format!("{owner} owns {}", fields.join(", ")))
                    .collect();
                let message = format!("{what}: others own what would change: {}", each.join("; "));
                Error::refused(message)
                    .hint("to take these fields over: --force-conflicts")
                    .hint("whatever applies the same objects (Argo CD, Flux, Helm) will then fight over them: change it there instead")
            }
        }
    }
}

impl From<Refused> for NotApplied {
    fn from(refused: Refused) -> Self {
        let owners = refused.status.as_deref().map(owners).unwrap_or_default();
        if refused.failure.why == Why::Conflict && !owners.is_empty() {
            return Self::Conflicts(owners);
        }
        Self::Failed(refused.failure)
    }
}

/// Who owns what, from the causes of a conflict: `conflict with "kubectl" using apps/v1`, and the field.
fn owners(status: &kube::core::Status) -> BTreeMap<String, Vec<String>> {
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let causes = status.details.iter().flat_map(|details| &details.causes);
    for cause in causes.filter(|cause| cause.reason == "FieldManagerConflict") {
        let owner = cause.message.split('"').nth(1).unwrap_or(&cause.message);
        owners
            .entry(visible(owner).into_owned())
            .or_default()
            .push(visible(&cause.field).into_owned());
    }
    owners
}

impl Cluster {
    /// Applies `object`, which is at `path`, and gives what it has become.
    pub(crate) async fn apply(
        &self,
        path: &str,
        object: &Value,
        owned: Owned,
        persist: Persist,
    ) -> Result<Value, NotApplied> {
        let mut path = format!("{path}?fieldManager={FIELD_MANAGER}");
        if owned == Owned::Take {
            path.push_str("&force=true");
        }
        if persist == Persist::DryRun {
            path.push_str("&dryRun=All");
        }
        let write = Write {
            method: Method::PATCH,
            path: &path,
            // JSON is YAML, and an API server takes no other type for this.
            content_type: "application/apply-patch+yaml",
            body: &explicit(object.clone()),
        };
        Ok(self.write(&write).await?)
    }
}

/// With what older API servers, 1.20 among them, want to see in the ports of Services: there, applying compares the keys of
/// a list before what is left out of them is filled in. It is what they would fill in.
fn explicit(mut object: Value) -> Value {
    let is_service = object.get("kind").and_then(Value::as_str) == Some("Service");
    let ports = object
        .pointer_mut("/spec/ports")
        .and_then(Value::as_array_mut);
    for port in ports.into_iter().flatten().filter(|_| is_service) {
        if let Some(port) = port.as_object_mut() {
            port.entry("protocol").or_insert_with(|| "TCP".into());
        }
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ports_of_a_service_say_their_protocol_and_nothing_else_changes() {
        let service = json!({"kind": "Service", "spec": {"ports": [{"port": 1}, {"port": 2, "protocol": "UDP"}]}});
        assert_eq!(
            explicit(service),
            json!({"kind": "Service", "spec": {"ports": [{"port": 1, "protocol": "TCP"}, {"port": 2, "protocol": "UDP"}]}})
        );
        for other in [
            json!({"kind": "Service"}),
            json!({"kind": "Gateway", "spec": {"ports": [{"port": 1}]}}),
            json!({"kind": "Service", "spec": {"ports": "none"}}),
        ] {
            assert_eq!(explicit(other.clone()), other);
        }
    }

    #[test]
    fn a_conflict_names_owners_and_fields() {
        let status = json!({
            "code": 409, "message": "Apply failed with 2 conflicts", "reason": "Conflict",
            "details": {"causes": [
                {"reason": "FieldManagerConflict", "message": "conflict with \"kubectl-client-side-apply\" using apps/v1", "field": ".a"},
                {"reason": "FieldManagerConflict", "message": "conflict with \"kubectl-client-side-apply\" using apps/v1", "field": ".b"},
                {"reason": "FieldManagerConflict", "message": "conflict with \"argocd\u{1b}[2J\"", "field": ".c"},
            ]}
        });
        let status: kube::core::Status = serde_json::from_value(status).unwrap();
        let refused = Refused::from(kube::Error::Api(Box::new(status)));
        let error = NotApplied::from(refused).error("Deployment a");
        insta::assert_snapshot!(error, @"Deployment a: others own what would change: argocd\\u{1b}[2J owns .c; kubectl-client-side-apply owns .a, .b");
        assert_eq!(error.outcome(), crate::error::Outcome::Refused);
    }

    #[test]
    fn a_conflict_over_the_version_of_an_object_is_none_over_fields() {
        let status =
            json!({"code": 409, "message": "the object has been modified", "reason": "Conflict"});
        let status: kube::core::Status = serde_json::from_value(status).unwrap();
        let refused = Refused::from(kube::Error::Api(Box::new(status)));
        assert!(matches!(NotApplied::from(refused), NotApplied::Failed(_)));
    }
}
