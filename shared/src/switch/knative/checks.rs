//! What keeps a service from being switched.

use super::parts::Part;
use super::{refused, refuses};
use crate::knative::annotations::{CLASS, METRIC, TARGET, WINDOW};
use crate::kserve::{Gate, Prediction};
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
    Ok(())
}

/// Whether the controller gets as far as to the components.
pub(super) fn gate(prediction: &Prediction<'_>) -> Result<(), Refusal> {
    let text = prediction.gate.as_ref().and_then(Gate::text);
    text.map_or(Ok(()), |text| Err(refuses("KServe's controller", text)))
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
