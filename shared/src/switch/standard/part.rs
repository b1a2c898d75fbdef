//! A component that is to be changed, with all that is known of it.

use serde_json::Value;

use super::super::Scene;
use super::super::draft::Draft;
use crate::kserve::annotations::AUTOSCALER_CLASS;
use crate::kserve::webhook::judged_as_standard;
use crate::kserve::{ComponentOutcome, Effective, Level, Prediction};
use crate::manifest::{Component, child};

/// A component of an InferenceService in Standard mode.
pub(super) struct Part<'a> {
    pub(super) component: &'a Component<'a>,
    /// What KServe makes of it as it is.
    pub(super) outcome: Option<&'a ComponentOutcome>,
    /// The class in effect.
    pub(super) class: String,
    /// Whether it is to be changed.
    pub(super) is_wished: bool,
    /// Whether its class has to change.
    pub(super) changes_class: bool,
    /// Whether canaries of it run.
    pub(super) has_canaries: bool,
    /// Whether KServe's webhook, which reads the object's annotation alone, judges it by the rules of Knative mode and would
    /// refuse a scaleMetric of an HPA.
    pub(super) judged_as_knative: bool,
    /// How many pods of it run, where anybody looked.
    pub(super) pods: Option<i64>,
}

/// The components, in KServe's order.
pub(super) fn all<'a>(scene: &Scene<'_>, prediction: &'a Prediction<'a>) -> Vec<Part<'a>> {
    let service = &prediction.service;
    let wish = scene.wish;
    let release = scene.facts.release();
    let judged_as_knative = !judged_as_standard(&prediction.defaulted.annotations, release);
    let parts = service.components().map(|component| {
        let kind = component.kind;
        let mut outcomes = prediction.components.iter();
        let outcome = outcomes.find(|one| one.kind == kind);
        // A component that fails early has no effective annotations; what is written still counts.
        let written = || {
            let own = component.annotation(AUTOSCALER_CLASS);
            own.or_else(|| service.annotation(AUTOSCALER_CLASS))
        };
        let effective = outcome.and_then(|one| one.effective.annotations.get(AUTOSCALER_CLASS));
        let class = effective.map(String::as_str).or_else(written);
        let class = class.unwrap_or("hpa").to_owned();
        let is_wished = wish.components.is_empty() || wish.components.contains(&kind);
        Part {
            component,
            outcome,
            changes_class: is_wished && class != wish.to.as_str(),
            class,
            is_wished,
            judged_as_knative,
            has_canaries: kind.as_str() == "predictor" && !service.canaries.is_empty(),
            pods: pods(scene, kind.as_str()),
        }
    });
    parts.collect()
}

fn pods(scene: &Scene<'_>, name: &str) -> Option<i64> {
    let seen = scene.explanation.observed.as_ref()?;
    let component = seen.components.iter().find(|one| one.name == name)?;
    let deployment = component.scaling.as_ref()?.deployment.as_ref()?;
    Some(deployment.replicas)
}

impl Part<'_> {
    /// Its name.
    pub(super) fn name(&self) -> &'static str {
        self.component.kind.as_str()
    }

    /// The pointer of one of its fields.
    pub(super) fn at(&self, field: &str) -> String {
        format!("{}/{field}", self.component.kind.pointer())
    }

    /// The pointer of one of its own annotations.
    pub(super) fn annotation(&self, key: &str) -> String {
        child(&self.at("annotations"), key)
    }

    /// Which level its class comes from; none where it is the default.
    pub(super) fn class_level(&self) -> Option<Level> {
        let level = |effective: &Effective| effective.level(AUTOSCALER_CLASS);
        level(&self.outcome?.effective)
    }

    /// Takes a field away, with a word about why. Nothing is said of a field that is not there.
    pub(super) fn drop_field(&self, draft: &mut Draft, field: &str, why: &str) {
        if draft
            .remove(&self.at(field))
            .is_some_and(|gone| !gone.is_null())
        {
            draft.decide(Some(self.name()), field, Value::Null, why);
        }
    }
}
