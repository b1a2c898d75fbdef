//! A Deployment, its pods, and all that scales it.

use serde_json::Value;

use super::index::Index;
use super::read::{autoscaling, conditions, entry, int, list, name, some_text, text};
use super::types::{
    ObservedDeployment, ObservedHpa, ObservedPodAutoscaler, ObservedScaledObject, ObservedScaling,
};
use super::{hpa, pods};

/// What scales a Deployment, and its pods. `of_pods` says how they are labelled.
pub(super) fn of(
    index: &Index<'_>,
    namespace: &str,
    deployment: &str,
    object: Option<&Value>,
    of_pods: (&str, &str),
) -> ObservedScaling {
    let mut scaling = ObservedScaling {
        deployment: object.map(read_deployment),
        unready_pods: pods::unready(&index.pods(namespace, of_pods)),
        ..ObservedScaling::default()
    };
    for scaler in index.scalers(namespace, deployment) {
        if text(scaler, "/kind") == "ScaledObject" {
            scaling.scaled_object = Some(scaled_object(scaler));
            continue;
        }
        // KEDA's own HPA says nothing about who wants what; a ScaledObject stands for it, and its metrics.
        let of_keda = owner(scaler).is_some_and(|owner| owner.starts_with("ScaledObject/"));
        if scaling.hpa.is_none() || !of_keda {
            scaling.hpa = Some(read_hpa(scaler));
        }
    }
    scaling
}

fn read_deployment(object: &Value) -> ObservedDeployment {
    ObservedDeployment {
        name: name(object).to_owned(),
        // The API server's default.
        replicas: int(object, "/spec/replicas").unwrap_or(1),
        ready: int(object, "/status/readyReplicas").unwrap_or_default(),
        conditions: conditions(object),
    }
}

/// The kind and the name of what made an object.
fn owner(object: &Value) -> Option<String> {
    let owner = list(object, "/metadata/ownerReferences").next()?;
    Some(format!("{}/{}", text(owner, "/kind"), text(owner, "/name")))
}

fn read_hpa(object: &Value) -> ObservedHpa {
    ObservedHpa {
        name: name(object).to_owned(),
        owner: owner(object),
        min_replicas: int(object, "/spec/minReplicas"),
        max_replicas: int(object, "/spec/maxReplicas"),
        metrics: hpa::metrics(object),
        current: int(object, "/status/currentReplicas"),
        desired: int(object, "/status/desiredReplicas"),
        conditions: conditions(object),
    }
}

fn scaled_object(object: &Value) -> ObservedScaledObject {
    let paused = [
        "autoscaling.keda.sh/paused",
        "autoscaling.keda.sh/paused-replicas",
        "autoscaling.keda.sh/paused-scale-in",
        "autoscaling.keda.sh/paused-scale-out",
    ]
    .into_iter()
    .find_map(|key| {
        let value = entry(object, "annotations", key)?;
        (value != "false").then(|| format!("{key}={value}"))
    });
    ObservedScaledObject {
        name: name(object).to_owned(),
        min_replicas: int(object, "/spec/minReplicaCount"),
        max_replicas: int(object, "/spec/maxReplicaCount"),
        triggers: list(object, "/spec/triggers")
            .map(|trigger| text(trigger, "/type").to_owned())
            .collect(),
        paused,
        conditions: conditions(object),
    }
}

/// A PodAutoscaler.
pub(super) fn pod_autoscaler(object: &Value) -> ObservedPodAutoscaler {
    let annotations = autoscaling(object, "/metadata/annotations");
    let annotation = |key: &str| annotations.get(key).cloned();
    ObservedPodAutoscaler {
        name: name(object).to_owned(),
        class: annotation("autoscaling.knative.dev/class"),
        metric: annotation("autoscaling.knative.dev/metric"),
        reachability: some_text(object, "/spec/reachability"),
        has_status: list(object, "/status/conditions").next().is_some(),
        generation: int(object, "/metadata/generation"),
        observed_generation: int(object, "/status/observedGeneration"),
        desired: int(object, "/status/desiredScale").filter(|scale| *scale >= 0),
        actual: int(object, "/status/actualScale").filter(|scale| *scale >= 0),
        created: some_text(object, "/metadata/creationTimestamp"),
        conditions: conditions(object),
        annotations,
    }
}
