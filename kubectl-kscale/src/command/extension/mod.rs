//! What `install` and `uninstall` have in common: the extension as a cluster shows it, and whoever depends on it.

mod ask;
mod gather;
mod sight;
mod users;

pub(super) use ask::{aside, confirmed};
pub(super) use gather::{CRDS, METRICS, gather};
pub(super) use sight::{Sight, State};
pub(super) use users::{User, stuck, users};

use crate::release::{NAME, Operator};

/// Where the Deployment is.
pub(super) fn deployment_path(namespace: &str) -> String {
    format!("/apis/apps/v1/namespaces/{namespace}/deployments/{NAME}")
}

/// Where the Service is.
pub(super) fn service_path(namespace: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/services/{NAME}")
}

/// How kubectl names both, Deployment first.
pub(super) const NAMES: [&str; 2] = ["deployment.apps/autoscaler-hpa", "service/autoscaler-hpa"];

/// What to say where the operator is at work.
pub(super) fn operated(operator: &Operator) -> String {
    let Operator {
        namespace,
        name,
        version,
    } = operator;
    let version = version
        .as_ref()
        .map_or_else(String::new, |version| format!(" {version}"));
    format!(
        "Knative Serving{version} is managed by the Knative operator: KnativeServing {name} in namespace {namespace}"
    )
}
