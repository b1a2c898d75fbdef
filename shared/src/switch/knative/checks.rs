//! What keeps a service from being switched.

use serde_json::Value;

use super::parts::Part;
use super::{refused, refuses};
use crate::knative::annotations::{CLASS, METRIC, TARGET, WINDOW};
use crate::kserve::annotations::DISABLE_AUTO_UPDATE;
use crate::kserve::{Gate, Prediction};
use crate::manifest::InferenceService;
use crate::switch::Scene;
use crate::switch::types::{Refusal, RefusalReason};
use crate::switch::wish::{Destination, Wish};

/// Only two autoscalers are Knative's, and neither has a query.
pub(in crate::switch) fn destination(wish: &Wish) -> Result<(), Refusal> {
    if !matches!(wish.to, Destination::Kpa | Destination::Hpa) {
        return Err(refused(
            RefusalReason::NotPossible,
            format!(
                "{} scales in Standard mode alone; this runs on Knative, where kpa and hpa scale",
                wish.to.as_str()
            ),
            "create it anew in Standard mode, under another name, and move its users over; the deployment mode of a service that exists cannot be changed".to_owned(),
        ));
    }
    if wish.query.is_some() || wish.server_address.is_some() {
        return Err(refused(
            RefusalReason::NotPossible,
            format!(
                "{} asks no server: queries are KEDA's, in Standard mode",
                wish.to.as_str()
            ),
            "leave out --query and --server-address".to_owned(),
        ));
    }
    Ok(())
}

/// Nothing is changed in what goes.
pub(in crate::switch) fn deleted(object: &Value) -> Result<(), Refusal> {
    if object.pointer("/metadata/deletionTimestamp").is_none() {
        return Ok(());
    }
    Err(refused(
        RefusalReason::NotPossible,
        "it is being deleted".to_owned(),
        String::new(),
    ))
}

/// Whether the controller gets as far as to the components.
pub(super) fn gate(prediction: &Prediction<'_>, object: &Value) -> Result<(), Refusal> {
    match &prediction.gate {
        None => Ok(()),
        Some(Gate::AutoUpdateDisabled) => {
            let text = |pointer: &str| {
                object
                    .pointer(pointer)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            let namespace = match text("/metadata/namespace") {
                "" => String::new(),
                namespace => format!(" -n {namespace}"),
            };
            Err(refused(
                RefusalReason::NotPossible,
                format!(
                    "KServe applies no edit of it while it is ready and has {DISABLE_AUTO_UPDATE} (KS702)"
                ),
                format!(
                    "take the annotation away first, which applies every edit that waits: kubectl annotate inferenceservice {}{namespace} {DISABLE_AUTO_UPDATE}-",
                    text("/metadata/name")
                ),
            ))
        }
        Some(gate) => Err(refuses(
            "KServe's controller",
            gate.text().unwrap_or_default(),
        )),
    }
}

/// Whether it has every component that is wished for.
pub(super) fn components(service: &InferenceService<'_>, wish: &Wish) -> Result<(), Refusal> {
    let there: Vec<_> = service.components().map(|one| one.kind).collect();
    let Some(missing) = wish.components.iter().find(|one| !there.contains(one)) else {
        return Ok(());
    };
    let names: Vec<&str> = there.iter().map(|one| one.as_str()).collect();
    Err(refused(
        RefusalReason::NotPossible,
        format!("it has no {}", missing.as_str()),
        format!("name one that it has: {}", names.join(", ")),
    ))
}

/// Whether KServe would strip what is to be written.
pub(super) fn strips(parts: &[Part<'_>], scene: &Scene<'_>) -> Result<(), Refusal> {
    let disallowed = &scene.facts.kserve_config.value.disallowed;
    let goals = parts.iter().filter_map(|part| part.goal.as_ref());
    let mut needed = Vec::new();
    for goal in goals {
        needed.extend(goal.switches.then_some(CLASS.canonical));
        needed.extend(goal.metric.as_ref().map(|_| METRIC.canonical));
        needed.extend(goal.target.map(|_| TARGET.canonical));
        needed.extend(goal.window.as_ref().map(|_| WINDOW.canonical));
    }
    let Some(key) = needed
        .into_iter()
        .find(|key| disallowed.iter().any(|one| one == key))
    else {
        return Ok(());
    };
    Err(refused(
        RefusalReason::NotPossible,
        format!("KServe strips {key} from everything that it makes, so that it would have no effect"),
        "take it from serviceAnnotationDisallowedList in the ConfigMap inferenceservice-config first".to_owned(),
    ))
}
