//! Which objects belong to which component of a workload.

use serde_json::Value;

use super::index::Index;
use super::read::{entry, list, name, text};
use super::scaling;
use super::service;
use super::types::{
    ObservedComponent, ObservedPodAutoscaler, ObservedRevision, ObservedScaling, Role,
};
use crate::explain::{Autoscaler, ComponentExplanation, Explanation};
use crate::knative::annotations::{HPA_CLASS, KPA_CLASS};

/// The components of a workload, in the order of the prediction, and then those of which only objects are left.
pub(super) fn all(
    object: &Value,
    explanation: &Explanation,
    index: &Index<'_>,
) -> Vec<ObservedComponent> {
    let namespace = text(object, "/metadata/namespace");
    if text(object, "/kind") == "Service" {
        return vec![knative(index, namespace, "service", object)];
    }
    let owner = (text(object, "/kind"), name(object));
    let services: Vec<&Value> = index
        .children(namespace, owner, "Service")
        .into_iter()
        .filter(|one| text(one, "/apiVersion").starts_with("serving.knative.dev/"))
        .collect();
    let deployments = index.children(namespace, owner, "Deployment");
    let all: Vec<&Value> = services.into_iter().chain(deployments).collect();
    let homes: Vec<Option<usize>> = all
        .iter()
        .map(|object| home(object, &explanation.components))
        .collect();
    let mut found = Vec::new();
    for (number, component) in explanation.components.iter().enumerate() {
        let own: Vec<&Value> = all
            .iter()
            .zip(&homes)
            .filter(|(_, home)| **home == Some(number))
            .map(|(object, _)| *object)
            .collect();
        found.push(component_of(index, namespace, &component.name, &own));
    }
    for (object, _) in all.iter().zip(&homes).filter(|(_, home)| home.is_none()) {
        let label = entry(object, "labels", "component").unwrap_or_else(|| name(object));
        found.push(component_of(index, namespace, label, &[object]));
    }
    found
}

/// For which component an object was made: by the name that is predicted, else by KServe's label, which a canary shares with
/// its predictor.
fn home(object: &Value, components: &[ComponentExplanation]) -> Option<usize> {
    let kind = text(object, "/kind");
    let by_name = components.iter().position(|component| {
        let mut made = component.creates.iter();
        made.any(|made| text(made, "/kind") == kind && text(made, "/name") == name(object))
    });
    let label = entry(object, "labels", "component").unwrap_or("router");
    by_name.or_else(|| {
        components
            .iter()
            .position(|component| component.name == label)
    })
}

fn component_of(
    index: &Index<'_>,
    namespace: &str,
    name: &str,
    objects: &[&Value],
) -> ObservedComponent {
    let of = |kind: &str| objects.iter().find(|one| text(one, "/kind") == kind);
    match (of("Service"), of("Deployment")) {
        (Some(object), _) => knative(index, namespace, name, object),
        (None, Some(object)) => standard(index, namespace, name, object),
        (None, None) => ObservedComponent {
            name: name.to_owned(),
            ..ObservedComponent::default()
        },
    }
}

fn knative(index: &Index<'_>, namespace: &str, name: &str, object: &Value) -> ObservedComponent {
    let service = service::service(object);
    let revisions = service::revisions(index, namespace, &service);
    let serving = revisions
        .iter()
        .filter(|one| one.role == Role::Serving)
        .max_by_key(|one| one.percent);
    ObservedComponent {
        name: name.to_owned(),
        autoscaler: serving
            .and_then(|one| scaler(one.scaling.pod_autoscaler.as_ref()?, &one.scaling)),
        service: Some(service),
        revisions,
        scaling: None,
    }
}

/// Who scales what a PodAutoscaler stands for; none where it cannot be told.
fn scaler(pa: &ObservedPodAutoscaler, scaling: &ObservedScaling) -> Option<Autoscaler> {
    match pa.class.as_deref() {
        Some(KPA_CLASS) if pa.has_status => Some(Autoscaler::Kpa),
        Some(HPA_CLASS) if scaling.hpa.is_some() => Some(Autoscaler::KnativeHpa),
        _ => None,
    }
}

fn standard(index: &Index<'_>, namespace: &str, name: &str, object: &Value) -> ObservedComponent {
    let deployment = text(object, "/metadata/name");
    let app = text(object, "/spec/selector/matchLabels/app");
    let scaling = scaling::of(index, namespace, deployment, Some(object), ("app", app));
    let owned = list(object, "/metadata/ownerReferences").next().is_some();
    let autoscaler = if scaling.scaled_object.is_some() {
        Some(Autoscaler::Keda)
    } else if scaling.hpa.is_some() {
        Some(Autoscaler::Hpa)
    } else {
        // No autoscaler was seen, which proves nothing unless they were all read.
        (owned && index.is_complete(namespace, "HorizontalPodAutoscaler"))
            .then_some(Autoscaler::None)
    };
    ObservedComponent {
        name: name.to_owned(),
        autoscaler,
        scaling: Some(scaling),
        ..ObservedComponent::default()
    }
}

/// The Revision that the newest template was made into.
pub(super) fn newest(component: &ObservedComponent) -> Option<&ObservedRevision> {
    let name = component.service.as_ref()?.latest_created.as_deref()?;
    component.revisions.iter().find(|one| one.name == name)
}

/// The Revisions that get requests, the one with most first.
pub(super) fn serving(component: &ObservedComponent) -> Vec<&ObservedRevision> {
    let of_role = |one: &&ObservedRevision| one.role == Role::Serving;
    let mut serving: Vec<&ObservedRevision> = component.revisions.iter().filter(of_role).collect();
    serving.sort_by_key(|one| std::cmp::Reverse(one.percent));
    serving
}
