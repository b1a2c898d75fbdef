//! An InferenceService in Knative mode.
//!
//! KServe's webhook reads the class from the annotations of the InferenceService alone and judges every component by it. The
//! controller reads those of the ServingRuntime, of the InferenceService and of the component, the later ones winning. So the
//! class of all components is written on the InferenceService; that of one of several is written on the component, and then its
//! metric and target stand there as annotations too, where the webhook would judge the fields by the class of the others.

mod amount;
mod checks;
pub(super) mod goal;
mod parts;
mod write;

use super::Scene;
use super::draft::Draft;
use super::judge::started;
use super::types::{Refusal, RefusalReason};
use crate::explain;
use crate::kserve::predict;
use goal::Goal;
use parts::Part;

pub(super) use checks::destination;

/// The InferenceService as it is to be.
pub(super) fn edit(scene: &Scene<'_>) -> Result<Draft, Refusal> {
    destination(scene.wish)?;
    // What stands still is planned as if it ran: the annotation only keeps it from being made.
    let running = started(scene.object);
    let prediction = predict(&running, scene.facts)
        .map_err(|_| refuses("KServe's webhook", "it cannot be read"))?;
    if let Some(text) = explain::schema_refusal(&prediction) {
        return Err(refuses("the API server", &text));
    }
    checks::gate(&prediction)?;
    let mut parts = parts::all(&prediction, scene.facts)?;
    let mut draft = Draft::of(scene.object);
    for part in parts.iter_mut().filter(|part| wished(part, scene)) {
        part.goal = Some(Goal::of(&part.now(scene.facts), scene.wish, &mut draft)?);
    }
    let is_whole = parts.iter().all(|part| part.goal.is_some());
    write::Writer {
        object: scene.object,
        parts: &parts,
        to: scene.wish.to,
        is_whole,
    }
    .write(&mut draft);
    checks::strips(&parts, scene)?;
    if draft.object == *scene.object {
        draft.decisions.clear();
    }
    Ok(draft)
}

fn wished(part: &Part<'_>, scene: &Scene<'_>) -> bool {
    let all = &scene.wish.components;
    all.is_empty() || all.contains(&part.kind)
}

/// A refusal.
pub(super) fn refused(reason: RefusalReason, message: String, help: String) -> Refusal {
    Refusal {
        reason,
        message,
        help,
    }
}

/// A refusal of something that is refused as it is.
pub(super) fn refuses(who: &str, text: &str) -> Refusal {
    refused(
        RefusalReason::Refused,
        format!("{who} refuses it as it is, so that nothing can be predicted of it: {text}"),
        "mend that first; kubectl kscale lint and explain say how".to_owned(),
    )
}
