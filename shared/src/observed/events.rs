//! Events of controllers: those that matter, without those that every healthy workload has.

use serde_json::Value;

use super::index::Index;
use super::read::{condition, int, some_text, text};
use super::types::{Condition, ObservedComponent, ObservedEvent, ObservedScaling};

/// How many are told.
const MOST: usize = 20;

/// Whether an event says nothing: controllers that write the same object at the same time, and try again.
pub(super) fn is_noise(event: &Value) -> bool {
    let message = text(event, "/message");
    let conflict = message.contains("the object has been modified; please apply your changes");
    // The Revision controller looks for the Deployment that it has just made.
    let own_deployment = text(event, "/involvedObject/kind") == "Revision"
        && message.starts_with("deployments.apps \"")
        && message.ends_with(" not found");
    conflict || own_deployment || text(event, "/reason") == "InferenceServiceNotReady"
}

/// `Warning InternalError on PodAutoscaler/x (13 times): failed to …`
pub(super) fn shown(event: &Value) -> String {
    let read = read(event);
    let times = if read.count > 1 {
        format!(" ({} times)", read.count)
    } else {
        String::new()
    };
    format!(
        "event {} on {}{times}: {}",
        read.reason, read.object, read.message
    )
}

fn read(event: &Value) -> ObservedEvent {
    let about = |pointer: &str| {
        let old = text(event, &format!("/involvedObject{pointer}"));
        if old.is_empty() {
            text(event, &format!("/regarding{pointer}"))
        } else {
            old
        }
    };
    let last = some_text(event, "/lastTimestamp");
    ObservedEvent {
        object: format!("{}/{}", about("/kind"), about("/name")),
        reason: text(event, "/reason").to_owned(),
        message: some_text(event, "/message").unwrap_or_else(|| text(event, "/note").to_owned()),
        count: int(event, "/count").unwrap_or(1),
        last: last.or_else(|| some_text(event, "/eventTime")),
    }
}

/// The warnings about a workload and all that was made for it, the newest first.
pub(super) fn all(
    index: &Index<'_>,
    object: &Value,
    components: &[ObservedComponent],
) -> Vec<ObservedEvent> {
    let namespace = text(object, "/metadata/namespace");
    let kind = text(object, "/kind");
    let mut found = Vec::new();
    let mut take = |kind: &str, name: &str| {
        let events = index.events(namespace, kind, name);
        let matter = events
            .into_iter()
            .filter(|event| text(event, "/type") == "Warning" && !is_noise(event));
        found.extend(matter.map(read));
    };
    take(kind, text(object, "/metadata/name"));
    for component in components {
        if let Some(service) = &component.service
            && kind != "Service"
        {
            take("Service", &service.name);
            take("Configuration", &service.name);
        }
        for revision in &component.revisions {
            take("Revision", &revision.name);
            take("PodAutoscaler", &revision.name);
            of_scaling(&revision.scaling, &mut take);
        }
        if let Some(scaling) = &component.scaling {
            of_scaling(scaling, &mut take);
        }
    }
    found.sort_by(|one, other| other.last.cmp(&one.last));
    found.truncate(MOST);
    found
}

fn of_scaling(scaling: &ObservedScaling, take: &mut impl FnMut(&str, &str)) {
    if let Some(hpa) = &scaling.hpa {
        // What it said while it could not read its metric is over once it can.
        let works = condition(&hpa.conditions, "ScalingActive").is_some_and(Condition::is_true);
        if !works {
            take("HorizontalPodAutoscaler", &hpa.name);
        }
    }
    if let Some(scaled) = &scaling.scaled_object {
        take("ScaledObject", &scaled.name);
    }
    if let Some(deployment) = &scaling.deployment {
        take("Deployment", &deployment.name);
    }
}
