//! An InferenceService in Standard mode.

use super::Scene;
use super::draft::Draft;
use super::types::{Refusal, RefusalReason};
use super::wish::Destination;
use crate::kserve::annotations::AUTOSCALER_CLASS;
use crate::manifest::child;

/// The InferenceService as it is to be.
pub(super) fn edit(scene: &Scene<'_>) -> Result<Draft, Refusal> {
    if scene.wish.to == Destination::Kpa {
        return Err(Refusal {
            reason: RefusalReason::NotPossible,
            message: "Knative's own autoscaler scales in Knative mode alone, and the deployment mode of a service cannot be changed".to_owned(),
            help: "create it anew under another name in Knative mode, and move its users over".to_owned(),
        });
    }
    let mut draft = Draft::of(scene.object);
    draft.set(
        &child("/metadata/annotations", AUTOSCALER_CLASS),
        scene.wish.to.as_str(),
    );
    Ok(draft)
}
