//! What is created for a component, as an Explanation has it.

use serde_json::Value;

use crate::explain::ComponentExplanation;

/// The object of a kind that is created for a component. Those of its canaries stand before its own.
pub(super) fn created<'a>(component: &'a ComponentExplanation, kind: &str) -> Option<&'a Value> {
    let mut created = component.creates.iter();
    created.rfind(|one| one.get("kind").and_then(Value::as_str) == Some(kind))
}

/// The name of its Deployment; none in Knative mode.
pub(super) fn deployment(component: &ComponentExplanation) -> Option<&str> {
    created(component, "Deployment")?.get("name")?.as_str()
}

/// What it scales on: resources and the types of triggers, whoever reads them.
pub(super) fn metrics(component: &ComponentExplanation) -> Vec<&str> {
    let list = |kind: &str, pointer: &str| {
        let list = created(component, kind).and_then(|one| one.pointer(pointer)?.as_array());
        list.into_iter().flatten()
    };
    let resources = list("HorizontalPodAutoscaler", "/spec/metrics")
        .filter_map(|metric| metric.pointer("/resource/name")?.as_str());
    let triggers =
        list("ScaledObject", "/spec/triggers").filter_map(|trigger| trigger.get("type")?.as_str());
    resources.chain(triggers).collect()
}
