//! Other releases, other answers: said where the release is only assumed.

use std::collections::BTreeSet;

use serde_json::Value;

use super::inference_service::{components, refusal};
use super::types::{ComponentExplanation, Explanation, System, VersionNote};
use crate::facts::{Fact, Facts};
use crate::knative::annotations::{AUTOSCALING, Annotations};
use crate::knative::{InPlay, KnativeVersion};
use crate::kserve::{
    ComponentResult, Prediction, Refused, RefusedBy, Release, milestones, modern_mode, predict,
};

/// What an answer comes down to, for comparing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Summary {
    mode: String,
    refused: Option<String>,
    knative: Option<String>,
    components: Vec<ComponentSummary>,
}

#[derive(Clone, Debug, PartialEq)]
struct ComponentSummary {
    name: String,
    lines: Vec<(&'static str, String)>,
}

impl Summary {
    /// Of an object that only Knative looks at.
    pub(super) fn of_knative(components: &[ComponentExplanation], refused: Option<String>) -> Self {
        Self {
            mode: String::new(),
            refused: None,
            knative: refused,
            components: components.iter().map(one).collect(),
        }
    }

    fn of(components: &[ComponentExplanation], prediction: &Prediction<'_>) -> Self {
        Self {
            // Only the name changed with 0.16, not what it means.
            mode: prediction.mode.modern().to_owned(),
            refused: prediction.webhook_error().map(plain),
            ..Self::of_knative(components, refusal(prediction, RefusedBy::Knative))
        }
    }

    fn of_explanation(explanation: &Explanation) -> Self {
        let mode = explanation.deployment_mode.as_deref().unwrap_or_default();
        Self {
            mode: modern_mode(mode).to_owned(),
            refused: explanation.admission.kserve.as_deref().map(plain),
            ..Self::of_knative(
                &explanation.components,
                explanation.admission.knative.clone(),
            )
        }
    }
}

/// The releases that would answer otherwise than the assumed ones; neighbours with the same difference are one note. None of
/// a system whose release is known.
pub(super) fn notes(
    value: &Value,
    explained: &[ComponentExplanation],
    prediction: &Prediction<'_>,
    facts: &Facts,
) -> Vec<VersionNote> {
    let here = Summary::of(explained, prediction);
    let mut notes = of_kserve(&here, facts, |facts| under(value, facts));
    let outcomes = prediction
        .components
        .iter()
        .flat_map(|outcome| std::iter::once(outcome).chain(&outcome.canaries));
    let templates = outcomes
        .clone()
        .filter_map(|outcome| match &outcome.result {
            ComponentResult::Knative(knative) => Some(&knative.service.template_annotations),
            _ => None,
        });
    let is_refused = outcomes
        .filter_map(|outcome| outcome.failure.as_ref())
        .any(|failure| failure.by == RefusedBy::Knative);
    if is_refused || templates.clone().next().is_some() {
        notes.extend(of_knative(value, templates, &here, facts, |facts| {
            under(value, facts)
        }));
    }
    notes
}

/// The same for a graph; `again` explains it under other facts, and `template` is that of its router's revision.
pub(super) fn of_graph(
    value: &Value,
    explained: &Explanation,
    template: Option<&Annotations>,
    facts: &Facts,
    again: impl Fn(&Facts) -> Explanation,
) -> Vec<VersionNote> {
    let here = Summary::of_explanation(explained);
    let again = |facts: &Facts| Ok(Summary::of_explanation(&again(facts)));
    let mut notes = of_kserve(&here, facts, again);
    if template.is_some() || explained.admission.knative.is_some() {
        notes.extend(of_knative(value, template.into_iter(), &here, facts, again));
    }
    notes
}

fn of_kserve(
    here: &Summary,
    facts: &Facts,
    again: impl Fn(&Facts) -> Result<Summary, String>,
) -> Vec<VersionNote> {
    if facts.kserve.is_known() {
        return Vec::new();
    }
    let releases = milestones();
    let mut there = facts.clone();
    let mut notes = Vec::new();
    for (index, release) in releases.iter().enumerate() {
        if *release > Release::NEWEST {
            break;
        }
        let until = releases.get(index + 1).copied().unwrap_or(Release::MAIN);
        there = there.with_kserve(Fact::known(*release, "comparison"));
        let differs = match again(&there) {
            Ok(summary) => differences(here, &summary),
            Err(text) => vec![format!("the object is refused: {text}")],
        };
        note(
            &mut notes,
            System::Kserve,
            release.to_string(),
            until.to_string(),
            differs,
        );
    }
    notes
}

/// The Knative releases that would answer otherwise about an object, of which these revision templates come; `again` answers
/// under other facts. Only releases with a difference in play are asked.
pub(super) fn of_knative<'a>(
    value: &Value,
    templates: impl Iterator<Item = &'a Annotations>,
    here: &Summary,
    facts: &Facts,
    again: impl Fn(&Facts) -> Result<Summary, String>,
) -> Vec<VersionNote> {
    if facts.knative.is_known() {
        return Vec::new();
    }
    let in_play = InPlay::of(
        value,
        templates,
        &facts.knative_data(),
        &facts.knative_configs,
    );
    let releases = in_play.milestones();
    let mut notes = Vec::new();
    // Behind the last of them lies the assumed release, the newest of all, which answers as it does.
    if releases.len() < 2 || facts.knative.value != KnativeVersion::NEWEST {
        return notes;
    }
    let mut there = facts.clone();
    for pair in releases.windows(2) {
        let [release, until] = pair else { continue };
        there = there.with_knative(Fact::known(*release, "comparison"));
        let differs = match again(&there) {
            Ok(summary) => differences(here, &summary),
            Err(text) => vec![format!("the object is refused: {text}")],
        };
        note(
            &mut notes,
            System::Knative,
            release.to_string(),
            until.to_string(),
            differs,
        );
    }
    notes
}

/// Adds a note, or lengthens the one before it where that says the same.
fn note(
    notes: &mut Vec<VersionNote>,
    system: System,
    from: String,
    until: String,
    differs: Vec<String>,
) {
    if differs.is_empty() {
        return;
    }
    match notes.last_mut() {
        Some(last) if last.differs == differs && last.until == from => last.until = until,
        _ => notes.push(VersionNote {
            system,
            from,
            until,
            differs,
        }),
    }
}

fn under(value: &Value, facts: &Facts) -> Result<Summary, String> {
    match predict(value, facts) {
        Ok(prediction) => Ok(Summary::of(&components(&prediction, facts), &prediction)),
        Err(Refused::Decode(error)) => Err(error.text),
        Err(Refused::Crash(text) | Refused::Config(text)) => Err(text),
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
    let target = component.target.as_ref();
    let effective = target.and_then(|target| target.effective);
    let target = target.map(|target| target.value.to_string());
    ComponentSummary {
        name: component.name.clone(),
        lines: vec![
            (
                "autoscaler",
                autoscaler.as_str().unwrap_or_default().to_owned(),
            ),
            ("metric", text(&component.metric)),
            ("target", text(&target)),
            (EFFECTIVE, text(&effective.map(|value| value.to_string()))),
            ("minReplicas", count(component.min_replicas)),
            ("maxReplicas", count(component.max_replicas)),
            ("scaleToZero", component.scale_to_zero.to_string()),
        ],
    }
}

/// What follows from the target, and is told only where the target stays the same.
const EFFECTIVE: &str = "effective target";

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
    match (&here.knative, &there.knative) {
        (None, Some(text)) => {
            // Nothing comes of it then, which goes without saying.
            found.push(format!("Knative refuses it: {text}"));
            return found;
        }
        (Some(now), Some(then)) if places(now) != places(then) => {
            found.push(format!("Knative refuses it: {then}"));
        }
        (Some(_), None) => found.push("Knative accepts it".to_owned()),
        _ => {}
    }
    for (left, right) in here.components.iter().zip(&there.components) {
        let mut target_differs = false;
        for ((field, now), (_, then)) in left.lines.iter().zip(&right.lines) {
            if now == then || (*field == EFFECTIVE && target_differs) {
                continue;
            }
            target_differs |= *field == "target";
            found.push(format!("{}: {field} {then} instead of {now}", left.name));
        }
    }
    found
}

/// The places that a text of Knative's complains of. Releases word the same complaint in several ways, and spell annotations
/// in two.
fn places(text: &str) -> BTreeSet<&str> {
    let words = text.split([' ', ',', '\n']);
    let places = words.filter(|word| word.starts_with("spec.") || word.starts_with("metadata."));
    places
        .map(|place| {
            let place = place.split(['=', '[']).next().unwrap_or(place);
            let modern = AUTOSCALING.iter().find_map(|key| {
                let alias = key.alias.filter(|alias| place.ends_with(alias));
                alias.map(|_| key.canonical)
            });
            modern.unwrap_or_else(|| {
                let key = AUTOSCALING
                    .iter()
                    .find(|key| place.ends_with(key.canonical));
                key.map_or(place, |key| key.canonical)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
