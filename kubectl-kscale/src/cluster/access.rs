//! What the caller may do, as the API server itself answers.

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};

use super::write::Write;
use super::{Cluster, Failure};

/// Something that the caller may or may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Access<'a> {
    /// Such as `patch`.
    pub(crate) verb: &'a str,
    /// The API group, empty for the core one.
    pub(crate) group: &'a str,
    /// Such as `deployments`, or `pods/log`.
    pub(crate) resource: &'a str,
    /// The namespace; empty for all of them, and for what belongs to none.
    pub(crate) namespace: &'a str,
    /// The object; empty for any.
    pub(crate) name: &'a str,
}

/// The API server's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Permission {
    /// Whether the caller may.
    pub(crate) allowed: bool,
    /// What the authorizer says of it; mostly nothing.
    pub(crate) reason: String,
}

impl Access<'_> {
    /// `patch deployments.apps autoscaler-hpa in knative-serving`, as people say it.
    pub(crate) fn words(&self) -> String {
        let Self {
            verb,
            group,
            resource,
            namespace,
            name,
        } = self;
        let dot = if group.is_empty() { "" } else { "." };
        let mut words = format!("{verb} {resource}{dot}{group}");
        if !name.is_empty() {
            words.push_str(&format!(" {name}"));
        }
        if !namespace.is_empty() {
            words.push_str(&format!(" in namespace {namespace}"));
        }
        words
    }

    fn review(&self) -> Value {
        let (resource, subresource) = match self.resource.split_once('/') {
            Some((resource, subresource)) => (resource, Some(subresource)),
            None => (self.resource, None),
        };
        let mut attributes = json!({"verb": self.verb, "resource": resource});
        let others = [
            ("group", Some(self.group)),
            ("subresource", subresource),
            ("namespace", Some(self.namespace)),
            ("name", Some(self.name)),
        ];
        for (key, value) in others {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                attributes[key] = value.into();
            }
        }
        json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": attributes},
        })
    }
}

impl Cluster {
    /// Whether the caller may do `access`. Everybody may ask that of themselves.
    pub(crate) async fn may(&self, access: &Access<'_>) -> Result<Permission, Failure> {
        let write = Write {
            method: Method::POST,
            path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            content_type: "application/json",
            body: &access.review(),
        };
        let answer = self
            .write(&write)
            .await
            .map_err(|refused| refused.failure)?;
        let status = |pointer: &str| answer.pointer(&format!("/status/{pointer}"));
        let reason = status("reason").or_else(|| status("evaluationError"));
        Ok(Permission {
            allowed: status("allowed")
                .and_then(Value::as_bool)
                .unwrap_or_default(),
            reason: reason
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
        })
    }

    /// The same for several at once, in their order.
    pub(crate) async fn may_each(
        &self,
        accesses: &[Access<'_>],
    ) -> Vec<Result<Permission, Failure>> {
        join_all(accesses.iter().map(|access| self.may(access))).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_asks_for_what_is_named_and_nothing_else() {
        let access = Access {
            verb: "get",
            group: "",
            resource: "pods/log",
            namespace: "ml",
            name: "",
        };
        assert_eq!(
            access.review()["spec"]["resourceAttributes"],
            json!({"verb": "get", "resource": "pods", "subresource": "log", "namespace": "ml"})
        );
        assert_eq!(access.words(), "get pods/log in namespace ml");
        let access = Access {
            verb: "patch",
            group: "apps",
            resource: "deployments",
            namespace: "",
            name: "a",
        };
        assert_eq!(
            access.review()["spec"]["resourceAttributes"],
            json!({"verb": "patch", "group": "apps", "resource": "deployments", "name": "a"})
        );
        assert_eq!(access.words(), "patch deployments.apps a");
    }
}
