//! How a Deployment is, and what its pods say of themselves.

use serde_json::Value;

use super::view::{Told, View, condition, label, words};
use crate::facts::text;

/// How a Deployment is.
#[derive(Debug, PartialEq)]
pub(super) enum Health {
    /// So many of so many replicas are available.
    Available(i64, i64),
    /// It is scaled to zero: it says that it is available, and nothing of it runs.
    ScaledToZero,
    /// It is not, and why.
    Unavailable(String),
    /// It has no status: it was not read from a cluster.
    Unknown,
}

/// How a Deployment is.
pub(super) fn health(deployment: &Value) -> Health {
    let Some(status) = deployment.get("status") else {
        return Health::Unknown;
    };
    let number = |value: Option<&Value>| value.and_then(Value::as_i64);
    let spec = deployment.get("spec");
    let wanted = number(spec.and_then(|spec| spec.get("replicas"))).unwrap_or(1);
    if wanted == 0 {
        return Health::ScaledToZero;
    }
    let available = number(status.get("availableReplicas")).unwrap_or_default();
    let told = condition(deployment, "Available");
    if available == 0 || told.is_some_and(|one| text(one, "/status") != "True") {
        let mut why = format!("{available} of {wanted} replicas are available");
        let progress = condition(deployment, "Progressing");
        let failed = progress.filter(|one| text(one, "/status") == "False");
        if let Some(condition) = failed.or(told.filter(|one| text(one, "/status") != "True")) {
            why = format!("{why} ({})", words(condition));
        }
        return Health::Unavailable(why);
    }
    Health::Available(available, wanted)
}

/// What is wrong with the pods of a Deployment, a sentence each; unknown where pods were not read.
pub(super) fn troubles(view: &View<'_>, deployment: &Value) -> Told<Vec<String>> {
    let namespace = text(deployment, "/metadata/namespace");
    let selector = deployment.pointer("/spec/selector/matchLabels");
    let Some(selector) = selector.and_then(Value::as_object) else {
        return Told::Unknown("the Deployment selects no pods by labels".to_owned());
    };
    let pods: Vec<&Value> = view
        .all("", "Pod")
        .filter(|pod| text(pod, "/metadata/namespace") == namespace)
        .collect();
    if pods.is_empty() {
        let why = view.unread(&["Pod", namespace]);
        return Told::Unknown(why.unwrap_or_else(|| format!("no pod of {namespace} was given")));
    }
    let own = pods.into_iter().filter(|pod| {
        selector
            .iter()
            .all(|(key, value)| value.as_str() == Some(label(pod, key)))
    });
    let own: Vec<&Value> = own.collect();
    if own.is_empty() {
        return Told::Absent;
    }
    Told::There(own.into_iter().filter_map(trouble).collect())
}

/// Why a pod is not ready; none where it is, or is on its way out.
fn trouble(pod: &Value) -> Option<String> {
    if pod.pointer("/metadata/deletionTimestamp").is_some() {
        return None;
    }
    let ready = condition(pod, "Ready");
    if ready.is_some_and(|one| text(one, "/status") == "True") {
        return None;
    }
    let name = text(pod, "/metadata/name");
    let containers = ["/status/initContainerStatuses", "/status/containerStatuses"]
        .into_iter()
        .filter_map(|pointer| pod.pointer(pointer)?.as_array())
        .flatten();
    let stuck = containers.filter_map(|container| {
        let state = container.get("state")?;
        let waits = state.get("waiting").or_else(|| state.get("terminated"))?;
        let reason = text(waits, "/reason");
        // Of init containers that are done nothing is wrong.
        if matches!(reason, "Completed" | "PodInitializing") {
            return None;
        }
        let last = container.pointer("/lastState/terminated/reason");
        let last = last
            .and_then(Value::as_str)
            .map(|last| format!(", before: {last}"));
        let what = words(waits);
        Some(format!(
            "container {} {what}{}",
            text(container, "/name"),
            last.unwrap_or_default()
        ))
    });
    let stuck: Vec<String> = stuck.collect();
    if !stuck.is_empty() {
        return Some(format!("pod {name}: {}", stuck.join("; ")));
    }
    let unscheduled = condition(pod, "PodScheduled").filter(|one| text(one, "/status") == "False");
    let why = unscheduled.or(ready).map(words).unwrap_or_default();
    let phase = text(pod, "/status/phase");
    Some(match why.as_str() {
        "" => format!("pod {name} is {phase}"),
        why => format!("pod {name}: {why}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_deployment_of_no_replicas_is_available_and_runs_nothing() {
        let available = json!([{"type": "Available", "status": "True"}]);
        let zero = json!({"spec": {"replicas": 0}, "status": {"conditions": available}});
        assert_eq!(health(&zero), Health::ScaledToZero);
        let two = json!({"spec": {"replicas": 2}, "status": {"availableReplicas": 2, "conditions": available}});
        assert_eq!(health(&two), Health::Available(2, 2));
        assert_eq!(health(&json!({"spec": {}})), Health::Unknown);
    }

    #[test]
    fn the_reason_is_the_deployment_s_own() {
        let deployment = json!({
            "spec": {},
            "status": {"conditions": [
                {"type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable", "message": "no"},
                {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "timed out"},
            ]},
        });
        let why = "0 of 1 replicas are available (ProgressDeadlineExceeded: timed out)";
        assert_eq!(health(&deployment), Health::Unavailable(why.to_owned()));
    }

    #[test]
    fn a_pod_says_itself_why_it_is_not_ready() {
        let pulling = json!({
            "metadata": {"name": "p"},
            "status": {"phase": "Pending", "containerStatuses": [
                {"name": "c", "state": {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image \"x\""}}},
            ]},
        });
        assert_eq!(
            trouble(&pulling).unwrap(),
            "pod p: container c ImagePullBackOff: Back-off pulling image \"x\""
        );
        let crashing = json!({
            "metadata": {"name": "p"},
            "status": {"containerStatuses": [{
                "name": "c",
                "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                "lastState": {"terminated": {"reason": "OOMKilled"}},
            }]},
        });
        assert_eq!(
            trouble(&crashing).unwrap(),
            "pod p: container c CrashLoopBackOff, before: OOMKilled"
        );
        let unscheduled = json!({
            "metadata": {"name": "p"},
            "status": {"phase": "Pending", "conditions": [
                {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes are available"},
            ]},
        });
        assert_eq!(
            trouble(&unscheduled).unwrap(),
            "pod p: Unschedulable: 0/1 nodes are available"
        );
        let ready = json!({"status": {"conditions": [{"type": "Ready", "status": "True"}]}});
        assert_eq!(trouble(&ready), None);
    }
}
