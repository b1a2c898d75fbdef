//! What two recorded outcomes differ in, in the words of `preview`, told without any prediction.

mod outcome;

use std::collections::BTreeSet;

use serde_json::{Value, json};

pub(super) use outcome::Outcome;

const NULL: &Value = &Value::Null;
const MODE: &str = "serving.kserve.io/deploymentMode";
/// Annotations that a defaulter writes.
const STAMPED: [&str; 2] = [MODE, "modelFormat"];

/// A cause, and the component it is about; empty for the whole object.
pub(super) type Told = (&'static str, String);

/// What must be said, and what may be said beside: the corpus tells of no first reconcile after an upgrade, and of no pod
/// template in Standard mode.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub(super) must: BTreeSet<Told>,
    pub(super) may: BTreeSet<Told>,
}

/// What differs.
pub(super) fn expected(input: &Value, before: &Outcome<'_>, after: &Outcome<'_>) -> Expected {
    let mut found = Expected::default();
    let whole = |cause| (cause, String::new());
    let (old, new) = (before.text("config_error"), after.text("config_error"));
    match (old, new) {
        (None, Some(_)) => found.must.extend([whole("config-refused")]),
        (Some(_), None) => found.must.extend([whole("accepted")]),
        _ => {}
    }
    if old.or(new).is_some() {
        return found;
    }
    let create = [before, after].map(|one| one.refused("webhook_error_create"));
    let update = [before, after].map(|one| one.refused("webhook_error_update"));
    match create {
        [false, true] => found.must.extend([whole("refused")]),
        [true, false] => found.must.extend([whole("accepted")]),
        _ => {}
    }
    if update == [false, true] && !create[1] {
        found.must.insert(whole("locked"));
    }
    if update == [true, false] && !create[0] {
        found.must.insert(whole("unlocked"));
    }
    if [before, after]
        .iter()
        .any(|one| one.text("decode_error").is_some())
    {
        return found;
    }
    // Without Knative the oldest releases have no gate, and the corpus leaves everything behind it out.
    if before.expect.get("gate_error").is_none() || after.expect.get("gate_error").is_none() {
        let left_out = |one: &Outcome<'_>| one.expect.get("components").is_none();
        if left_out(before) || left_out(after) {
            found.may.extend(anything(input));
            return found;
        }
    }
    let live = input.pointer("/status/deploymentMode").is_some();
    if create[0] && !live {
        // It was never made.
        return found;
    }
    match [before, after].map(Outcome::is_left_alone) {
        [Some(false), Some(false)] => {}
        [Some(false), Some(true)] => {
            found.must.insert(whole("not-reconciled"));
            return found;
        }
        [Some(_), Some(_)] => return found,
        _ => {
            found.may.insert(whole("not-reconciled"));
            found.may.extend(anything(input));
            return found;
        }
    }
    mode(before, after, &mut found);
    let names: BTreeSet<&str> = before
        .written()
        .into_iter()
        .chain(after.written())
        .collect();
    for name in names {
        component(name, before, after, &mut found);
    }
    if create[1] || update[1] {
        // No write gets through.
        found.must.retain(|(cause, _)| *cause != "rolled-on-update");
    }
    found
}

/// Everything that can be said of what the corpus does not hold.
fn anything(input: &Value) -> Vec<Told> {
    let mut all = vec![("mode", String::new()), ("orphaned", String::new())];
    for name in ["predictor", "transformer", "explainer"] {
        if input["spec"].get(name).is_some() {
            for cause in ["fails", "works", "autoscaler", "rolled", "rolled-on-update"] {
                all.push((cause, name.to_owned()));
            }
        }
    }
    all
}

fn mode(before: &Outcome<'_>, after: &Outcome<'_>, found: &mut Expected) {
    if before.mode() == after.mode() {
        return;
    }
    found.must.insert(("mode", String::new()));
    let works = |one: &Outcome<'_>| {
        let names = one.written();
        names.iter().all(|name| failure(one, name).is_none())
    };
    let created = |one: &Outcome<'_>| -> BTreeSet<String> {
        let components = one.components();
        let all = components
            .iter()
            .flat_map(|(_, component)| list(&component["created"]));
        all.collect()
    };
    if works(before) && works(after) && !created(before).is_subset(&created(after)) {
        found.must.insert(("orphaned", String::new()));
    }
}

/// Why a component fails: its own error, what KEDA says, or the gate before it.
fn failure<'a>(outcome: &'a Outcome<'_>, name: &str) -> Option<&'a Value> {
    if let Some(gate) = outcome
        .expect
        .get("gate_error")
        .filter(|gate| !gate.is_null())
    {
        return Some(gate);
    }
    let component = outcome.component(name)?;
    let own = component
        .get("reconcile_error")
        .filter(|error| !error.is_null());
    own.or_else(|| {
        let keda = component.get("keda_webhook_errors")?;
        let enforced =
            |(check, _): (&String, &Value)| !check.starts_with("(not enforced by webhook)");
        let checks = keda.as_object()?;
        checks.iter().any(enforced).then_some(keda)
    })
}

fn component(name: &str, before: &Outcome<'_>, after: &Outcome<'_>, found: &mut Expected) {
    let told = |cause| (cause, name.to_owned());
    match (failure(before, name), failure(after, name)) {
        (None, Some(_)) => return found.must.extend([told("fails")]),
        (Some(_), None) => return found.must.extend([told("works")]),
        (Some(_), Some(_)) => return,
        (None, None) => {}
    }
    if before.mode() != after.mode() {
        return;
    }
    let (Some(old), Some(new)) = (before.component(name), after.component(name)) else {
        return;
    };
    let scalers = [old, new].map(|one| autoscaler(one, after.mode()));
    if scalers[0] == scalers[1] {
        values(old, new, name, found);
    } else {
        let stopped = scalers[1] == "stopped";
        found
            .must
            .insert(told(if stopped { "stopped" } else { "autoscaler" }));
    }
    let [made, makes] =
        [old, new].map(|one| -> BTreeSet<String> { list(&one["created"]).collect() });
    if !made.is_subset(&makes) && scalers[0] != scalers[1] {
        found.may.insert(told("orphaned"));
    }
    let beside = |all: &BTreeSet<String>| -> BTreeSet<String> {
        all.iter()
            .filter(|object| is_beside(object))
            .cloned()
            .collect()
    };
    if beside(&made) != beside(&makes) && scalers[1] != "stopped" {
        found.must.insert(told("objects"));
    }
    if scalers.contains(&"stopped") {
        return;
    }
    if after.mode() == "Standard" {
        if after.line["input"]["spec"][name]
            .get("workerSpec")
            .is_some()
        {
            // Since 0.14 it decides on the runtime, and so on the template.
            found.may.extend(["rolled", "rolled-on-update"].map(told));
        }
        let restamped = before.stamped_mode() != after.stamped_mode();
        if restamped && !found.may.contains(&told("rolled")) {
            found.must.insert(told("rolled-on-update"));
        }
    } else if new["template_annotations"].is_object() {
        revision(
            before.concurrency(old),
            after.concurrency(new),
            old,
            new,
            name,
            found,
        );
    }
}

fn revision(
    old_limit: i64,
    new_limit: i64,
    old: &Value,
    new: &Value,
    name: &str,
    found: &mut Expected,
) {
    let left = |one: &Value, all: bool| {
        let mut annotations = one["template_annotations"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        annotations.retain(|key, _| all || !STAMPED.contains(&key.as_str()));
        annotations
    };
    if left(old, false) != left(new, false) || old_limit != new_limit {
        found.must.insert(("rolled", name.to_owned()));
    } else if left(old, true) != left(new, true) {
        found.must.insert(("rolled-on-update", name.to_owned()));
    }
}

/// What scales a component, told from what is created for it.
fn autoscaler<'a>(component: &'a Value, mode: &str) -> &'a str {
    let created: Vec<String> = list(&component["created"]).collect();
    let class = component["class"].as_str().unwrap_or_default();
    if created.is_empty() {
        "stopped"
    } else if mode == "Standard" {
        match class {
            "" => "hpa",
            class => class,
        }
    } else {
        class
    }
}

/// What the autoscaler goes by. Of a ScaledObject only the bounds are told apart from the rest.
fn values(old: &Value, new: &Value, name: &str, found: &mut Expected) {
    let told = |cause| (cause, name.to_owned());
    let differs = |key: &str| old.get(key).unwrap_or(NULL) != new.get(key).unwrap_or(NULL);
    let mut any = false;
    let targets = [
        ("metric", "metric"),
        ("target", "target"),
        ("resolved_kpa_target", "target"),
    ];
    for (key, cause) in targets {
        if differs(key) {
            found.must.insert(told(cause));
            any = true;
        }
    }
    if differs("min") || differs("max") || differs("deployment_replicas") {
        found.must.insert(told("bounds"));
        any = true;
    }
    let spec = |one: &Value| {
        [
            one["hpa_after_apiserver"]["spec"].clone(),
            one["scaledobject"].clone(),
        ]
    };
    if spec(old) != spec(new) && !any {
        let of_keda = new["scaledobject"].is_object();
        if of_keda {
            // Which of these depends on what in it is read as the metric and its target.
            found
                .may
                .extend(["metric", "target", "scale-to-zero"].map(told));
            found.may.insert(told("settings"));
            return;
        }
        found.must.insert(told("settings"));
    }
    if any {
        found.may.extend(["target", "scale-to-zero"].map(told));
    }
}

fn is_beside(object: &str) -> bool {
    let kind = object.split('/').next().unwrap_or_default();
    let scaled = [
        "Deployment.apps",
        "HorizontalPodAutoscaler.autoscaling",
        "ScaledObject.keda.sh",
        "Service.serving.knative.dev",
    ];
    !scaled.contains(&kind)
}

fn list(value: &Value) -> impl Iterator<Item = String> {
    let items = value.as_array().cloned().unwrap_or_else(|| match value {
        Value::Null => Vec::new(),
        other => vec![json!(other)],
    });
    items
        .into_iter()
        .filter_map(|item| item.as_str().map(str::to_owned))
}
