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

    /// Sends a strategic merge patch, for what applying cannot do: taking away what others have filled in.
    pub(crate) async fn merge(
        &self,
        path: &str,
        patch: &Value,
        persist: Persist,
    ) -> Result<Value, Failure> {
        let dry = if persist == Persist::DryRun {
            "&dryRun=All"
        } else {
            ""
        };
        let write = Write {
            method: Method::PATCH,
            path: &format!("{path}?fieldManager={FIELD_MANAGER}{dry}"),
            content_type: "application/strategic-merge-patch+json",
            body: patch,
        };
        self.write(&write).await.map_err(|refused| refused.failure)
    }
}

/// With what an API server would fill in, where it matters that the caller says so.
fn explicit(mut object: Value) -> Value {
    match object.get("kind").and_then(Value::as_str) {
        // Older API servers, 1.20 among them, compare the keys of a list before they fill in what is left out of them.
        Some("Service") => fill(
            object.pointer_mut("/spec/ports"),
            &[],
            &[("protocol", "TCP".into())],
        ),
        // Who applies without a probe takes away the fields that he owned: unless those are all that there are, half a probe is
        // left, which is refused.
        Some("Deployment") => fill(
            object.pointer_mut("/spec/template/spec/containers"),
            &["livenessProbe", "readinessProbe", "startupProbe"],
            &[("timeoutSeconds", 1.into()), ("successThreshold", 1.into())],
        ),
        _ => {}
    }
    object
}

/// Adds what is not there to each item of a list; with `fields`, to these fields of each, where they are there.
fn fill(list: Option<&mut Value>, fields: &[&str], defaults: &[(&str, Value)]) {
    for item in list.and_then(Value::as_array_mut).into_iter().flatten() {
        if fields.is_empty() {
            complete(item, defaults);
        }
        for field in fields {
            if let Some(inner) = item.get_mut(*field) {
                complete(inner, defaults);
            }
        }
    }
}

fn complete(object: &mut Value, defaults: &[(&str, Value)]) {
    if let Some(object) = object.as_object_mut() {
        for (key, value) in defaults {
            object.entry(*key).or_insert_with(|| value.clone());
        }
    }
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
    fn probes_are_owned_whole() {
        let with = |probe: Value| {
            json!({"kind": "Deployment", "spec": {"template": {"spec": {"containers": [
                {"name": "a", "readinessProbe": probe}, {"name": "b"},
            ]}}}})
        };
        assert_eq!(
            explicit(with(json!({"timeoutSeconds": 5}))),
            with(json!({"timeoutSeconds": 5, "successThreshold": 1}))
        );
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
