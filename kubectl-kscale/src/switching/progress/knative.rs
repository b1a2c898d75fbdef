//! How far a new Revision is: written by KServe, created, scaled, ready, asked.

use serde_json::Value;

use super::goal::{Annotations, Goal, Knative};
use super::hpa;
use super::seen::{Seen, condition, entry, int, is_true, list};
use super::stage::{Line, Stage, State, Step};
use crate::facts::text;

const CLASS: &str = "autoscaling.knative.dev/class";
const OF_REVISION: &str = "serving.knative.dev/revision";

/// What a Knative Service shows of its Revisions, from its own status or from what KServe copies of it.
struct Front<'a> {
    created: &'a str,
    ready: &'a str,
    traffic: Vec<(&'a str, i64)>,
    /// Whether the routes are ready, and why not.
    routes: Option<(bool, &'a str)>,
}

/// The steps of one Knative Service.
pub(super) fn stages(goal: &Goal, component: &str, wanted: &Knative, seen: &Seen) -> Vec<Stage> {
    let front = Front::of(goal, component, wanted, seen);
    let edit = edit(goal, wanted, seen);
    let mut stages = vec![edit];
    // What is newest so far is of before.
    if stages.iter().any(|one| one.state == State::Open) {
        stages.push(Stage::open(Step::Revision, ""));
        return stages;
    }
    let Some(name) = front.as_ref().and_then(|front| newest(front, wanted, seen)) else {
        let open = format!(
            "Knative has not created a new Revision of {}",
            wanted.service
        );
        stages.push(Stage::open(Step::Revision, open));
        return stages;
    };
    stages.push(Stage::done(
        Step::Revision,
        Line::once(format!("{name} is created")),
    ));
    let ready = front
        .as_ref()
        .is_some_and(|front| is_ready(front, name, seen));
    scaler(wanted, name, seen, &mut stages);
    stages.extend(pods(name, ready, seen));
    stages.push(if ready {
        Stage::done(Step::Ready, Line::once(format!("{name} is ready")))
    } else {
        Stage::open(Step::Ready, format!("{name} is not ready"))
    });
    if let Some(front) = front.filter(|_| wanted.share > 0) {
        stages.push(traffic(wanted, &front, name, ready));
    }
    stages
}

/// Whether the template is the new one.
fn edit(goal: &Goal, wanted: &Knative, seen: &Seen) -> Stage {
    let service = &wanted.service;
    let Some(object) = seen.find("Service", service) else {
        if seen.reads("Service") {
            return Stage::open(Step::Edit, format!("Service {service} is not there"));
        }
        return Stage::done(Step::Edit, None);
    };
    let template = "/spec/template/metadata/annotations";
    if !has(object, template, &wanted.template, true) {
        let open = format!("KServe has not written the change into Service {service}");
        return Stage::open(Step::Edit, open);
    }
    let generation = int(object, "/metadata/generation");
    if int(object, "/status/observedGeneration") < generation {
        let open = format!("Knative has not acted on the change of Service {service}");
        return Stage::open(Step::Edit, open);
    }
    let line = (goal.kind != "Service").then(|| {
        Line::once(format!(
            "KServe has written the change into Service {service}"
        ))
    });
    Stage::done(Step::Edit, line)
}

/// The new Revision, once it is there.
fn newest<'a>(front: &Front<'a>, wanted: &Knative, seen: &Seen) -> Option<&'a str> {
    let name = front.created;
    let is_other = wanted.was.as_deref().is_some_and(|was| was != name);
    if name.is_empty() || (wanted.was.is_some() && !is_other) {
        return None;
    }
    match seen.find("Revision", name) {
        Some(revision) => {
            // Knative may fill in what the template leaves out.
            let as_wanted = has(
                revision,
                "/metadata/annotations",
                &wanted.template,
                !is_other,
            );
            as_wanted.then_some(name)
        }
        None if seen.reads("Revision") => None,
        None => is_other.then_some(name),
    }
}

/// Whether annotations are as they are to be; with `exactly`, those that are to go are gone, too.
fn has(object: &Value, pointer: &str, wanted: &Annotations, exactly: bool) -> bool {
    wanted
        .iter()
        .filter(|(_, value)| exactly || value.is_some())
        .all(|(key, value)| entry(object, pointer, key) == value.as_deref())
}

fn is_ready(front: &Front<'_>, name: &str, seen: &Seen) -> bool {
    match seen.find("Revision", name) {
        Some(revision) => is_true(revision, "Ready"),
        None => front.ready == name,
    }
}

/// The PodAutoscaler, and the HPA where there is to be one.
fn scaler(wanted: &Knative, name: &str, seen: &Seen, stages: &mut Vec<Stage>) {
    if seen.reads("PodAutoscaler") {
        stages.push(pod_autoscaler(wanted, name, seen));
    }
    if !wanted.by_hpa || !seen.reads("HorizontalPodAutoscaler") {
        return;
    }
    let Some(found) = seen.find("HorizontalPodAutoscaler", name) else {
        let open = format!("HorizontalPodAutoscaler {name} is not there");
        return stages.push(Stage::open(Step::Hpa, open));
    };
    stages.push(hpa::there(found));
    stages.push(hpa::active(found));
}

fn pod_autoscaler(wanted: &Knative, name: &str, seen: &Seen) -> Stage {
    let Some(found) = seen.find("PodAutoscaler", name) else {
        return Stage::open(Step::Scaler, format!("PodAutoscaler {name} is not there"));
    };
    let class = entry(found, "/metadata/annotations", CLASS).unwrap_or_default();
    let acted = list(found, "/status/conditions").next().is_some();
    let as_wanted = wanted.class.as_deref().is_none_or(|one| one == class);
    if acted && as_wanted {
        let line = format!("PodAutoscaler {name} is reconciled, of class {class}");
        return Stage::done(Step::Scaler, Line::once(line));
    }
    let open = if as_wanted {
        format!("no controller has acted on PodAutoscaler {name} of class {class}")
    } else {
        format!("PodAutoscaler {name} is of class {class}")
    };
    Stage::open(Step::Scaler, open)
}

/// How many pods of the Revision are ready.
fn pods(name: &str, ready: bool, seen: &Seen) -> Option<Stage> {
    let of_it = |one: &&Value| entry(one, "/metadata/labels", OF_REVISION) == Some(name);
    let deployment = seen.of_kind("Deployment").find(of_it);
    let Some(deployment) = deployment else {
        let open = format!("{name} has no Deployment yet");
        let waits = seen.reads("Deployment") && !ready;
        return waits.then(|| Stage::open(Step::Pods, open));
    };
    let wanted = int(deployment, "/spec/replicas").unwrap_or(1);
    let up = int(deployment, "/status/readyReplicas").unwrap_or_default();
    Some(of_pods(name, up, wanted, ready))
}

/// `2 of 4 pods of bert-predictor-00002 are ready`
pub(super) fn of_pods(name: &str, up: i64, wanted: i64, over: bool) -> Stage {
    let text = match wanted {
        1 => format!("{up} of 1 pod of {name} is ready"),
        _ => format!("{up} of {wanted} pods of {name} are ready"),
    };
    let line = Line::counted(format!("pods of {name}"), up, &text);
    if over || (wanted > 0 && up >= wanted) {
        return Stage::done(Step::Pods, (up > 0).then_some(line));
    }
    let open = Stage::open(Step::Pods, text);
    if up > 0 { open.saying(line) } else { open }
}

/// How many requests go to it.
fn traffic(wanted: &Knative, front: &Front<'_>, name: &str, ready: bool) -> Stage {
    let to = |one: &&(&str, i64)| one.0 == name;
    let percent: i64 = front.traffic.iter().filter(to).map(|one| one.1).sum();
    let text = format!("{percent} % of the requests go to {name}");
    let line = Line::counted(format!("requests to {}", wanted.service), percent, &text);
    let (routed, why) = front.routes.unwrap_or((true, ""));
    if ready && percent >= wanted.share && routed {
        return Stage::done(Step::Traffic, line);
    }
    let waits = if percent >= wanted.share {
        format!("{text}, and its route is not ready: {why}")
    } else {
        text
    };
    // Step by step, over the time that the annotation rollout-duration says.
    let stage = if why == "RolloutInProgress" && percent > 0 && ready {
        Stage::late(Step::Traffic, waits)
    } else {
        Stage::open(Step::Traffic, waits)
    };
    if percent > 0 {
        stage.saying(line)
    } else {
        stage
    }
}

impl<'a> Front<'a> {
    fn of(goal: &Goal, component: &str, wanted: &Knative, seen: &'a Seen) -> Option<Self> {
        if let Some(service) = seen.find("Service", &wanted.service) {
            let routes = condition(service, "RoutesReady");
            return Some(Self {
                created: text(service, "/status/latestCreatedRevisionName"),
                ready: text(service, "/status/latestReadyRevisionName"),
                traffic: shares(service, "/status/traffic"),
                routes: routes.map(|one| (text(one, "/status") == "True", text(one, "/reason"))),
            });
        }
        let object = seen.find(&goal.kind, &goal.name)?;
        let status = object.pointer(&format!("/status/components/{component}"))?;
        Some(Self {
            created: text(status, "/latestCreatedRevision"),
            ready: text(status, "/latestReadyRevision"),
            traffic: shares(status, "/traffic"),
            routes: None,
        })
    }
}

fn shares<'a>(of: &'a Value, pointer: &str) -> Vec<(&'a str, i64)> {
    list(of, pointer)
        .map(|one| {
            (
                text(one, "/revisionName"),
                int(one, "/percent").unwrap_or(0),
            )
        })
        .collect()
}
