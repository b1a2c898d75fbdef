//! The metrics that a component names, and entries of `autoScaling.metrics`.

use serde_json::{Value, json};

use super::super::Scene;
use super::part::Part;
use super::target::Amount;
use crate::kserve::ComponentOutcome;
use crate::manifest::{Metric, Target};

/// What the HPA scales on at present, as the service says it; empty where there is none, or where KServe dropped what is said and
/// the API server put cpu in its place.
pub(super) fn in_effect(part: &Part<'_>) -> Vec<(String, Option<Amount>)> {
    let hpa = part.outcome.and_then(ComponentOutcome::hpa);
    let Some(hpa) = hpa.filter(|hpa| part.class == "hpa" && !hpa.sent.metrics.is_empty()) else {
        return Vec::new();
    };
    let resources = hpa
        .kept
        .metrics
        .iter()
        .filter_map(|one| one.resource.as_ref());
    let each = resources.map(|resource| {
        let target = &resource.target;
        let percent = target
            .average_utilization
            .map(|percent| Amount::Percent(percent.into()));
        let amount = target.average_value.as_ref();
        let amount = amount.map(|amount| Amount::Quantity(amount.to_string()));
        (resource.name.clone(), percent.or(amount))
    });
    each.collect()
}

/// The entries of `autoScaling.metrics`, decoded.
pub(super) fn listed<'a>(part: &'a Part<'_>) -> &'a [Metric<'a>] {
    let scaling = part.component.extension.auto_scaling.as_ref();
    scaling
        .map(|scaling| scaling.metrics.as_slice())
        .unwrap_or_default()
}

/// What an entry is called: a resource, or a backend.
pub(super) fn name<'a>(metric: &'a Metric<'_>) -> &'a str {
    match (&metric.resource, &metric.external, &metric.pod) {
        (Some(resource), _, _) if metric.kind == "Resource" => resource.name,
        (_, Some(external), _) if metric.kind == "External" => external.backend,
        (_, _, Some(pod)) if metric.kind == "PodMetric" => pod.backend,
        _ => metric.kind,
    }
}

/// Whether KServe's HPA makes the same of an entry as KEDA does: a resource, and a target that both read in one way.
pub(super) fn fits_hpa(metric: &Metric<'_>) -> bool {
    let Some(resource) = metric
        .resource
        .as_ref()
        .filter(|_| metric.kind == "Resource")
    else {
        return false;
    };
    let target: &Target<'_> = &resource.target;
    let percent = target
        .average_utilization
        .is_some_and(|percent| (1..=100).contains(&percent));
    match (resource.name, target.kind) {
        ("cpu" | "memory", "Utilization") => percent,
        ("memory", "AverageValue") => target
            .average_value
            .as_ref()
            .is_some_and(|value| value.quantity.value() > 0),
        _ => false,
    }
}

/// An entry for a resource.
pub(super) fn resource(name: &str, amount: &Amount) -> Value {
    let target = match amount {
        Amount::Percent(percent) => json!({"type": "Utilization", "averageUtilization": percent}),
        Amount::Quantity(text) => json!({"type": "AverageValue", "averageValue": text}),
    };
    json!({"type": "Resource", "resource": {"name": name, "target": target}})
}

/// What becomes ineffective when the list goes, in words; none where nothing does.
pub(super) fn lost(part: &Part<'_>, but: Option<&str>) -> Option<String> {
    let names: Vec<&str> = listed(part)
        .iter()
        .map(name)
        .filter(|name| Some(*name) != but)
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Whether the component's fields are edited by now.
pub(super) fn is_edited(scene: &Scene<'_>, part: &Part<'_>, draft: &Value) -> bool {
    let at = part.component.kind.pointer();
    scene.object.pointer(at) != draft.pointer(at)
}
