//! What speaks against any change of an object, in both modes and for both verbs.

use super::Scene;
use super::judge::Case;
use super::refusal::{not_possible, refused};
use super::types::Refusal;
use super::wish::{Destination, Wish};
use crate::explain::Workload;
use crate::kserve::annotations::DISABLE_AUTO_UPDATE;
use crate::kserve::{Gate, predict};
use crate::manifest::ComponentKind;

/// Whether anything can be changed at all.
pub(super) fn all(scene: &Scene<'_>) -> Result<(), Refusal> {
    wish(scene.wish)?;
    let deleted = scene.object.pointer("/metadata/deletionTimestamp");
    if deleted.is_some_and(|time| !time.is_null()) {
        return Err(not_possible(
            "it is being deleted",
            "wait until it is gone, and create it anew",
        ));
    }
    if !matches!(Workload::of(scene.object), Some(Workload::InferenceService)) {
        return Ok(());
    }
    components(scene)?;
    if scene.explanation.deployment_mode.is_none() {
        let text = scene.explanation.admission.kserve.as_deref();
        return Err(refused(
            format!(
                "KServe's webhook refuses it as it is: {}",
                text.unwrap_or("it cannot be read")
            ),
            "mend that first; kubectl kscale lint says more",
        ));
    }
    auto_update(scene)
}

/// What no object could fulfil.
fn wish(wish: &Wish) -> Result<(), Refusal> {
    let of_keda = [
        ("--query", wish.query.is_some()),
        ("--server-address", wish.server_address.is_some()),
    ];
    for (flag, is_given) in of_keda {
        if is_given && wish.to != Destination::Keda {
            return Err(not_possible(
                format!(
                    "{flag} is of KEDA's metrics, and {} has none",
                    wish.to.as_str()
                ),
                format!("leave {flag} away, or use --to keda"),
            ));
        }
    }
    match (wish.min, wish.max) {
        (Some(min), Some(max)) if min > max => Err(not_possible(
            format!("--min {min} is above --max {max}"),
            "give a --max that is not below --min",
        )),
        _ => Ok(()),
    }
}

/// Whether the components that are wished are there.
fn components(scene: &Scene<'_>) -> Result<(), Refusal> {
    let written = |kind: &ComponentKind| {
        let component = scene.object.pointer(kind.pointer());
        component.is_some_and(|component| !component.is_null())
    };
    let wished = &scene.wish.components;
    match wished.iter().find(|kind| !written(kind)) {
        Some(kind) => Err(not_possible(
            format!("it has no {}", kind.as_str()),
            "name a component that it has, or none for all of them",
        )),
        None => Ok(()),
    }
}

/// KServe leaves a service alone that is ready and says so; an edit would be accepted and not applied (KS702).
fn auto_update(scene: &Scene<'_>) -> Result<(), Refusal> {
    let prediction = predict(scene.object, scene.facts);
    let gate = prediction.ok().and_then(|prediction| prediction.gate);
    if gate != Some(Gate::AutoUpdateDisabled) {
        return Ok(());
    }
    Err(not_possible(
        format!(
            "KServe applies no edit of this service while it is ready, since its annotation {DISABLE_AUTO_UPDATE} is true (KS702)"
        ),
        format!(
            "take the annotation {DISABLE_AUTO_UPDATE} away first; edits that wait are applied then"
        ),
    ))
}

/// Whether KServe's webhook refuses the outcome in the very words in which it refuses the object as it is: what is wrong is
/// something else then, and no permission to pass over findings helps.
pub(super) fn outcome(case: &Case<'_>) -> Result<(), Refusal> {
    let before = &case.before.admission.kserve;
    match (before, &case.after.admission.kserve) {
        (Some(before), Some(after)) if before == after => Err(refused(
            format!(
                "KServe's webhook refuses it as it is, and would refuse the change for the same reason: {before}"
            ),
            "mend that first; kubectl kscale lint says more",
        )),
        _ => Ok(()),
    }
}
