//! Revision: its Deployment and its PodAutoscaler, and what they come to.

use std::sync::Arc;

use kscale_rules::knative::annotations::Annotations;
use kscale_rules::knative::child_name::child_name;
use kscale_rules::knative::pod_autoscaler::stamped_annotations;
use serde_json::{Value, json};

use crate::conditions::{Condition, find, ready, status};
use crate::error::Error;
use crate::json::{at, entry, list, name, number, text, uid};
use crate::kinds::Kind;
use crate::scene::{Scene, Wrote, owner};

const DEPLOYING: &str = "Deploying";
const RESOLVING: &str = "ResolvingDigests";

pub(super) fn reconcile(scene: &mut Scene<'_>, revision: &Value) -> Result<(), Error> {
    if !at(revision, "/metadata/deletionTimestamp").is_null() {
        return Ok(());
    }
    // Tags of images are resolved before anything is made.
    if at(revision, "/status").is_null() {
        let conditions = [
            Condition::unknown("ContainerHealthy", "", ""),
            Condition::unknown("ResourcesAvailable", RESOLVING, ""),
            Condition::unknown("Ready", RESOLVING, ""),
        ];
        let new = json!({ "observedGeneration": revision["metadata"]["generation"] });
        scene.status(Kind::Revision, revision, new, &conditions)?;
        return Ok(());
    }
    let deployment = child_name(name(revision), "-deployment");
    let Some(deployment) = scene.get(Kind::Deployment, &deployment) else {
        return create_deployment(scene, revision, &deployment);
    };
    let reach = reachability(revision, &deployment);
    let autoscaler = scene.get(Kind::PodAutoscaler, name(revision));
    match &autoscaler {
        None => create_pod_autoscaler(scene, revision, &deployment, reach)?,
        Some(there) if text(there, "/spec/reachability") != reach => {
            let patch = json!({ "spec": { "reachability": reach } });
            scene.merge(Kind::PodAutoscaler, name(there), &patch)?;
        }
        Some(_) => {}
    }
    write_status(scene, revision, &deployment, autoscaler.as_ref())
}

fn reachability(revision: &Value, deployment: &Value) -> &'static str {
    let fails = |kind: &str| status(revision, kind) == "False";
    let no_pods = number(deployment, "/spec/replicas") > Some(0)
        && number(deployment, "/status/readyReplicas").unwrap_or(0) == 0;
    if (fails("ResourcesAvailable") || fails("ContainerHealthy")) && no_pods {
        return "Unreachable";
    }
    match entry(revision, "labels", "serving.knative.dev/routingState") {
        "active" => "Reachable",
        "reserve" => "Unreachable",
        _ => "Unknown",
    }
}

/// The labels of what is made for a Revision.
fn labels(revision: &Value) -> Value {
    let mut labels = revision["metadata"]["labels"].clone();
    if let Some(labels) = labels.as_object_mut() {
        labels.remove("serving.knative.dev/routingState");
    }
    labels["app"] = name(revision).into();
    labels["serving.knative.dev/revision"] = name(revision).into();
    labels["serving.knative.dev/revisionUID"] = uid(revision).into();
    labels
}

/// The Revision's annotations without those that are about the Revision itself.
fn annotations(revision: &Value, autoscaling: bool) -> Value {
    let mut annotations = revision["metadata"]["annotations"].clone();
    if let Some(all) = annotations.as_object_mut() {
        all.remove("serving.knative.dev/routes");
        all.remove("serving.knative.dev/routingStateModified");
        all.retain(|key, _| autoscaling || !key.starts_with("autoscaling.knative.dev/"));
    }
    annotations
}

/// All annotations of an object, as the prediction takes them.
pub(super) fn typed(object: &Value) -> Annotations {
    let all = object["metadata"]["annotations"].as_object();
    let texts = all
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
    texts.collect()
}

fn create_deployment(
    scene: &mut Scene<'_>,
    revision: &Value,
    deployment: &str,
) -> Result<(), Error> {
    let facts = scene.facts()?;
    let configs = facts.knative_configs.clone().unwrap_or_default();
    let predicted = kscale_rules::knative::predict_pod_autoscaler(
        &kscale_rules::knative::Revision {
            name: name(revision),
            annotations: &typed(revision),
            container_concurrency: number(revision, "/spec/containerConcurrency").unwrap_or(0),
            reachable: true,
        },
        &configs,
    );
    let mut spec = revision["spec"].clone();
    if let Some(spec) = spec.as_object_mut() {
        for key in [
            "containerConcurrency",
            "timeoutSeconds",
            "responseStartTimeoutSeconds",
            "idleTimeoutSeconds",
        ] {
            spec.remove(key);
        }
    }
    if let Some(containers) = spec["containers"].as_array_mut() {
        containers.push(json!({
            "name": "queue-proxy",
            "image": "gcr.io/knative-releases/knative.dev/serving/cmd/queue",
            "resources": { "requests": { "cpu": "25m" } },
        }));
    }
    let object = json!({
        "metadata": {
            "name": deployment,
            "labels": labels(revision),
            "annotations": annotations(revision, false),
            "ownerReferences": owner(revision),
        },
        "spec": {
            "replicas": predicted.initial_scale,
            "progressDeadlineSeconds": 600,
            "revisionHistoryLimit": 0,
            "selector": { "matchLabels": { "serving.knative.dev/revisionUID": uid(revision) } },
            "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxSurge": "25%", "maxUnavailable": 0 } },
            "template": {
                "metadata": { "labels": labels(revision), "annotations": annotations(revision, false) },
                "spec": spec,
            },
        },
    });
    if let Wrote::Refused(said) = scene.create(Kind::Deployment, object)? {
        return Err(Error(format!(
            "the Deployment of {}: {said}",
            name(revision)
        )));
    }
    Ok(())
}

fn create_pod_autoscaler(
    scene: &mut Scene<'_>,
    revision: &Value,
    deployment: &Value,
    reach: &str,
) -> Result<(), Error> {
    let facts = scene.facts()?;
    let config = facts.knative_configs.clone().unwrap_or_default().autoscaler;
    let mut annotations = annotations(revision, true);
    for (key, value) in stamped_annotations(&config, &typed(revision)) {
        annotations[key] = value.into();
    }
    let mut spec = json!({
        "protocolType": "http1",
        "reachability": reach,
        "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": name(deployment) },
    });
    let limit = number(revision, "/spec/containerConcurrency").filter(|limit| *limit > 0);
    if let Some(limit) = limit {
        spec["containerConcurrency"] = limit.into();
    }
    let object = json!({
        "metadata": {
            "name": name(revision),
            "labels": labels(revision),
            "annotations": annotations,
            "ownerReferences": owner(revision),
        },
        "spec": spec,
    });
    scene.create(Kind::PodAutoscaler, object)?;
    Ok(())
}

fn write_status(
    scene: &mut Scene<'_>,
    revision: &Value,
    deployment: &Value,
    autoscaler: Option<&Arc<Value>>,
) -> Result<(), Error> {
    let null = Value::Null;
    let autoscaler = autoscaler.map_or(&null, |one| one);
    let (mut resources, mut healthy) = of_pods(scene, revision, deployment);
    let fails = resources.status == "False" || healthy.status == "False";
    let initialised = status(autoscaler, "ScaleTargetInitialized") == "True";
    if initialised && !fails {
        resources = Condition::yes("ResourcesAvailable");
        healthy = Condition::yes("ContainerHealthy");
    }
    let active = match find(autoscaler, "Ready") {
        None => Condition::unknown("Active", DEPLOYING, ""),
        Some(_) => Condition::copied("Active", autoscaler, "Ready"),
    };
    let decides = [resources, healthy];
    let all_ready = ready(&decides);
    let [resources, healthy] = decides;
    let mut new = json!({ "observedGeneration": revision["metadata"]["generation"] });
    for (key, from) in [
        ("actualReplicas", "/status/actualScale"),
        ("desiredReplicas", "/status/desiredScale"),
    ] {
        if let Some(count) = number(autoscaler, from).filter(|count| *count >= 0) {
            new[key] = count.into();
        }
    }
    let containers = list(revision, "/spec/containers")
        .map(|one| json!({ "name": one["name"], "imageDigest": one["image"] }));
    new["containerStatuses"] = containers.collect();
    let was_ready = status(revision, "Ready") == "True";
    let becomes_ready = all_ready.is_true() && !was_ready;
    let all = [active.info(), healthy, all_ready, resources];
    if scene.status(Kind::Revision, revision, new, &all)? == Wrote::Done && becomes_ready {
        let message = "Revision becomes ready upon all resources being ready";
        scene.event(
            revision,
            ("Normal", "RevisionReady"),
            message,
            "revision-controller",
        )?;
    }
    Ok(())
}

/// What the Deployment and its pods say, before the autoscaler is asked.
fn of_pods(scene: &Scene<'_>, revision: &Value, deployment: &Value) -> (Condition, Condition) {
    let mut resources =
        match find(deployment, "ReplicaFailure").filter(|one| text(one, "/status") == "True") {
            Some(failed) => Condition::no(
                "ResourcesAvailable",
                text(failed, "/reason"),
                text(failed, "/message"),
            ),
            None => Condition::unknown("ResourcesAvailable", DEPLOYING, ""),
        };
    let mut healthy = match status(revision, "ContainerHealthy") {
        "True" => Condition::yes("ContainerHealthy"),
        "False" => Condition::copied("ContainerHealthy", revision, "ContainerHealthy"),
        _ => Condition::unknown("ContainerHealthy", DEPLOYING, ""),
    };
    let wanted = number(deployment, "/spec/replicas").unwrap_or(0);
    let available = number(deployment, "/status/availableReplicas").unwrap_or(0);
    let pods = scene.all(Kind::Pod);
    let of_revision =
        |one: &&Arc<Value>| entry(one, "labels", "serving.knative.dev/revision") == name(revision);
    if wanted > 0
        && available == 0
        && let Some(pod) = pods.iter().find(of_revision)
    {
        let unscheduled = find(pod, "PodScheduled").filter(|one| text(one, "/status") == "False");
        if let Some(said) = unscheduled {
            resources = Condition::no(
                "ResourcesAvailable",
                text(said, "/reason"),
                text(said, "/message"),
            );
        }
        let statuses = list(pod, "/status/containerStatuses");
        for container in statuses.filter(|one| text(one, "/name") != "queue-proxy") {
            if let Some(code) = number(container, "/lastState/terminated/exitCode") {
                let said = text(container, "/lastState/terminated/message");
                let message = format!("Container failed with: {said}");
                healthy = Condition::no("ContainerHealthy", &format!("ExitCode{code}"), &message);
                break;
            }
        }
    }
    if number(deployment, "/status/readyReplicas") > Some(0) {
        healthy = Condition::yes("ContainerHealthy");
    }
    (resources, healthy)
}
