//! Pods: the scheduler and the kubelets, which run nothing.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::conditions::{now, status};
use crate::error::Error;
use crate::json::{at, list, name, text, uid};
use crate::kinds::Kind;
use crate::scene::Scene;
use crate::script::Pods;

/// The model's container, beside the one of Knative.
const QUEUE_PROXY: &str = "queue-proxy";
const SOON: Duration = Duration::from_millis(400);

pub(super) fn reconcile(scene: &mut Scene<'_>, pod: &Value) -> Result<(), Error> {
    if !at(pod, "/metadata/deletionTimestamp").is_null() || status(pod, "Ready") == "True" {
        return Ok(());
    }
    let fate = scene.script.pods.clone();
    let (born, fate) = scene
        .memory
        .pods
        .entry(uid(pod).to_owned())
        .or_insert_with(|| (Instant::now(), fate))
        .clone();
    let started = now();
    let scheduled = match &fate {
        Pods::Unschedulable(message) => {
            let new = json!({
                "phase": "Pending",
                "conditions": [condition(pod, "PodScheduled", "False", "Unschedulable", message)],
                "qosClass": pod["status"]["qosClass"],
            });
            scene.status(Kind::Pod, pod, new, &[])?;
            if status(pod, "PodScheduled").is_empty() {
                scene.event(
                    pod,
                    ("Warning", "FailedScheduling"),
                    message,
                    "default-scheduler",
                )?;
            }
            return Ok(());
        }
        _ => born + scene.script.paced(SOON),
    };
    if scheduled > Instant::now() {
        scene.again_at(scheduled);
        return Ok(());
    }
    let ready = born + scene.script.paced(scene.script.pods_ready_after);
    if ready > Instant::now() || fate == Pods::Starting {
        scene.again_at(ready);
        return write(scene, pod, "Pending", |_| waiting("ContainerCreating", ""));
    }
    let model = model_container(pod);
    match fate {
        Pods::ImagePull => {
            let image = text(model, "/image").to_owned();
            let message = format!("Back-off pulling image \"{image}\"");
            let is_new = waiting_reason(pod) != "ImagePullBackOff";
            write(scene, pod, "Pending", |container| {
                match text(container, "/name") {
                    QUEUE_PROXY => running(&started),
                    _ => waiting("ImagePullBackOff", &message),
                }
            })?;
            if is_new {
                let failed = format!("Failed to pull image \"{image}\": not found");
                scene.event(pod, ("Warning", "Failed"), &failed, "kubelet")?;
                scene.event(pod, ("Normal", "BackOff"), &message, "kubelet")?;
            }
        }
        Pods::Crash(said) => {
            let is_new = waiting_reason(pod) != "CrashLoopBackOff";
            let container = text(model, "/name").to_owned();
            let message = format!(
                "back-off 10s restarting failed container={container} pod={}",
                name(pod)
            );
            write(scene, pod, "Running", |container| {
                match text(container, "/name") {
                    QUEUE_PROXY => running(&started),
                    _ => {
                        let mut all = waiting("CrashLoopBackOff", &message);
                        all["lastState"] = json!({ "terminated": { "exitCode": 1, "reason": "Error", "message": said } });
                        all["restartCount"] = 2.into();
                        all
                    }
                }
            })?;
            if is_new {
                let message = "Back-off restarting failed container";
                scene.event(pod, ("Warning", "BackOff"), message, "kubelet")?;
            }
        }
        _ => write(scene, pod, "Running", |_| running(&started))?,
    }
    Ok(())
}

fn model_container(pod: &Value) -> &Value {
    list(pod, "/spec/containers")
        .find(|one| text(one, "/name") != QUEUE_PROXY)
        .unwrap_or(&Value::Null)
}

fn waiting_reason(pod: &Value) -> &str {
    let all = list(pod, "/status/containerStatuses");
    all.map(|one| text(one, "/state/waiting/reason"))
        .find(|reason| !reason.is_empty())
        .unwrap_or_default()
}

fn waiting(reason: &str, message: &str) -> Value {
    let mut waiting = json!({ "reason": reason });
    if !message.is_empty() {
        waiting["message"] = message.into();
    }
    json!({ "ready": false, "started": false, "state": { "waiting": waiting } })
}

fn running(since: &str) -> Value {
    json!({ "ready": true, "started": true, "state": { "running": { "startedAt": since } } })
}

fn condition(pod: &Value, kind: &str, status: &str, reason: &str, message: &str) -> Value {
    let before = crate::conditions::find(pod, kind).filter(|one| text(one, "/status") == status);
    let since = before.map_or_else(now, |one| text(one, "/lastTransitionTime").to_owned());
    let mut value = json!({ "type": kind, "status": status, "lastTransitionTime": since });
    for (key, text) in [("reason", reason), ("message", message)] {
        if !text.is_empty() {
            value[key] = text.into();
        }
    }
    value
}

/// Writes the pod's status; `state` says what is with a container.
fn write(
    scene: &mut Scene<'_>,
    pod: &Value,
    phase: &str,
    state: impl Fn(&Value) -> Value,
) -> Result<(), Error> {
    let statuses: Vec<Value> = list(pod, "/spec/containers")
        .map(|container| {
            let mut all = json!({
                "name": container["name"],
                "image": container["image"],
                "imageID": "",
                "lastState": {},
                "restartCount": 0,
            });
            let state = state(container);
            for (key, value) in state.as_object().into_iter().flatten() {
                all[key] = value.clone();
            }
            all
        })
        .collect();
    let waits: Vec<&str> = statuses
        .iter()
        .filter(|one| one["ready"] != true)
        .map(|one| text(one, "/name"))
        .collect();
    let ready = waits.is_empty();
    let flag = if ready { "True" } else { "False" };
    let reason = if ready { "" } else { "ContainersNotReady" };
    let message = if ready {
        String::new()
    } else {
        format!("containers with unready status: [{}]", waits.join(" "))
    };
    let started = at(pod, "/status/startTime")
        .as_str()
        .map_or_else(now, str::to_owned);
    let new = json!({
        "phase": phase,
        "conditions": [
            condition(pod, "Initialized", "True", "", ""),
            condition(pod, "Ready", flag, reason, &message),
            condition(pod, "ContainersReady", flag, reason, &message),
            condition(pod, "PodScheduled", "True", "", ""),
        ],
        "containerStatuses": statuses,
        "qosClass": pod["status"]["qosClass"],
        "startTime": started,
    });
    // What runs began when it was first seen to run.
    if text(pod, "/status/phase") == phase && waiting_reason(pod) == first_reason(&new) {
        return Ok(());
    }
    scene.status(Kind::Pod, pod, new, &[])?;
    Ok(())
}

fn first_reason(status: &Value) -> &str {
    let all = list(status, "/containerStatuses");
    all.map(|one| text(one, "/state/waiting/reason"))
        .find(|reason| !reason.is_empty())
        .unwrap_or_default()
}
