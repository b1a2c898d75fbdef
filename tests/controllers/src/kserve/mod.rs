//! What KServe's controller does with an InferenceService. What it makes is what the prediction says, which the golden corpus
//! holds against the real controller; the order and the conditions are those of the recordings.

mod knative;
mod pod;
mod standard;
mod status;

use std::time::{Duration, Instant};

use kscale_rules::kserve::{Prediction, predict};
use serde_json::Value;

use crate::error::Error;
use crate::json::{at, uid};
use crate::kinds::Kind;
use crate::scene::Scene;
use crate::script::Part;

const COMPONENT: &str = "v1beta1Controllers";

/// One turn.
pub(crate) fn reconcile(scene: &mut Scene<'_>) -> Result<(), Error> {
    if !scene.script.acts(Part::Kserve) {
        return Ok(());
    }
    for object in scene.all(Kind::InferenceService) {
        if at(&object, "/metadata/deletionTimestamp").is_null() {
            one(scene, &object)?;
        }
    }
    Ok(())
}

fn one(scene: &mut Scene<'_>, service: &Value) -> Result<(), Error> {
    let facts = scene.facts()?;
    let Ok(prediction) = predict(service, &facts) else {
        return Ok(());
    };
    if prediction.mode.is_standard(facts.release()) {
        let failure = standard::reconcile(scene, service, &facts, &prediction)?;
        return status::standard(scene, service, &prediction, failure.as_deref());
    }
    let failure = knative::reconcile(scene, service, &facts, &prediction)?;
    status::knative(scene, service, &prediction, failure.as_deref())
}

/// The annotations of an object, as JSON.
fn json_map(annotations: &kscale_rules::knative::Annotations) -> Value {
    serde_json::json!(annotations)
}

/// Remembers how a try ended. Tries come further and further apart, as those of real controllers do; each that fails is told in
/// an Event.
fn tried(scene: &mut Scene<'_>, service: &Value, failure: Option<&str>) -> Result<(), Error> {
    let Some(failure) = failure else {
        scene.memory.backoff.remove(uid(service));
        return Ok(());
    };
    let failures = match scene.memory.backoff.get(uid(service)) {
        Some((_, next)) if *next > Instant::now() => {
            scene.again_at(*next);
            return Ok(());
        }
        Some((failures, _)) => failures + 1,
        None => 1,
    };
    let wait = Duration::from_millis(50 * 2_u64.pow(failures.min(5)));
    let next = Instant::now() + wait;
    scene
        .memory
        .backoff
        .insert(uid(service).to_owned(), (failures, next));
    scene.again_at(next);
    scene.event(service, ("Warning", "InternalError"), failure, COMPONENT)
}

/// The names of the components that there are.
fn names(prediction: &Prediction<'_>) -> Vec<&'static str> {
    prediction
        .components
        .iter()
        .map(|one| one.kind.as_str())
        .collect()
}
