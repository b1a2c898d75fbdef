//! In what two answers about one object differ: said of other releases, and of the one that an upgrade leads to.

use std::collections::BTreeSet;
use std::fmt;

use super::inference_service::refusal;
use super::types::{ComponentExplanation, Explanation};
use crate::knative::annotations::AUTOSCALING;
use crate::kserve::{Prediction, RefusedBy, modern_mode};

/// What an answer comes down to, for comparing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Summary {
    mode: String,
    refused: Option<String>,
    knative: Option<String>,
    components: Vec<(String, Vec<(Field, String)>)>,
}

/// A value that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// `autoscaler`
    Autoscaler,
    /// `metric`
    Metric,
    /// `target.value`
    Target,
    /// `target.effective`: it follows from the target, and is told only where the target stays the same.
    EffectiveTarget,
    /// `minReplicas`
    MinReplicas,
    /// `maxReplicas`
    MaxReplicas,
    /// `scaleToZero`
    ScaleToZero,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Autoscaler => "autoscaler",
            Self::Metric => "metric",
            Self::Target => "target",
            Self::EffectiveTarget => "effective target",
            Self::MinReplicas => "minReplicas",
            Self::MaxReplicas => "maxReplicas",
            Self::ScaleToZero => "scaleToZero",
        })
    }
}

/// One value of a component that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Differing {
    /// Which.
    pub(crate) field: Field,
    /// As it is here.
    pub(crate) here: String,
    /// As it is there.
    pub(crate) there: String,
}

/// The values of two components that differ.
pub(crate) fn of_components(
    here: &ComponentExplanation,
    there: &ComponentExplanation,
) -> Vec<Differing> {
    differing(&values(here), &values(there))
}

impl Summary {
    /// Of an object that only Knative looks at.
    pub(super) fn of_knative(components: &[ComponentExplanation], refused: Option<String>) -> Self {
        let one = |component: &ComponentExplanation| (component.name.clone(), values(component));
        Self {
            mode: String::new(),
            refused: None,
            knative: refused,
            components: components.iter().map(one).collect(),
        }
    }

    /// Of an InferenceService.
    pub(super) fn of(components: &[ComponentExplanation], prediction: &Prediction<'_>) -> Self {
        Self {
            // Only the name changed with 0.16, not what it means.
            mode: prediction.mode.modern().to_owned(),
            refused: prediction.webhook_error().map(plain),
            ..Self::of_knative(components, refusal(prediction, RefusedBy::Knative))
        }
    }

    /// Of a graph.
    pub(super) fn of_explanation(explanation: &Explanation) -> Self {
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

    /// What is different there, a sentence each.
    pub(super) fn differences(&self, there: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.mode != there.mode {
            found.push(format!(
                "deploymentMode {} instead of {}",
                there.mode, self.mode
            ));
        }
        match (&self.refused, &there.refused) {
            (_, Some(text)) if self.refused != there.refused => {
                found.push(format!("KServe refuses it: {text}"));
            }
            (Some(_), None) => found.push("KServe accepts it".to_owned()),
            _ => {}
        }
        match (&self.knative, &there.knative) {
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
        for ((name, left), (_, right)) in self.components.iter().zip(&there.components) {
            for Differing { field, here, there } in differing(left, right) {
                found.push(format!("{name}: {field} {there} instead of {here}"));
            }
        }
        found
    }
}

fn values(component: &ComponentExplanation) -> Vec<(Field, String)> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let count =
        |value: Option<i64>| value.map_or_else(|| "unbounded".to_owned(), |n| n.to_string());
    let autoscaler = serde_json::to_value(component.autoscaler).unwrap_or_default();
    let target = component.target.as_ref();
    let effective = target.and_then(|target| target.effective);
    let target = target.map(|target| target.value.to_string());
    vec![
        (
            Field::Autoscaler,
            autoscaler.as_str().unwrap_or_default().to_owned(),
        ),
        (Field::Metric, text(&component.metric)),
        (Field::Target, text(&target)),
        (
            Field::EffectiveTarget,
            text(&effective.map(|value| value.to_string())),
        ),
        (Field::MinReplicas, count(component.min_replicas)),
        (Field::MaxReplicas, count(component.max_replicas)),
        (Field::ScaleToZero, component.scale_to_zero.to_string()),
    ]
}

fn differing(left: &[(Field, String)], right: &[(Field, String)]) -> Vec<Differing> {
    let mut found: Vec<Differing> = Vec::new();
    for ((field, here), (_, there)) in left.iter().zip(right) {
        let follows = *field == Field::EffectiveTarget
            && found.last().is_some_and(|last| last.field == Field::Target);
        if here == there || follows {
            continue;
        }
        found.push(Differing {
            field: *field,
            here: here.clone(),
            there: there.clone(),
        });
    }
    found
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
mod tests {
    use super::*;

    #[test]
    fn a_complaint_in_other_words_is_the_same_complaint() {
        let old = "invalid value: 0: spec.template.metadata.annotations.autoscaling.knative.dev/initialScale";
        let new = "invalid value: 0: \
            spec.template.metadata.annotations.autoscaling.knative.dev/initial-scale=0 not allowed by cluster";
        assert_eq!(places(old), places(new));
        let other =
            "invalid value: 0: spec.template.metadata.annotations.autoscaling.knative.dev/target";
        assert_ne!(places(old), places(other));
        let two =
            "must not set the field(s): spec.template.spec.hostIPC, spec.template.spec.hostPID";
        assert_eq!(places(two).len(), 2);
    }
}
