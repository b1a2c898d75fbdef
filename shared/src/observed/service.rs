//! A Knative Service and its Revisions.

use serde_json::Value;

use super::index::Index;
use super::read::{autoscaling, conditions, entry, int, list, name, some_text, text};
use super::scaling;
use super::types::{ObservedRevision, ObservedService, Role, Traffic};

/// What a Knative Service shows.
pub(super) fn service(object: &Value) -> ObservedService {
    let mut traffic: Vec<Traffic> = Vec::new();
    for target in list(object, "/status/traffic") {
        let revision = text(target, "/revisionName");
        let percent = int(target, "/percent").unwrap_or_default();
        let tag = some_text(target, "/tag");
        // Two targets may lead to one Revision: the newest, as long as it is not ready, leads to the one before.
        match traffic.iter_mut().find(|one| one.revision == revision) {
            Some(known) => {
                known.percent = known.percent.saturating_add(percent);
                known.tag = known.tag.take().or(tag);
            }
            None => traffic.push(Traffic {
                revision: revision.to_owned(),
                percent,
                tag,
            }),
        }
    }
    ObservedService {
        name: name(object).to_owned(),
        generation: int(object, "/metadata/generation"),
        observed_generation: int(object, "/status/observedGeneration"),
        template_annotations: autoscaling(object, "/spec/template/metadata/annotations"),
        latest_created: some_text(object, "/status/latestCreatedRevisionName"),
        latest_ready: some_text(object, "/status/latestReadyRevisionName"),
        traffic,
        conditions: conditions(object),
    }
}

/// The Revisions of a Service, newest first, each with what scales it.
pub(super) fn revisions(
    index: &Index<'_>,
    namespace: &str,
    service: &ObservedService,
) -> Vec<ObservedRevision> {
    // A Service has one Configuration, of its own name.
    let owner = ("Configuration", service.name.as_str());
    let mut found: Vec<ObservedRevision> = index
        .children(namespace, owner, "Revision")
        .into_iter()
        .map(|object| revision(index, namespace, service, object))
        .collect();
    let key = |one: &ObservedRevision| (one.configuration_generation, one.name.clone());
    found.sort_by_key(|one| std::cmp::Reverse(key(one)));
    found
}

fn revision(
    index: &Index<'_>,
    namespace: &str,
    service: &ObservedService,
    object: &Value,
) -> ObservedRevision {
    let name = name(object);
    let target = service
        .traffic
        .iter()
        .find(|target| target.revision == name);
    let is_newest = service.latest_created.as_deref() == Some(name);
    let role = match target {
        Some(target) if target.percent > 0 => Role::Serving,
        _ if is_newest => Role::Next,
        // A tag alone keeps it reachable.
        Some(_) => Role::Serving,
        None => Role::Leftover,
    };
    let deployments = index.children(namespace, ("Revision", name), "Deployment");
    let deployment = deployments.first().copied();
    // Knative's own name for it, where the Deployment itself is not there.
    let called = deployment.map_or_else(
        || format!("{name}-deployment"),
        |deployment| text(deployment, "/metadata/name").to_owned(),
    );
    let mut scaling = scaling::of(index, namespace, &called, deployment, ("Revision", name));
    scaling.pod_autoscaler = index
        .find(
            "autoscaling.internal.knative.dev",
            "PodAutoscaler",
            namespace,
            name,
        )
        .map(scaling::pod_autoscaler);
    ObservedRevision {
        name: name.to_owned(),
        role,
        percent: target.map(|target| target.percent),
        tag: target.and_then(|target| target.tag.clone()),
        routing_state: entry(object, "labels", "serving.knative.dev/routingState")
            .map(str::to_owned),
        annotations: autoscaling(object, "/metadata/annotations"),
        configuration_generation: entry(
            object,
            "labels",
            "serving.knative.dev/configurationGeneration",
        )
        .and_then(|generation| generation.parse().ok()),
        created: some_text(object, "/metadata/creationTimestamp"),
        conditions: conditions(object),
        scaling,
    }
}
