//! Other releases, other answers: said where the release is only assumed.

use serde_json::Value;

use super::differences::Summary;
use super::inference_service::components;
use super::types::{ComponentExplanation, Explanation, System, VersionNote};
use crate::facts::{Fact, Facts};
use crate::knative::annotations::Annotations;
use crate::knative::{InPlay, KnativeVersion};
use crate::kserve::{
    ComponentResult, Prediction, Refused, RefusedBy, Release, milestones, predict,
};

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
            Ok(summary) => here.differences(&summary),
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
            Ok(summary) => here.differences(&summary),
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

#[cfg(test)]
mod tests;
