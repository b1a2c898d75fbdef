//! How far a Deployment is that gets another scaler: written by KServe, scaled, rolled out.

use serde_json::Value;

use super::goal::{Scaler, Standard};
use super::hpa;
use super::knative::of_pods;
use super::seen::{Seen, condition, entry, int, is_true, list};
use super::stage::{Line, Stage, State, Step};
use crate::facts::text;

/// The steps of one Deployment.
pub(super) fn stages(wanted: &Standard, seen: &Seen) -> Vec<Stage> {
    let deployment = seen.find("Deployment", &wanted.name);
    let mut stages = Vec::new();
    if !wanted.template.is_empty()
        && let Some(deployment) = deployment
    {
        let edit = edit(wanted, deployment);
        let waits = edit.state == State::Open;
        stages.push(edit);
        // What is seen of the pods is of the old ones so far.
        if waits {
            return stages;
        }
    }
    scaler(wanted, seen, &mut stages);
    match deployment {
        Some(deployment) => {
            let mut rollout = rollout(&wanted.name, deployment);
            let rolls = !wanted.template.is_empty() || rollout.state == State::Open;
            rollout.line = rollout.line.filter(|_| rolls);
            stages.push(rollout);
        }
        None if seen.reads("Deployment") => {
            let open = format!("Deployment {} is not there", wanted.name);
            stages.push(Stage::open(Step::Pods, open));
        }
        None => {}
    }
    stages
}

/// Whether KServe has written the change into the pod template.
fn edit(wanted: &Standard, deployment: &Value) -> Stage {
    let name = &wanted.name;
    let at = "/spec/template/metadata/annotations";
    let mut all = wanted.template.iter();
    if all.all(|(key, value)| entry(deployment, at, key) == value.as_deref()) {
        let line = format!("KServe has written the change into Deployment {name}");
        return Stage::done(Step::Edit, Line::once(line));
    }
    let open = format!("KServe has not written the change into Deployment {name}");
    Stage::open(Step::Edit, open)
}

fn scaler(wanted: &Standard, seen: &Seen, stages: &mut Vec<Stage>) {
    let name = wanted.name.as_str();
    let found = |kind: &str| seen.find(kind, name).filter(|one| !is_going(one));
    let hpa = found("HorizontalPodAutoscaler");
    let scaled = found("ScaledObject");
    match &wanted.scaler {
        Scaler::Hpa(spec) => {
            stages.extend(gone("ScaledObject", name, scaled));
            if seen.reads("HorizontalPodAutoscaler") {
                by_hpa(name, hpa, spec, stages);
            }
        }
        Scaler::Keda(spec) => {
            let own = hpa.filter(|one| is_of_kserve(one));
            stages.extend(gone("HorizontalPodAutoscaler", name, own));
            if seen.reads("ScaledObject") {
                stages.push(by_keda(name, scaled, spec));
            }
        }
        Scaler::Nothing(pods) => {
            let own = hpa.filter(|one| is_of_kserve(one));
            stages.extend(gone("HorizontalPodAutoscaler", name, own));
            stages.extend(gone("ScaledObject", name, scaled));
            if own.is_none() && scaled.is_none() {
                stages.extend(fixed(name, *pods, seen));
            }
        }
        Scaler::Unknown => {
            let open = format!("KServe has not made what is to scale Deployment {name}");
            stages.push(Stage::open(Step::Scaler, open));
        }
    }
}

/// What is to be gone, and is there still.
fn gone(kind: &str, name: &str, found: Option<&Value>) -> Option<Stage> {
    found.map(|_| Stage::open(Step::Scaler, format!("{kind} {name} is there still")))
}

fn by_hpa(name: &str, hpa: Option<&Value>, spec: &Value, stages: &mut Vec<Stage>) {
    match hpa {
        Some(hpa) if hpa::is_as(hpa, spec) => {
            stages.push(hpa::there(hpa));
            stages.push(hpa::active(hpa));
        }
        Some(_) => {
            let open = format!("HorizontalPodAutoscaler {name} has the old settings still");
            stages.push(Stage::open(Step::Hpa, open));
        }
        None => {
            let open = format!("KServe has not made HorizontalPodAutoscaler {name}");
            stages.push(Stage::open(Step::Hpa, open));
        }
    }
}

fn by_keda(name: &str, scaled: Option<&Value>, spec: &Value) -> Stage {
    let Some(scaled) = scaled else {
        let open = format!("KServe has not made ScaledObject {name}");
        return Stage::open(Step::Scaler, open);
    };
    let settings = |of: &Value| {
        let triggers = list(of, "/triggers").map(|one| text(one, "/type").to_owned());
        let bounds = ["/minReplicaCount", "/maxReplicaCount"].map(|field| int(of, field));
        (bounds, triggers.collect::<Vec<_>>())
    };
    let live = scaled.get("spec").unwrap_or(&Value::Null);
    if settings(live) != settings(spec) {
        let open = format!("ScaledObject {name} has the old settings still");
        return Stage::open(Step::Scaler, open);
    }
    if is_true(scaled, "Ready") {
        let triggers = settings(live).1.join(", ");
        let line = format!("ScaledObject {name} is ready, and scales on {triggers}");
        return Stage::done(Step::Scaler, Line::once(line));
    }
    let open = match condition(scaled, "Ready") {
        Some(ready) => format!(
            "ScaledObject {name}: Ready={} {}: {}",
            text(ready, "/status"),
            text(ready, "/reason"),
            text(ready, "/message")
        ),
        None => format!("KEDA has not acted on ScaledObject {name}"),
    };
    Stage::open(Step::Scaler, open)
}

/// That nothing scales it, and how many pods it is to have where KServe fixes that.
fn fixed(name: &str, pods: Option<i64>, seen: &Seen) -> Option<Stage> {
    let deployment = seen.find("Deployment", name);
    let has = deployment.map(|one| int(one, "/spec/replicas").unwrap_or(1));
    if let (Some(pods), Some(has)) = (pods, has)
        && pods != has
    {
        let open = format!("Deployment {name} is to have {pods} pods, and KServe has it at {has}");
        return Some(Stage::open(Step::Scaler, open));
    }
    let seen_all = seen.reads("HorizontalPodAutoscaler") && seen.reads("ScaledObject");
    let line = format!("no autoscaler of KServe scales Deployment {name} any more");
    seen_all.then(|| Stage::done(Step::Scaler, Line::once(line)))
}

/// Whether all pods are of the newest template and available, as `kubectl rollout status` judges it.
fn rollout(name: &str, deployment: &Value) -> Stage {
    let status = |field: &str| int(deployment, &format!("/status/{field}")).unwrap_or_default();
    let wanted = int(deployment, "/spec/replicas").unwrap_or(1);
    let observed =
        status("observedGeneration") >= int(deployment, "/metadata/generation").unwrap_or(0);
    let (updated, available) = (status("updatedReplicas"), status("availableReplicas"));
    if !observed || updated < wanted {
        let open = format!("{updated} of {wanted} pods of {name} are of the new template");
        return Stage::open(Step::Pods, open);
    }
    let over = status("replicas") <= updated && available >= updated;
    let up = available.min(updated);
    if !over && up >= wanted {
        return Stage::open(Step::Pods, format!("old pods of {name} are there still"));
    }
    of_pods(name, up, wanted, over)
}

fn is_going(object: &Value) -> bool {
    object.pointer("/metadata/deletionTimestamp").is_some()
}

/// Whether KServe made it. One that another made is left alone.
fn is_of_kserve(object: &Value) -> bool {
    list(object, "/metadata/ownerReferences").any(|one| text(one, "/kind") == "InferenceService")
}
