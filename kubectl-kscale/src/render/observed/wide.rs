//! Everything that was seen: the objects with their settings and conditions, and the warnings about them.

use std::collections::BTreeMap;

use kscale_rules::observed::{
    Condition, Observation, ObservedRevision, ObservedScaling, Role, Traffic,
};

use super::super::paper::{GLUE, Ink, Paper, span};
use super::{BELOW, ENTRY, lines};

/// All objects, and then the events.
pub(super) fn objects(paper: &mut Paper, observed: &Observation) {
    for component in &observed.components {
        if let Some(service) = &component.service {
            let generations = match (service.generation, service.observed_generation) {
                (Some(generation), Some(seen)) => {
                    format!("generation {generation}, observed {seen}; ")
                }
                _ => String::new(),
            };
            let created = service.latest_created.as_deref().unwrap_or("none");
            let ready = service.latest_ready.as_deref().unwrap_or("none");
            let rest = format!(
                "{generations}newest revision {created}, newest that is ready {ready}; requests: {}; template: {}",
                traffic(&service.traffic),
                annotations(&service.template_annotations)
            );
            object(paper, "Service", &service.name, &rest, &service.conditions);
        }
        for one in &component.revisions {
            revision(paper, one);
        }
        if let Some(scaling) = &component.scaling {
            self::scaling(paper, scaling);
        }
    }
    if observed.events.is_empty() {
        return;
    }
    for event in &observed.events {
        let times = if event.count > 1 {
            format!(", {} times", event.count)
        } else {
            String::new()
        };
        let last = event
            .last
            .as_deref()
            .map(|last| format!(", last {last}"))
            .unwrap_or_default();
        let title = [
            span(Ink::Warn, format!("event {}", event.reason)),
            span(Ink::Plain, format!(" on {}{times}{last}", event.object)),
        ];
        paper.entry(&[], ENTRY, &title);
        paper.entry(&[], BELOW, &[span(Ink::Dim, &event.message)]);
    }
}

fn revision(paper: &mut Paper, revision: &ObservedRevision) {
    let role = match revision.role {
        Role::Serving => "serving",
        Role::Next => "next",
        Role::Leftover => "left over",
    };
    let share = revision
        .percent
        .map(|percent| format!(", {percent}{GLUE}% of the requests"));
    let state = revision.routing_state.as_deref().unwrap_or("none");
    let rest = format!(
        "{role}{}, routing state {state}; {}",
        share.unwrap_or_default(),
        annotations(&revision.annotations)
    );
    object(
        paper,
        "Revision",
        &revision.name,
        &rest,
        &revision.conditions,
    );
    scaling(paper, &revision.scaling);
}

fn scaling(paper: &mut Paper, scaling: &ObservedScaling) {
    if let Some(pa) = &scaling.pod_autoscaler {
        let number =
            |value: Option<i64>| value.map_or_else(|| "?".to_owned(), |one| one.to_string());
        let mut rest = format!(
            "class {}, metric {}, desired {}, actual {}",
            pa.class.as_deref().unwrap_or("none"),
            pa.metric.as_deref().unwrap_or("none"),
            number(pa.desired),
            number(pa.actual)
        );
        if let Some(reachability) = &pa.reachability {
            rest = format!("{rest}, {reachability}");
        }
        if !pa.has_status {
            rest = format!("{rest}, no status");
        }
        object(paper, "PodAutoscaler", &pa.name, &rest, &pa.conditions);
    }
    if let Some(hpa) = &scaling.hpa {
        let number =
            |value: Option<i64>| value.map_or_else(|| "?".to_owned(), |one| one.to_string());
        let by = hpa
            .owner
            .as_deref()
            .map(|owner| format!(", made by {owner}"))
            .unwrap_or_default();
        let rest = format!(
            "{} to {}, current {}, desired {}{by}",
            number(hpa.min_replicas),
            number(hpa.max_replicas),
            number(hpa.current),
            number(hpa.desired)
        );
        object(
            paper,
            "HorizontalPodAutoscaler",
            &hpa.name,
            &rest,
            &hpa.conditions,
        );
    }
    if let Some(scaled) = &scaling.scaled_object {
        object(
            paper,
            "ScaledObject",
            &scaled.name,
            &lines::scaler(scaling),
            &scaled.conditions,
        );
    }
    if let Some(deployment) = &scaling.deployment {
        let rest = format!("{} of {} ready", deployment.ready, deployment.replicas);
        object(
            paper,
            "Deployment",
            &deployment.name,
            &rest,
            &deployment.conditions,
        );
    }
    for pod in &scaling.unready_pods {
        let said = pod
            .message
            .as_deref()
            .map(|said| format!(": {said}"))
            .unwrap_or_default();
        object(
            paper,
            "Pod",
            &pod.name,
            &format!("{}{said}", pod.reason),
            &[],
        );
    }
}

fn object(paper: &mut Paper, kind: &str, name: &str, rest: &str, conditions: &[Condition]) {
    let title = [
        span(Ink::Strong, format!("{kind}/{name}")),
        span(Ink::Plain, format!(" {rest}")),
    ];
    paper.entry(&[], ENTRY, &title);
    let (good, others): (Vec<&Condition>, Vec<&Condition>) = conditions
        .iter()
        .partition(|one| one.is_true() && one.message.is_none());
    if !good.is_empty() {
        let names: Vec<&str> = good.iter().map(|one| one.kind.as_str()).collect();
        paper.entry(
            &[],
            BELOW,
            &[span(Ink::Dim, format!("True: {}", names.join(", ")))],
        );
    }
    for condition in others {
        paper.entry(&[], BELOW, &[span(Ink::Dim, condition.shown())]);
    }
}

fn traffic(traffic: &[Traffic]) -> String {
    let shown: Vec<String> = traffic
        .iter()
        .map(|one| format!("{}{GLUE}% to {}", one.percent, one.revision))
        .collect();
    if shown.is_empty() {
        "to none".to_owned()
    } else {
        shown.join(", ")
    }
}

/// `class=hpa.autoscaling.knative.dev, min-scale=1`
fn annotations(annotations: &BTreeMap<String, String>) -> String {
    let shown: Vec<String> = annotations
        .iter()
        .map(|(key, value)| format!("{}={value}", key.rsplit('/').next().unwrap_or(key)))
        .collect();
    if shown.is_empty() {
        "no autoscaling annotations".to_owned()
    } else {
        shown.join(", ")
    }
}
