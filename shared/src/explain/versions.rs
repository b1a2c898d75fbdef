//! Other KServe releases, other answers: said where the release is only assumed.

use serde_json::Value;

use super::inference_service::components;
use super::types::{ComponentExplanation, Explanation, VersionNote};
use crate::facts::{Fact, Facts};
use crate::kserve::{Prediction, Refused, Release, milestones, modern_mode, predict};

/// What an answer comes down to, for comparing.
#[derive(Clone, Debug, PartialEq)]
struct Summary {
    mode: String,
    refused: Option<String>,
    components: Vec<ComponentSummary>,
}

#[derive(Clone, Debug, PartialEq)]
struct ComponentSummary {
    name: String,
    lines: Vec<(&'static str, String)>,
}

/// The releases that would answer otherwise than the assumed one; neighbours with the same difference are one note. Empty
/// where the release is known.
pub(super) fn notes(
    value: &Value,
    explained: &[ComponentExplanation],
    prediction: &Prediction<'_>,
    facts: &Facts,
) -> Vec<VersionNote> {
    compare(&summary(explained, prediction), facts, |other| {
        under(value, other)
    })
}

/// The same for a graph; `again` explains it under other facts.
pub(super) fn of_graph(
    explained: &Explanation,
    facts: &Facts,
    again: impl Fn(&Facts) -> Explanation,
) -> Vec<VersionNote> {
    compare(&of_explanation(explained), facts, |other| {
        Ok(of_explanation(&again(other)))
    })
}

fn compare(
    here: &Summary,
    facts: &Facts,
    under: impl Fn(&Facts) -> Result<Summary, String>,
) -> Vec<VersionNote> {
    if facts.kserve.is_known() {
        return Vec::new();
    }
    let releases = milestones();
    let mut notes: Vec<VersionNote> = Vec::new();
    for (index, release) in releases.iter().enumerate() {
        if *release > Release::NEWEST {
            break;
        }
        let until = releases.get(index + 1).copied().unwrap_or(Release::MAIN);
        let differs = match under(&with(*release, facts)) {
            Ok(there) => differences(here, &there),
            Err(text) => vec![format!("the object is refused: {text}")],
        };
        if differs.is_empty() {
            continue;
        }
        match notes.last_mut() {
            Some(last) if last.differs == differs && last.until == release.to_string() => {
                last.until = until.to_string();
            }
            _ => notes.push(VersionNote {
                from: release.to_string(),
                until: until.to_string(),
                differs,
            }),
        }
    }
    notes
}

fn with(release: Release, facts: &Facts) -> Facts {
    facts
        .clone()
        .with_kserve(Fact::known(release, "comparison"))
}

fn under(value: &Value, facts: &Facts) -> Result<Summary, String> {
    match predict(value, facts) {
        Ok(prediction) => Ok(summary(&components(&prediction, facts), &prediction)),
        Err(Refused::Decode(error)) => Err(error.text),
        Err(Refused::Crash(text) | Refused::Config(text)) => Err(text),
    }
}

fn summary(components: &[ComponentExplanation], prediction: &Prediction<'_>) -> Summary {
    Summary {
        // Only the name changed with 0.16, not what it means.
        mode: prediction.mode.modern().to_owned(),
        refused: prediction.webhook_error().map(plain),
        components: components.iter().map(one).collect(),
    }
}

fn of_explanation(explanation: &Explanation) -> Summary {
    let mode = explanation.deployment_mode.as_deref().unwrap_or_default();
    Summary {
        mode: modern_mode(mode).to_owned(),
        refused: explanation.admission.kserve.as_deref().map(plain),
        components: explanation.components.iter().map(one).collect(),
    }
}

/// A message without what only the wording of old releases adds.
fn plain(text: &str) -> String {
    let text = text.trim_end().trim_end_matches('.').replace('\'', "");
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string())
        .unwrap_or_default();
    first + letters.as_str()
}

fn one(component: &ComponentExplanation) -> ComponentSummary {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let count =
        |value: Option<i64>| value.map_or_else(|| "unbounded".to_owned(), |n| n.to_string());
    let autoscaler = serde_json::to_value(component.autoscaler).unwrap_or_default();
    let target = component
        .target
        .as_ref()
        .map(|target| target.value.to_string());
    ComponentSummary {
        name: component.name.clone(),
        lines: vec![
            (
                "autoscaler",
                autoscaler.as_str().unwrap_or_default().to_owned(),
            ),
            ("metric", text(&component.metric)),
            ("target", text(&target)),
            ("minReplicas", count(component.min_replicas)),
            ("maxReplicas", count(component.max_replicas)),
            ("scaleToZero", component.scale_to_zero.to_string()),
        ],
    }
}

fn differences(here: &Summary, there: &Summary) -> Vec<String> {
    let mut found = Vec::new();
    if here.mode != there.mode {
        found.push(format!(
            "deploymentMode {} instead of {}",
            there.mode, here.mode
        ));
    }
    match (&here.refused, &there.refused) {
        (_, Some(text)) if here.refused != there.refused => {
            found.push(format!("KServe refuses it: {text}"));
        }
        (Some(_), None) => found.push("KServe accepts it".to_owned()),
        _ => {}
    }
    for (left, right) in here.components.iter().zip(&there.components) {
        for ((field, now), (_, then)) in left.lines.iter().zip(&right.lines) {
            if now != then {
                found.push(format!("{}: {field} {then} instead of {now}", left.name));
            }
        }
    }
    found
}
