//! From an [`Explanation`] and a wish to a [`Plan`]: what to change so that another autoscaler scales a workload, what that
//! rolls and costs, what can go wrong, what must be there, and the way back.
//!
//! A plan is made from two states of the object: as it is, and as it is to be. [`plan`] works the second out from a
//! [`Wish`]; [`restore`] takes it from a [`Record`]. Everything else (`judge`) is the same for both: the prediction is
//! run for each state, and what differs is what is said.
//!
//! Nothing is taken over between units: 80 % of the cpu are not 80 requests. A value that cannot be known, such as how many
//! requests a pod takes well, is asked for.

mod capacity;
mod costs;
mod created;
mod draft;
mod edits;
mod history;
mod judge;
mod knative;
mod leftovers;
mod made;
mod outcome;
mod precheck;
mod preconditions;
mod present;
mod record;
mod refusal;
mod remains;
mod requests;
mod risks;
mod rolls;
mod scaling;
mod service;
mod standard;
mod steps;
mod types;
mod way_back;
mod wish;
mod writable;

#[cfg(test)]
mod tests;

use serde_json::Value;

pub use edits::{Replaced, patch, replaced, restored};
pub use history::{RecordState, Standing, standings};
pub use record::Record;
pub use types::*;
pub use wish::{Destination, Wish};

use crate::explain::{API_VERSION, Explanation, Workload};
use crate::facts::Facts;
use crate::kserve::predict;
use draft::Draft;

/// Everything that a plan is made from.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// The object as it is.
    pub(crate) object: &'a Value,
    /// What becomes of it as it is; with what is observed of it, where anybody looked.
    pub(crate) explanation: &'a Explanation,
    /// What is known of the cluster.
    pub(crate) facts: &'a Facts,
    /// What is wished.
    pub(crate) wish: &'a Wish,
}

/// Works out how to fulfil a wish.
///
/// `explanation` is that of `object` under `facts`; what is observed of it, where that is filled in, tells how many pods run.
///
/// # Errors
/// There is nothing to do, or it cannot be done: a [`Refusal`] says why and what to do instead.
pub fn plan(
    object: &Value,
    explanation: &Explanation,
    facts: &Facts,
    wish: &Wish,
) -> Result<Plan, Refusal> {
    let scene = Scene {
        object,
        explanation,
        facts,
        wish,
    };
    precheck::all(&scene)?;
    let mut draft = edited(&scene)?;
    if draft.object != *object {
        capacity::keep(&scene, &mut draft);
    }
    let plan = judge::plan(&scene, &draft, &Purpose::Switch { to: wish.to })?;
    if plan.requests.is_empty() {
        return Err(already(format!(
            "it is scaled by {} as wished already",
            wish.to.as_str()
        )));
    }
    Ok(plan)
}

/// Judges a change that somebody else worked out: `edited` is the object as it is to be.
///
/// # Errors
/// There is nothing to do, or the object cannot be changed.
pub fn between(
    object: &Value,
    explanation: &Explanation,
    facts: &Facts,
    edited: &Value,
    purpose: &Purpose,
) -> Result<Plan, Refusal> {
    let to = match purpose {
        Purpose::Switch { to } => *to,
        Purpose::Undo { .. } => Destination::default(),
    };
    let wish = Wish {
        to,
        ..Wish::default()
    };
    let scene = Scene {
        object,
        explanation,
        facts,
        wish: &wish,
    };
    precheck::all(&scene)?;
    let plan = judge::plan(&scene, &Draft::of(edited), purpose)?;
    if plan.requests.is_empty() {
        return Err(already("it is so already".to_owned()));
    }
    Ok(plan)
}

/// Works out the way back: the object as it was before the switch of `record`, whose number is `revision`. What others changed
/// in it since stays, or is named. Of the wish only what is said of capacity and findings counts.
///
/// # Errors
/// There is nothing to do, or nothing is left of it.
pub fn restore(
    object: &Value,
    explanation: &Explanation,
    facts: &Facts,
    (revision, record): (i64, &Record),
    wish: &Wish,
) -> Result<Plan, Refusal> {
    go_back(object, explanation, facts, (revision, &[record]), wish)
}

/// The same over several switches: `records` are taken back in their order, the newest first; `revision` is the number of the
/// last. Those that are not in effect are passed over.
///
/// # Errors
/// As of [`restore`].
pub fn go_back(
    object: &Value,
    explanation: &Explanation,
    facts: &Facts,
    (revision, records): (i64, &[&Record]),
    wish: &Wish,
) -> Result<Plan, Refusal> {
    let scene = Scene {
        object,
        explanation,
        facts,
        wish,
    };
    precheck::all(&scene)?;
    way_back::plan(&scene, revision, records)
}

fn already(message: String) -> Refusal {
    Refusal {
        reason: RefusalReason::AlreadySo,
        message,
        help: String::new(),
    }
}

fn edited(scene: &Scene<'_>) -> Result<Draft, Refusal> {
    match Workload::of(scene.object) {
        Some(Workload::InferenceService) => of_inference_service(scene),
        Some(Workload::KnativeService) => service::edit(scene),
        _ => Err(refusal::not_possible(
            "only InferenceServices and Knative Services are switched",
            "",
        )),
    }
}

fn of_inference_service(scene: &Scene<'_>) -> Result<Draft, Refusal> {
    let release = scene.facts.release();
    // What the webhooks do not let through has been refused before.
    let Ok(prediction) = predict(scene.object, scene.facts) else {
        return Err(refusal::refused("it cannot be read", ""));
    };
    let mode = &prediction.mode;
    if mode.is_standard(release) {
        return standard::edit(scene, &prediction);
    }
    // A status in old words, which 0.16.0 does not know again, goes Knative's way all the same.
    if mode.is_knative(release) || mode.modern() == "Knative" {
        return knative::edit(scene);
    }
    let word = &mode.word;
    let (message, help) = if mode.is_model_mesh() {
        (
            "its deployment mode is ModelMesh, in which KServe scales nothing".to_owned(),
            "ModelMesh has its own settings; or create the service anew in another mode",
        )
    } else {
        (
            format!("KServe {release} does not know its deployment mode {word}"),
            "the mode of a service cannot be changed: create it anew in Knative or Standard mode",
        )
    };
    Err(refusal::not_possible(message, help))
}

/// The whole answer about several objects.
#[must_use]
pub fn list(items: Vec<Plan>, refused: Vec<RefusedPlan>, facts: &Facts) -> PlanList {
    PlanList {
        api_version: API_VERSION.to_owned(),
        kind: "PlanList".to_owned(),
        facts: crate::explain::list(Vec::new(), facts).facts,
        items,
        refused,
    }
}
