//! Whether the extension has come up, and why not.

use std::time::Duration;

use futures::future::join;
use serde_json::Value;

use super::super::extension::deployment_path;
use crate::cluster::{Cluster, Failure, Look};
use crate::error::Error;
use crate::facts::text;
use crate::release::NAME;

/// How far a Deployment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rollout {
    /// All pods are of the newest template, and available.
    Available,
    /// Not yet: how far it is.
    Pending(String),
    /// Its own deadline has passed: what it says.
    Failed(String),
}

/// How far it is, as `kubectl rollout status` judges it.
pub(super) fn judge(deployment: &Value) -> Rollout {
    let number = |pointer: &str| deployment.pointer(pointer).and_then(Value::as_i64);
    let status = |field: &str| number(&format!("/status/{field}")).unwrap_or(0);
    if status("observedGeneration") < number("/metadata/generation").unwrap_or(0) {
        return Rollout::Pending("the Deployment controller has not looked at it yet".to_owned());
    }
    let wanted = number("/spec/replicas").unwrap_or(1);
    let (updated, available) = (status("updatedReplicas"), status("availableReplicas"));
    if updated >= wanted && status("replicas") <= updated && available >= updated {
        return Rollout::Available;
    }
    if let Some(progressing) = condition(deployment, "Progressing")
        && progressing["reason"] == "ProgressDeadlineExceeded"
    {
        return Rollout::Failed(text(progressing, "/message").to_owned());
    }
    Rollout::Pending(format!("{available} of {wanted} pods are available"))
}

/// Why it does not come up, as far as Deployment, ReplicaSets and pods say so.
pub(super) fn reasons(deployment: &Value, replica_sets: &[Value], pods: &[Value]) -> Vec<String> {
    let mut reasons = Vec::new();
    for object in replica_sets.iter().chain([deployment]) {
        if let Some(failure) = condition(object, "ReplicaFailure")
            && failure["status"] == "True"
        {
            let (kind, name) = (text(object, "/kind"), text(object, "/metadata/name"));
            reasons.push(format!("{kind} {name}: {}", said(failure)));
            break;
        }
    }
    reasons.extend(pods.iter().filter_map(of_pod));
    reasons
}

/// The first thing that a pod complains of.
fn of_pod(pod: &Value) -> Option<String> {
    let name = text(pod, "/metadata/name");
    let statuses = |field: &str| {
        pod.pointer(&format!("/status/{field}"))
            .and_then(Value::as_array)
    };
    let containers = ["initContainerStatuses", "containerStatuses"];
    let mut containers = containers.into_iter().filter_map(statuses).flatten();
    if let Some(why) = containers.find_map(of_container) {
        return Some(format!("pod {name}: {why}"));
    }
    let unscheduled = condition(pod, "PodScheduled").filter(|one| one["status"] == "False");
    if let Some(unscheduled) = unscheduled {
        return Some(format!("pod {name}: {}", said(unscheduled)));
    }
    if text(pod, "/status/phase") == "Failed" {
        let why = pod.get("status").map(said).unwrap_or_default();
        return Some(format!("pod {name}: {why}"));
    }
    let unready = condition(pod, "ContainersReady").filter(|one| one["status"] == "False")?;
    Some(format!("pod {name}: {}", said(unready)))
}

fn of_container(status: &Value) -> Option<String> {
    let waiting = status.pointer("/state/waiting");
    let ended = status
        .pointer("/state/terminated")
        .or_else(|| status.pointer("/lastState/terminated"));
    let waiting = waiting.filter(|one| {
        // What is on its way has no complaint.
        !matches!(
            text(one, "/reason"),
            "" | "ContainerCreating" | "PodInitializing"
        )
    });
    let mut why = match (waiting, ended) {
        (Some(waiting), _) => said(waiting),
        (None, Some(_)) => "the container has ended".to_owned(),
        (None, None) => return None,
    };
    if let Some(ended) = ended {
        let code = ended
            .get("exitCode")
            .and_then(Value::as_i64)
            .unwrap_or_default();
        why.push_str(&format!(
            "; it ended last with exit code {code}, {}",
            said(ended)
        ));
    }
    Some(why)
}

/// `Reason: message`
fn said(of: &Value) -> String {
    let (reason, message) = (text(of, "/reason"), text(of, "/message").trim());
    match (reason, message) {
        ("", message) => message.to_owned(),
        (reason, "") => reason.to_owned(),
        (reason, message) => format!("{reason}: {message}"),
    }
}

fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    let conditions = object.pointer("/status/conditions")?.as_array()?;
    conditions.iter().find(|one| one["type"] == kind)
}

/// Waits until the extension is available; `progress` hears how far it is. An error says why it is not.
pub(super) async fn wait(
    cluster: &Cluster,
    namespace: &str,
    limit: Duration,
    mut progress: impl FnMut(&str),
) -> Result<(), Error> {
    let path = deployment_path(namespace);
    let mut last = (None, "it is not there".to_owned());
    let look = async |object: Option<&Value>| {
        let rollout = object.map_or_else(|| Rollout::Pending("it is not there".to_owned()), judge);
        last.0 = object.cloned();
        match rollout {
            Rollout::Available => return Look::Done(true),
            Rollout::Failed(why) => {
                last.1 = why;
                return Look::Done(false);
            }
            Rollout::Pending(why) => last.1 = why,
        }
        progress(&last.1);
        Look::NotYet
    };
    let watched = cluster.watch_over(&path, limit, look).await;
    let done = watched
        .map_err(|failure| failure.error("the extension was applied, and cannot be looked at"))?;
    if done == Some(true) {
        return Ok(());
    }
    let (deployment, how_far) = last;
    let seconds = limit.as_secs_f64();
    let mut error = Error::timed_out(match done {
        Some(_) => format!("{NAME} was applied, and does not come up: {how_far}"),
        None => {
            format!("{NAME} was applied, and is not available after {seconds} s: {how_far}")
        }
    });
    for reason in why(cluster, namespace, deployment.as_ref()).await {
        error = error.hint(reason);
    }
    Err(error.hint(format!(
        "see kubectl -n {namespace} describe deployment,pods -l app={NAME}; once it is mended, install again waits again"
    )))
}

/// Why it is not available, asked of the cluster.
async fn why(cluster: &Cluster, namespace: &str, deployment: Option<&Value>) -> Vec<String> {
    let Some(deployment) = deployment else {
        return Vec::new();
    };
    let of_it = format!("labelSelector=app%3D{NAME}");
    let pods = format!("/api/v1/namespaces/{namespace}/pods?{of_it}");
    let sets = format!("/apis/apps/v1/namespaces/{namespace}/replicasets?{of_it}");
    let (pods, sets) = join(all(cluster, &pods), all(cluster, &sets)).await;
    let mut found = reasons(
        deployment,
        &sets.unwrap_or_default(),
        pods.as_deref().unwrap_or_default(),
    );
    match pods {
        Err(failure) => found.push(format!("its pods cannot be read: {}", failure.message)),
        Ok(pods) if pods.is_empty() && found.is_empty() => {
            found.push("it has no pods".to_owned());
        }
        Ok(_) => {}
    }
    if found.is_empty() {
        found = warnings(cluster, namespace).await;
    }
    found
}

async fn all(cluster: &Cluster, path: &str) -> Result<Vec<Value>, Failure> {
    let mut objects = Vec::new();
    cluster.list(path, |object| objects.push(object)).await?;
    Ok(objects)
}

/// What the events complain of, each complaint once. Some of them stand nowhere else, such as a volume that cannot be mounted.
async fn warnings(cluster: &Cluster, namespace: &str) -> Vec<String> {
    let path = format!("/api/v1/namespaces/{namespace}/events?fieldSelector=type%3DWarning");
    let mut found: Vec<String> = Vec::new();
    for event in all(cluster, &path).await.unwrap_or_default() {
        let name = text(&event, "/involvedObject/name");
        let line = format!(
            "{} {name}: {}",
            text(&event, "/involvedObject/kind"),
            said(&event)
        );
        if name.starts_with(NAME) && !found.contains(&line) {
            found.push(line);
        }
    }
    found
}
