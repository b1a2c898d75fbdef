//! Where the class is written.
//!
//! KServe's controller reads it from the annotations of component, object and runtime, the nearest winning; its webhook judges
//! all components by that of the object alone. And an annotation that changes rolls the pods of every component that it is
//! for, so those of components that are not wished must come out as they were.

use serde_json::Value;

use super::super::Scene;
use super::super::draft::Draft;
use super::super::refusal::not_possible;
use super::super::types::Refusal;
use super::super::wish::Destination;
use super::part::Part;
use crate::kserve::annotations::{AUTOSCALER_CLASS, METRIC, METRICS, TARGET_UTILIZATION};
use crate::kserve::{Behaviour, Level, Prediction, predict};
use crate::manifest::child;

/// Annotations that said how to scale in old releases, or never did.
const LEGACY: [&str; 3] = [TARGET_UTILIZATION, METRICS, METRIC];

/// Whether KServe can make such an autoscaler for what is wished.
pub(super) fn possible(
    scene: &Scene<'_>,
    prediction: &Prediction<'_>,
    parts: &[Part<'_>],
) -> Result<(), Refusal> {
    let release = scene.facts.release();
    let to = scene.wish.to;
    let predictor = &prediction.service.predictor;
    let wished = parts
        .iter()
        .any(|part| part.is_wished && part.name() == "predictor");
    let only = if release.has(Behaviour::ExternalSetsReplicas) {
        Destination::External
    } else {
        Destination::None
    };
    let spans_nodes = release.has(Behaviour::MultiNodeValidation)
        && predictor.is_multi_node(release)
        && predictor.model.is_some();
    if wished && spans_nodes && to != only {
        return Err(not_possible(
            format!(
                "its model runs over several nodes (workerSpec), and KServe's webhook takes no class but {} for that",
                only.as_str()
            ),
            "change the size of that service with parallelism, or name other components",
        ));
    }
    let canaries = &prediction.service.canaries;
    if wished && to == Destination::Keda && !canaries.is_empty() {
        return Err(not_possible(
            "it has canaries, for each of which KServe would make a ScaledObject without triggers, which KEDA refuses",
            "end the canaries first",
        ));
    }
    Ok(())
}

/// Writes the class of the components that have another.
pub(super) fn place(scene: &Scene<'_>, parts: &[Part<'_>], draft: &mut Draft) {
    let class = scene.wish.to.as_str();
    let changing: Vec<&Part<'_>> = parts.iter().filter(|part| part.changes_class).collect();
    if changing.is_empty() {
        return;
    }
    let all = changing.len() == parts.len();
    if all {
        draft.set(&of_object(AUTOSCALER_CLASS), class);
        draft.decide(
            None,
            "class",
            class,
            "on the object itself, where KServe's webhook looks, too",
        );
        drop_legacy(draft, None, of_object);
    }
    for part in changing {
        if all {
            draft.remove(&part.annotation(AUTOSCALER_CLASS));
        } else {
            draft.set(&part.annotation(AUTOSCALER_CLASS), class);
            draft.decide(
                Some(part.name()),
                "class",
                class,
                "on the component, so that the others stay as they are",
            );
        }
        drop_legacy(draft, Some(part.name()), |key| part.annotation(key));
    }
}

fn of_object(key: &str) -> String {
    child("/metadata/annotations", key)
}

/// Their pods roll anyway, for the class; so what nothing reads any more can go, too.
fn drop_legacy(draft: &mut Draft, component: Option<&str>, at: impl Fn(&str) -> String) {
    for key in LEGACY {
        if draft.remove(&at(key)).is_some() {
            draft.decide(
                component,
                key,
                Value::Null,
                "the metric and its target stand in fields, which win over it",
            );
        }
    }
}

/// Looks whether KServe's webhook, which judges all components by the object's class, takes the mix; where it does not, the
/// class of the object goes to the components that have it from there.
pub(super) fn settle(
    scene: &Scene<'_>,
    prediction: &Prediction<'_>,
    parts: &[Part<'_>],
    draft: &mut Draft,
) {
    let Some(class) = prediction.service.annotation(AUTOSCALER_CLASS) else {
        return;
    };
    let refuses = |object: &Value| {
        let prediction = predict(object, scene.facts);
        prediction.is_ok_and(|prediction| prediction.webhook_error().is_some())
    };
    if prediction.webhook_error().is_some() || !refuses(&draft.object) {
        return;
    }
    let mut moved = draft.clone();
    moved.remove(&of_object(AUTOSCALER_CLASS));
    for part in parts.iter().filter(|part| !part.changes_class) {
        if part.class_level() == Some(Level::Object) {
            moved.set(&part.annotation(AUTOSCALER_CLASS), class);
        }
    }
    if refuses(&moved.object) {
        return;
    }
    moved.decide(
        None,
        "class",
        Value::Null,
        format!(
            "KServe's webhook judges all components by the class {class} of the object and would refuse the mix, so it stands on each component"
        ),
    );
    *draft = moved;
}
