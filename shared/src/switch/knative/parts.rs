//! The components as they are.

use super::goal::{Goal, Now};
use super::refuses;
use crate::facts::{Facts, RuntimeChoice};
use crate::knative::annotations::{CLASS, METRIC, WINDOW};
use crate::knative::{PodAutoscaler, Revision, predict_pod_autoscaler};
use crate::kserve::{Effective, KnativeOutcome, Prediction};
use crate::manifest::{Component, ComponentKind, child};
use crate::switch::types::Refusal;

/// A component.
pub(super) struct Part<'a> {
    /// Which one.
    pub(super) kind: ComponentKind,
    /// As written.
    pub(super) component: &'a Component<'a>,
    /// Its annotations, with where they come from.
    pub(super) effective: &'a Effective,
    /// What Knative makes of it.
    pub(super) pod_autoscaler: PodAutoscaler,
    /// The class that its ServingRuntime says.
    pub(super) runtime_class: Option<String>,
    /// What it is to have; none where nobody wishes anything of it.
    pub(super) goal: Option<Goal>,
}

impl Part<'_> {
    /// What its goal is worked out from.
    pub(super) fn now<'s>(&'s self, facts: &Facts) -> Now<'s> {
        let config = facts
            .knative_configs
            .as_ref()
            .ok()
            .map(|all| &all.autoscaler);
        let annotations = &self.effective.annotations;
        Now {
            name: self.kind.as_str(),
            pod_autoscaler: &self.pod_autoscaler,
            says_metric: self.component.extension.scale_metric.is_some()
                || METRIC.value(annotations).is_some(),
            window: WINDOW.value(annotations),
            share: config.map_or(70.0, |config| config.concurrency_utilization * 100.0),
            zero_allowed: config.is_some_and(|config| config.enable_scale_to_zero),
        }
    }

    /// Where its annotations stand.
    pub(super) fn annotations(&self) -> String {
        format!("{}/annotations", self.component.pointer)
    }

    /// Where a field or annotation of its own stands.
    pub(super) fn at(&self, field: &str) -> String {
        format!("{}/{field}", self.component.pointer)
    }

    /// Where an annotation of its own stands.
    pub(super) fn annotation(&self, key: &str) -> String {
        child(&self.annotations(), key)
    }

    /// Whether it is to have another class.
    pub(super) fn switches(&self) -> bool {
        self.goal.as_ref().is_some_and(|goal| goal.switches)
    }
}

/// All of them.
pub(super) fn all<'a>(
    prediction: &'a Prediction<'_>,
    facts: &Facts,
) -> Result<Vec<Part<'a>>, Refusal> {
    let mut parts = Vec::new();
    for outcome in &prediction.components {
        let mut components = prediction.service.components();
        let Some(component) = components.find(|one| one.kind == outcome.kind) else {
            continue;
        };
        let Some(knative) = outcome.knative() else {
            let text = outcome
                .failure
                .as_ref()
                .map(|failure| failure.text.as_str());
            return Err(refuses(
                "KServe's controller",
                text.unwrap_or("it makes nothing for it"),
            ));
        };
        parts.push(Part {
            kind: outcome.kind,
            component,
            effective: &outcome.effective,
            pod_autoscaler: pod_autoscaler(knative, facts)?,
            runtime_class: runtime_class(component, prediction.service.namespace, facts),
            goal: None,
        });
    }
    Ok(parts)
}

/// The PodAutoscaler, also of a Service that Knative refuses: what is refused may be what is to be changed.
fn pod_autoscaler(knative: &KnativeOutcome, facts: &Facts) -> Result<PodAutoscaler, Refusal> {
    if let Some(made) = &knative.pod_autoscaler {
        return Ok(made.clone());
    }
    let configs = facts
        .knative_configs
        .as_ref()
        .map_err(|text| refuses("Knative's webhook", text))?;
    let service = &knative.service;
    let unlimited = configs.defaults.container_concurrency;
    let revision = Revision {
        name: &service.name,
        annotations: &service.template_annotations,
        container_concurrency: service.container_concurrency.unwrap_or(unlimited),
        reachable: true,
    };
    Ok(predict_pod_autoscaler(&revision, configs))
}

fn runtime_class(component: &Component<'_>, namespace: &str, facts: &Facts) -> Option<String> {
    let model = component
        .model
        .filter(|_| component.kind == ComponentKind::Predictor)?;
    let multi_node = component.is_multi_node(facts.release());
    match facts.runtime_of(&model, namespace, multi_node) {
        RuntimeChoice::Known(runtime) => runtime.annotations.get(CLASS.canonical).cloned(),
        RuntimeChoice::Unknown | RuntimeChoice::None => None,
    }
}
