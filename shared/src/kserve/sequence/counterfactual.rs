//! The HPA that a component would be given if its class were `hpa` and it ran.
//!
//! KServe builds that HPA for a stopped component and for the classes `external` and `none` too, and sends it where an HPA of
//! the component's name exists and may not be deleted.

use serde_json::{Map, Value};

use super::Scene;
use crate::kserve::annotations::{AUTOSCALER_CLASS, STOP};
use crate::kserve::outcome::{ComponentOutcome, Hpa};
use crate::kserve::predict;
use crate::manifest::ComponentKind;

/// The HPA for the component's objects of this name. Neither annotation changes what is in it.
pub(super) fn hpa(scene: &Scene<'_>, kind: ComponentKind, name: &str) -> Option<Hpa> {
    let mut value = scene.value.clone();
    let spec = value.get_mut("spec")?;
    annotate(spec.get_mut(kind.as_str())?);
    let canaries = spec.get_mut("canary").and_then(Value::as_array_mut);
    for canary in canaries.into_iter().flatten() {
        canary.get_mut("predictor").map(annotate);
    }
    let prediction = predict(&value, scene.facts).ok()?;
    let component = prediction
        .components
        .into_iter()
        .find(|one| one.kind == kind)?;
    let mut all = component.canaries.iter().chain(std::iter::once(&component));
    let named = all.find(|one| one.name == name && one.hpa().is_some());
    named.and_then(ComponentOutcome::hpa).cloned()
}

/// A component's own annotations win over those of object and runtime.
fn annotate(component: &mut Value) {
    let Some(fields) = component.as_object_mut() else {
        return;
    };
    let annotations = fields
        .entry("annotations")
        .or_insert_with(|| Value::Object(Map::new()));
    if annotations.is_null() {
        *annotations = Value::Object(Map::new());
    }
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.insert(AUTOSCALER_CLASS.to_owned(), Value::from("hpa"));
        annotations.insert(STOP.to_owned(), Value::from("false"));
    }
}
