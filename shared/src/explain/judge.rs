//! Puts together what rules look at, from a prediction and its explanation.

use serde_json::{Map, Value};

use super::types::{Admission, ComponentExplanation, Finding};
use crate::facts::Facts;
use crate::kserve::graph::GraphPrediction;
use crate::kserve::{ComponentOutcome, Effective, Prediction, Refused};
use crate::kubernetes::pod::ContainerRequests;
use crate::manifest::{Component, Extension};
use crate::rules::{self, Case, Pod, Scaled, Workload};

/// Judges an InferenceService.
pub(super) fn service(
    object: &Value,
    prediction: &Prediction<'_>,
    components: &[ComponentExplanation],
    admission: &Admission,
    facts: &Facts,
) -> Vec<Finding> {
    rules::check(&Case {
        object,
        facts,
        workload: Workload::InferenceService(prediction),
        admission,
        scaled: components_of(prediction, components),
    })
}

/// Judges an InferenceService that does not get past KServe's mutating webhook.
pub(super) fn refused(
    object: &Value,
    refused: &Refused,
    admission: &Admission,
    facts: &Facts,
) -> Vec<Finding> {
    rules::check(&Case {
        object,
        facts,
        workload: Workload::Refused(refused),
        admission,
        scaled: Vec::new(),
    })
}

/// The router of a graph with what decides over it.
pub(super) struct Router<'a> {
    pub(super) prediction: &'a GraphPrediction<'a>,
    pub(super) explained: &'a ComponentExplanation,
    pub(super) extension: &'a Extension<'a>,
    pub(super) effective: &'a Effective,
    pub(super) containers: &'a [ContainerRequests],
}

/// Judges an InferenceGraph.
pub(super) fn graph(
    object: &Value,
    router: &Router<'_>,
    admission: &Admission,
    facts: &Facts,
) -> Vec<Finding> {
    let prediction = router.prediction;
    let knative = prediction.knative();
    let scaled = Scaled {
        pointer: "/spec",
        explained: router.explained,
        extension: Some(router.extension),
        fields: prediction.graph.spec,
        component: None,
        outcome: None,
        effective: Some(router.effective),
        template: knative.map(|knative| &knative.service.template_annotations),
        pod_autoscaler: knative.and_then(|knative| knative.pod_autoscaler.as_ref()),
        hpa: prediction.hpa(),
        standard: prediction.standard(),
        written: levels(prediction.graph.annotations, None),
        pod: Pod::Containers(router.containers),
    };
    rules::check(&Case {
        object,
        facts,
        workload: Workload::InferenceGraph(prediction),
        admission,
        scaled: vec![scaled],
    })
}

/// Judges anything else that has one thing to scale.
pub(super) fn knative_service(
    object: &Value,
    scaled: Scaled<'_>,
    admission: &Admission,
    facts: &Facts,
) -> Vec<Finding> {
    rules::check(&Case {
        object,
        facts,
        workload: Workload::KnativeService,
        admission,
        scaled: vec![scaled],
    })
}

/// The components as rules look at them: canaries stand behind all others.
fn components_of<'a>(
    prediction: &'a Prediction<'a>,
    explained: &'a [ComponentExplanation],
) -> Vec<Scaled<'a>> {
    let service = &prediction.service;
    let canaries = service.canaries.iter().map(|canary| &canary.predictor);
    let outcomes = prediction.components.iter();
    let outcomes: Vec<&ComponentOutcome> = outcomes
        .flat_map(|outcome| std::iter::once(outcome).chain(&outcome.canaries))
        .collect();
    // Both are in KServe's order, and the names of canaries tell them apart from components.
    let of_a_canary = |one: &&ComponentExplanation| one.name.starts_with("canary ");
    let named = |name: &str| explained.iter().find(|one| one.name == name);
    let components = service
        .components()
        .filter_map(|component| Some((component, named(component.kind.as_str())?)));
    let canaries = canaries.zip(explained.iter().filter(of_a_canary));
    components
        .chain(canaries)
        .map(|(component, explained)| {
            let at = |outcome: &&&ComponentOutcome| outcome.pointer == component.pointer;
            let outcome = outcomes.iter().find(at).copied();
            component_of(prediction, component, explained, outcome)
        })
        .collect()
}

fn component_of<'a>(
    prediction: &'a Prediction<'a>,
    component: &'a Component<'a>,
    explained: &'a ComponentExplanation,
    outcome: Option<&'a ComponentOutcome>,
) -> Scaled<'a> {
    let service = &prediction.service;
    let own = component.extension.annotations;
    let knative = outcome.and_then(ComponentOutcome::knative);
    Scaled {
        pointer: &component.pointer,
        explained,
        extension: Some(&component.extension),
        fields: Some(component.fields),
        component: Some(component),
        outcome,
        effective: outcome.map(|outcome| &outcome.effective),
        template: knative.map(|knative| &knative.service.template_annotations),
        pod_autoscaler: knative.and_then(|knative| knative.pod_autoscaler.as_ref()),
        hpa: outcome.and_then(ComponentOutcome::hpa),
        standard: outcome.and_then(ComponentOutcome::standard),
        written: levels(
            service.annotations,
            own.map(|own| (component.pointer.as_str(), own)),
        ),
        pod: Pod::Component(component, service.namespace),
    }
}

/// Annotations as written, the nearest level first.
fn levels<'a>(
    object: Option<&'a Map<String, Value>>,
    own: Option<(&str, &'a Map<String, Value>)>,
) -> Vec<(String, &'a Map<String, Value>)> {
    let own = own.map(|(pointer, map)| (format!("{pointer}/annotations"), map));
    let object = object.map(|map| ("/metadata/annotations".to_owned(), map));
    own.into_iter().chain(object).collect()
}
