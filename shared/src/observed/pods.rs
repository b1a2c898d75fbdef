//! Pods that are not ready, and why.

use serde_json::Value;

use super::read::{list, name, some_text, text};
use super::types::ObservedPod;

/// How many are told: a thousand pods of one Deployment fail for the same reason.
const MOST: usize = 20;

/// The pods that are not ready and not on their way out, with the reason that says most.
pub(super) fn unready(pods: &[&Value]) -> Vec<ObservedPod> {
    pods.iter()
        .filter(|pod| pod.pointer("/metadata/deletionTimestamp").is_none())
        .filter(|pod| text(pod, "/status/phase") != "Succeeded" && !is_ready(pod))
        .take(MOST)
        .map(|pod| {
            let (reason, message) = why(pod);
            ObservedPod {
                name: name(pod).to_owned(),
                reason,
                message,
                created: some_text(pod, "/metadata/creationTimestamp"),
            }
        })
        .collect()
}

fn is_ready(pod: &Value) -> bool {
    list(pod, "/status/conditions")
        .any(|one| text(one, "/type") == "Ready" && text(one, "/status") == "True")
}

/// Reasons of a waiting container that say nothing but that it waits.
const ON_ITS_WAY: [&str; 2] = ["ContainerCreating", "PodInitializing"];

fn why(pod: &Value) -> (String, Option<String>) {
    let statuses =
        || list(pod, "/status/initContainerStatuses").chain(list(pod, "/status/containerStatuses"));
    for status in statuses() {
        let reason = text(status, "/state/waiting/reason");
        if !reason.is_empty() && !ON_ITS_WAY.contains(&reason) {
            return (
                reason.to_owned(),
                some_text(status, "/state/waiting/message").or_else(|| ended(status)),
            );
        }
        let failed = status
            .pointer("/state/terminated/exitCode")
            .and_then(Value::as_i64)
            .is_some_and(|code| code != 0);
        if failed {
            return (
                text(status, "/state/terminated/reason").to_owned(),
                ended(status),
            );
        }
    }
    if text(pod, "/status/phase") == "Failed" {
        return (
            text(pod, "/status/reason").to_owned(),
            some_text(pod, "/status/message"),
        );
    }
    let unscheduled = list(pod, "/status/conditions")
        .find(|one| text(one, "/type") == "PodScheduled" && text(one, "/status") == "False");
    if let Some(condition) = unscheduled {
        return (
            text(condition, "/reason").to_owned(),
            some_text(condition, "/message"),
        );
    }
    let waiting = statuses().find_map(|status| some_text(status, "/state/waiting/reason"));
    let not_ready = list(pod, "/status/conditions")
        .find(|one| text(one, "/type") == "Ready")
        .and_then(|one| some_text(one, "/reason"));
    (
        waiting
            .or(not_ready)
            .unwrap_or_else(|| "Pending".to_owned()),
        None,
    )
}

/// How a container ended before: `Error, exit code 1`.
fn ended(status: &Value) -> Option<String> {
    let last = ["/state/terminated", "/lastState/terminated"]
        .into_iter()
        .find_map(|pointer| status.pointer(pointer))?;
    let code = last.get("exitCode")?.as_i64()?;
    let said = some_text(last, "/message")
        .map(|said| format!(": {said}"))
        .unwrap_or_default();
    Some(format!("{}, exit code {code}{said}", text(last, "/reason")))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn reason(status: &Value) -> String {
        let pod = json!({"metadata": {"name": "p"}, "status": status});
        let told = unready(&[&pod]);
        let shown = told.first().map(|one| match &one.message {
            Some(message) => format!("{}: {message}", one.reason),
            None => one.reason.clone(),
        });
        shown.unwrap_or_else(|| "ready".to_owned())
    }

    #[test]
    fn the_reason_that_says_most_is_told() {
        let not_ready =
            json!([{"type": "Ready", "status": "False", "reason": "ContainersNotReady"}]);
        let crash = json!({
            "phase": "Running",
            "conditions": not_ready,
            "containerStatuses": [
                {"state": {"running": {}}},
                {"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}}},
            ],
        });
        assert_eq!(reason(&crash), "CrashLoopBackOff: OOMKilled, exit code 137");
        let unschedulable = json!({
            "phase": "Pending",
            "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes are available"}],
        });
        assert_eq!(
            reason(&unschedulable),
            "Unschedulable: 0/1 nodes are available"
        );
        let starting = json!({
            "phase": "Pending",
            "conditions": not_ready,
            "containerStatuses": [{"state": {"waiting": {"reason": "PodInitializing"}}}],
        });
        assert_eq!(reason(&starting), "PodInitializing");
        let ready = json!({"conditions": [{"type": "Ready", "status": "True"}]});
        assert_eq!(reason(&ready), "ready");
    }
}
