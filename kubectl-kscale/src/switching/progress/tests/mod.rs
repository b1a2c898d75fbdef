//! The judge, held against what controllers make of a change, step by step.

mod changes;
mod diagnoses;
mod recordings;
mod situations;
mod standard;
mod world;

use std::path::{Path, PathBuf};

use kscale_rules::explain::{API_VERSION, explain};
use kscale_rules::facts::Facts;
use kscale_rules::switch::{Plan, Record, Wish, replaced, restore};
use serde::Deserialize as _;
use serde_json::Value;

use super::diagnosis::Diagnosis;
use super::goal::Goal;
use super::seen::Seen;
use super::stage::{Standing, State};
use super::{facts_of, judge};
use crate::facts::text;

/// The plan that makes `after` of `before`.
fn plan(before: &Value, after: &Value, facts: &Facts) -> Plan {
    let record = Record {
        api_version: API_VERSION.to_owned(),
        kind: "SwitchRecord".to_owned(),
        verb: "switch".to_owned(),
        at: String::new(),
        before: Default::default(),
        after: Default::default(),
        undoes: None,
        replaced: replaced(after, before),
    };
    let explanation = explain(before, facts).unwrap();
    restore(before, &explanation, facts, (1, &record), &Wish::default())
        .unwrap_or_else(|refusal| panic!("{}", refusal.message))
}

/// A workload as a user wrote it: without its status, and what the API server keeps.
fn written(object: &Value) -> Value {
    let mut object = object.clone();
    let fields = object.as_object_mut().unwrap();
    fields.remove("status");
    let metadata = object["metadata"].as_object_mut().unwrap();
    for field in ["generation", "resourceVersion", "managedFields"] {
        metadata.remove(field);
    }
    object
}

/// What changing `before` to what is written in `after` is to lead to.
fn goal(before: &Value, after: &Value, facts: &Facts) -> Goal {
    let status = before.get("status").cloned();
    let with_status = |object: &Value| {
        let mut object = written(object);
        if let Some(status) = &status {
            object["status"] = status.clone();
        }
        object
    };
    let (before, after) = (with_status(before), with_status(after));
    Goal::of(&plan(&before, &after, facts), &after, facts)
}

/// How far everything is: the step, and what it waits for.
fn told(standing: &Standing) -> Vec<String> {
    let stages = standing.stages.iter();
    stages
        .map(|stage| {
            let step = format!("{:?}", stage.step).to_lowercase();
            match stage.state {
                State::Done => step,
                State::Late => format!("{step} late: {}", stage.open),
                State::Open => format!("{step}: {}", stage.open),
            }
        })
        .collect()
}

/// How far everything is, in a line: `edit revision scaler? traffic~`.
fn short(standing: &Standing) -> String {
    let each = standing.stages.iter().map(|stage| {
        let mark = match stage.state {
            State::Done => "",
            State::Late => "~",
            State::Open => "?",
        };
        format!("{:?}{mark}", stage.step).to_lowercase()
    });
    each.collect::<Vec<_>>().join(" ")
}

/// Writes a text, or takes it away.
fn put(object: &mut Value, pointer: &str, value: Option<&str>) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    if let Some(map) = object.pointer_mut(parent).and_then(Value::as_object_mut) {
        match value {
            Some(value) => map.insert(key, value.into()),
            None => map.remove(&key),
        };
    }
}

/// The lines that are told when one looks for the first time.
fn lines(standing: &Standing) -> Vec<&str> {
    super::stage::Told::default().news(standing)
}

fn documents(path: &Path) -> Vec<Value> {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_yaml::Deserializer::from_str(&text)
        .map(|document| Value::deserialize(document).unwrap())
        .filter(|document| !document.is_null())
        .collect()
}

/// What a watch of one workload sees of a cluster.
fn watched(goal: &Goal, objects: &[Value]) -> Seen {
    let kinds = super::feed::scope(goal).places();
    let of_it = |object: &&Value| {
        let kind = text(object, "/kind");
        let knative =
            kind != "Service" || text(object, "/apiVersion").starts_with("serving.knative.dev");
        knative && kinds.iter().any(|place| place.kind == kind) && is_of(goal, object)
    };
    Seen::of(objects.iter().filter(of_it).cloned())
}

fn is_of(goal: &Goal, object: &Value) -> bool {
    let label = object.pointer("/metadata/labels/serving.kserve.io~1inferenceservice");
    let itself = text(object, "/kind") == goal.kind && text(object, "/metadata/name") == goal.name;
    itself || label.and_then(Value::as_str) == Some(goal.name.as_str())
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A plan to the HPA class.
pub(super) fn plan_to_hpa() -> Plan {
    let (before, after) = (world::inference_service(world::KPA), changed_to_hpa());
    plan(&before, &after, &Facts::shipped())
}

/// What it makes of the InferenceService.
pub(super) fn changed_to_hpa() -> Value {
    world::inference_service(world::HPA)
}
