//! The order in which states are reached, against the recorded one.

use std::collections::BTreeMap;
use std::io::BufRead as _;

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::Script;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::changes::{to_hpa, to_kpa};
use crate::plane::{Outcome, hpa_class, isvc, on_shared, play};
use crate::recordings::{against_recordings, folder, recording};
use crate::states::{KINDS, conditions, facts, path};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        against_recordings("order::excerpts_are_in_the_recorded_order", excerpts),
        on_shared("order::of_a_switch_to_hpa", switch_to_hpa),
        on_shared("order::of_a_switch_to_kpa", switch_to_kpa),
        on_shared("order::after_the_extension_came", extension_came),
    ]
}

/// The recording, its excerpt, and what of an object's name is looked at.
const ORDERS: [(&str, &str); 3] = [
    ("05-kpa-to-hpa-with-extension", "05-order.txt"),
    ("06-hpa-to-kpa", "06-order.txt"),
    ("10-install-extension-after-stuck", "10-order.txt"),
];

fn excerpt(file: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(folder().join(file))?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn excerpts() -> Outcome {
    for (name, file) in ORDERS {
        let Some(recording) = recording(name) else {
            continue;
        };
        let text = std::fs::read_to_string(recording.join("watch-order.txt"))?;
        let mut seen = Seen::default();
        for line in text.lines() {
            seen.recorded(line);
        }
        in_order(&excerpt(file)?, &seen.told, name)?;
    }
    Ok(())
}

/// What was told of every object so far, and each change of it.
#[derive(Default)]
struct Seen {
    before: BTreeMap<(String, String), String>,
    told: Vec<String>,
}

impl Seen {
    /// A kind, a name, and what is told of it.
    fn see(&mut self, kind: &str, name: &str, told: Vec<(String, String)>) {
        let object = format!("{kind} {name}");
        for (key, value) in told {
            let before = self
                .before
                .insert((object.clone(), key.clone()), value.clone());
            if before.as_ref() != Some(&value) {
                self.told.push(format!("{object} {key}={value}"));
            }
        }
    }

    /// `+2.79s MODIFIED Service name ({'latestCreatedRevisionName': 'a'}, {'Ready': 'Unknown/OutOfDate'})`
    fn recorded(&mut self, line: &str) {
        let mut words = line.splitn(5, ' ').skip(1);
        let (Some(_), Some(kind), Some(name), Some(rest)) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return;
        };
        if !KINDS.iter().any(|(_, one)| *one == kind) {
            return;
        }
        let (first, second) = rest.split_once("}, {").unwrap_or((rest, ""));
        let mut told = Vec::new();
        for (key, name) in [
            ("routing", "routing"),
            ("reach", "reach"),
            ("latestReadyRevisionName", "ready"),
        ] {
            told.extend(
                pairs(first)
                    .into_iter()
                    .filter(|(one, _)| one == key)
                    .map(|(_, value)| (name.to_owned(), value)),
            );
        }
        if kind == "Route"
            && let Some((_, traffic)) = first.split_once("[('")
        {
            told.push((
                "to".to_owned(),
                traffic.split('\'').next().unwrap_or_default().to_owned(),
            ));
        }
        told.extend(
            pairs(second)
                .into_iter()
                .map(|(key, value)| (key, value.replace(' ', "_"))),
        );
        self.see(kind, name, told);
    }

    /// An object of a watch.
    fn played(&mut self, kind: &str, object: &Value) {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let mut told: Vec<(String, String)> = facts(kind, object)
            .into_iter()
            .filter(|(key, value)| {
                ["routing", "reach", "ready", "to"].contains(key) && value != "-"
            })
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        told.retain(|(key, _)| key != "ready" || matches!(kind, "Service" | "Configuration"));
        told.extend(conditions(object));
        self.see(kind, name, told);
    }
}

/// `'key': 'value'`, as often as it is there.
fn pairs(text: &str) -> Vec<(String, String)> {
    let quoted: Vec<&str> = text.split('\'').collect();
    quoted
        .windows(4)
        .skip(1)
        .step_by(2)
        .filter(|four| four.get(1).is_some_and(|between| *between == ": "))
        .filter_map(|four| Some(((*four.first()?).to_owned(), (*four.get(2)?).to_owned())))
        .collect()
}

/// Whether all of it is told, in this order, with anything between.
fn in_order(wanted: &[String], told: &[String], what: &str) -> Outcome {
    let mut rest = told.iter();
    for one in wanted {
        if !rest.any(|line| line == one) {
            return Err(format!(
                "{what}: not there, or not at its place: {one}\nall in their order:\n{}",
                told.join("\n")
            )
            .into());
        }
    }
    if wanted.is_empty() {
        Err(format!("{what}: nothing is wanted").into())
    } else {
        Ok(())
    }
}

/// Where the API server stands.
fn version(plane: &ControlPlane, namespace: &str) -> Result<String, Box<dyn std::error::Error>> {
    let list = plane.get(&format!("/api/v1/namespaces/{namespace}/pods"))?;
    Ok(list["metadata"]["resourceVersion"]
        .as_str()
        .unwrap_or_default()
        .to_owned())
}

/// Everything since then, in the order of the API server's own count.
fn since(
    plane: &ControlPlane,
    namespace: &str,
    version: &str,
) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut seen = Seen::default();
    let mut events = BTreeMap::new();
    for (pattern, kind) in KINDS {
        for (at, object) in replayed(plane, &path(pattern, namespace), version)? {
            events.insert(at, (kind, object));
        }
    }
    for (kind, object) in events.into_values() {
        seen.played(kind, &object);
    }
    Ok(seen.told)
}

/// What a watch from then on tells. A busy API server may not get to the end of it in the time that it has.
fn replayed(
    plane: &ControlPlane,
    list: &str,
    version: &str,
) -> Result<BTreeMap<u64, Value>, Box<dyn std::error::Error>> {
    let number = |object: &Value| {
        object["metadata"]["resourceVersion"]
            .as_str()
            .unwrap_or_default()
            .parse::<u64>()
    };
    let present = plane.get(list)?;
    let mut last = 0;
    for item in present["items"].as_array().into_iter().flatten() {
        last = last.max(number(item)?);
    }
    let since = version.parse::<u64>()?;
    for seconds in [1, 2, 5, 10] {
        let watch = format!("{list}?watch=true&timeoutSeconds={seconds}&resourceVersion={version}");
        let mut events = BTreeMap::new();
        for line in plane.client().lines(&watch)?.lines() {
            let event: Value = serde_json::from_str(&line?)?;
            events.insert(number(&event["object"])?, event["object"].clone());
        }
        if last <= since || events.contains_key(&last) {
            return Ok(events);
        }
    }
    Err(format!("{list}: not all is told since {version}").into())
}

fn hold(plane: &ControlPlane, namespace: &str, version: &str, file: &str) -> Outcome {
    let told = since(plane, namespace, version)?;
    in_order(&excerpt(file)?, &told, file)
}

fn switch_to_hpa(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default().without_metrics())?;
    let spec = json!({ "minReplicas": 2, "maxReplicas": 4, "scaleMetric": "concurrency", "scaleTarget": 10 });
    let service = isvc(&namespace, "switch", &json!({}), &spec);
    plane.create(&service)?;
    controllers.settle("switch")?;
    let begin = version(plane, &namespace)?;
    plane.patch(&service, &to_hpa())?;
    controllers.settle("switch")?;
    hold(plane, &namespace, &begin, "05-order.txt")
}

fn switch_to_kpa(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default().without_metrics())?;
    let spec =
        json!({ "minReplicas": 2, "maxReplicas": 4, "scaleMetric": "cpu", "scaleTarget": 75 });
    let service = isvc(&namespace, "switch", &hpa_class(), &spec);
    plane.create(&service)?;
    controllers.settle("switch")?;
    let begin = version(plane, &namespace)?;
    plane.patch(&service, &to_kpa())?;
    controllers.settle("switch")?;
    hold(plane, &namespace, &begin, "06-order.txt")
}

fn extension_came(plane: &ControlPlane) -> Outcome {
    let script = Script::default().without_extension().without_metrics();
    let (namespace, controllers) = play(plane, script)?;
    let spec = json!({ "minReplicas": 1, "maxReplicas": 4, "scaleMetric": "concurrency", "scaleTarget": 10 });
    let service = isvc(&namespace, "switch", &json!({}), &spec);
    plane.create(&service)?;
    controllers.settle("switch")?;
    plane.patch(&service, &to_hpa())?;
    let is_stuck = |objects: &[Value]| {
        let new = |one: &&Value| {
            one["kind"] == "Deployment"
                && one["metadata"]["name"] == "switch-predictor-00002-deployment"
        };
        objects
            .iter()
            .find(new)
            .is_some_and(|one| one["status"]["readyReplicas"] == 1)
    };
    controllers.until("switch", "has the pods of its new revision", is_stuck)?;
    let begin = version(plane, &namespace)?;
    controllers.change(|script| script.extension = true);
    controllers.settle("switch")?;
    hold(plane, &namespace, &begin, "10-order.txt")
}
