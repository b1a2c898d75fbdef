//! An InferenceService in Knative mode.

use super::Scene;
use super::draft::Draft;
use super::types::{Refusal, RefusalReason};
use super::wish::Destination;
use crate::knative::annotations::{CLASS, HPA_CLASS};
use crate::manifest::child;

/// The InferenceService as it is to be.
pub(super) fn edit(scene: &Scene<'_>) -> Result<Draft, Refusal> {
    let wish = scene.wish;
    let mut draft = Draft::of(scene.object);
    let class = child("/metadata/annotations", CLASS.canonical);
    let (metric, target) = match wish.to {
        Destination::Hpa => {
            draft.set(&class, HPA_CLASS);
            ("cpu", 80)
        }
        Destination::Kpa => {
            draft.remove(&class);
            ("concurrency", 10)
        }
        _ => {
            return Err(Refusal {
                reason: RefusalReason::NotPossible,
                message: format!("{} scales in Standard mode alone", wish.to.as_str()),
                help: String::new(),
            });
        }
    };
    for part in &scene.explanation.components {
        let at = |field: &str| format!("/spec/{}/{field}", part.name);
        draft.set(&at("scaleMetric"), metric);
        draft.set(&at("scaleTarget"), target);
        if let Some(max) = wish.max {
            draft.set(&at("maxReplicas"), max);
        }
    }
    Ok(draft)
}
