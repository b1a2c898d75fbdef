//! Whether anything needs a Revision.
//!
//! Deleting the newest one, or one that a route names, makes it again under the same name, or takes requests away. So one is
//! unused only where everything that could name it was read and does not.

use kscale_rules::knative::annotations::{CLASS, HPA_CLASS};
use serde_json::Value;

use crate::facts::text;

/// What can name a Revision.
#[derive(Clone, Copy)]
pub(super) struct Users<'a> {
    /// The Knative Service that it belongs to.
    pub(super) service: &'a Value,
    /// The Routes of the workload.
    pub(super) routes: &'a [Value],
    /// The InferenceService, where there is one.
    pub(super) inference_service: Option<&'a Value>,
}

/// Whether a Revision is of the HPA class, and nothing needs it.
pub(super) fn is_unused(revision: &Value, users: &Users<'_>) -> bool {
    let name = text(revision, "/metadata/name");
    let service = users.service;
    let is_hpa = annotation(revision, CLASS.canonical) == Some(HPA_CLASS);
    // knative/serving pkg/reconciler/gc/gc.go: its own collector keeps what is not in reserve, and what says so.
    let in_reserve = label(revision, "serving.knative.dev/routingState") == Some("reserve");
    let kept = annotation(revision, "serving.knative.dev/no-gc") == Some("true");
    let routed = annotation(revision, "serving.knative.dev/routes").is_some();
    let going = revision.pointer("/metadata/deletionTimestamp").is_some();
    // Whose newest edit is not carried out yet may need any of them in a moment.
    let generation = |pointer: &str| service.pointer(pointer).and_then(Value::as_i64);
    let settled = generation("/metadata/generation") <= generation("/status/observedGeneration");
    let newest = ["latestCreatedRevisionName", "latestReadyRevisionName"];
    let newest = newest.map(|field| text(service, &format!("/status/{field}")));
    is_hpa
        && in_reserve
        && !kept
        && !routed
        && !going
        && settled
        && newest.iter().all(|one| !one.is_empty() && *one != name)
        && !is_named(service, name)
        && !users.routes.iter().any(|route| is_named(route, name))
        && !users
            .inference_service
            .is_some_and(|one| is_kept(one, name))
}

/// Whether a Service or a Route names it, if only by a tag.
fn is_named(object: &Value, name: &str) -> bool {
    let targets = ["/spec/traffic", "/status/traffic"];
    let targets = targets
        .iter()
        .filter_map(|at| object.pointer(at)?.as_array());
    targets
        .flatten()
        .any(|target| text(target, "/revisionName") == name)
}

/// Whether KServe may yet lead requests to it. That it was rolled out before the one of now counts only as long as a canary is
/// asked for: without, KServe leads all of them to the newest.
/// Source: kserve/kserve `reconcilers/knative/ksvc_reconciler.go`, `inference_service_status.go` (PropagateStatus).
fn is_kept(inference_service: &Value, name: &str) -> bool {
    let components = inference_service.pointer("/status/components");
    let components = components.and_then(Value::as_object);
    components.into_iter().flatten().any(|(component, status)| {
        let share = format!("/spec/{component}/canaryTrafficPercent");
        let has_canary = inference_service
            .pointer(&share)
            .is_some_and(|one| !one.is_null());
        let always = [
            "latestCreatedRevision",
            "latestReadyRevision",
            "latestRolledoutRevision",
        ];
        let named = |field: &str| text(status, &format!("/{field}")) == name;
        let routed = status.pointer("/traffic").and_then(Value::as_array);
        always.into_iter().any(named)
            || (has_canary && named("previousRolledoutRevision"))
            || (routed.into_iter().flatten()).any(|one| text(one, "/revisionName") == name)
    })
}

/// How many pods a Revision keeps.
pub(super) fn pods(revision: &Value, deployments: &[Value]) -> i64 {
    let name = text(revision, "/metadata/name");
    let of_it = |one: &&Value| label(one, "serving.knative.dev/revision") == Some(name);
    let count = |deployment: &Value| {
        let number = |pointer: &str| deployment.pointer(pointer).and_then(Value::as_i64);
        let wanted = number("/spec/replicas").unwrap_or(1);
        wanted.max(number("/status/replicas").unwrap_or_default())
    };
    deployments.iter().filter(of_it).map(count).sum()
}

/// A label.
pub(super) fn label<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.pointer("/metadata/labels")?.get(key)?.as_str()
}

fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.pointer("/metadata/annotations")?.get(key)?.as_str()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
