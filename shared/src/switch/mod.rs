//! From an [`Explanation`] and a wish to a [`Plan`]: what to change so that another autoscaler scales a workload, what that
//! rolls and costs, what can go wrong, what must be there, and the way back.
//!
//! A plan is made from two states of the object: as it is, and as it is to be. [`plan`] works the second out from a
//! [`Wish`]; [`restore`] takes it from a [`Record`]. Everything else ([`judge`](mod@judge)) is the same for both: the prediction is
//! run for each state, and what differs is what is said.
//!
//! Nothing is taken over between units: 80 % of the cpu are not 80 requests. A value that cannot be known, such as how many
//! requests a pod takes well, is asked for.

mod capacity;
mod costs;
mod draft;
mod edits;
mod history;
mod judge;
mod knative;
mod leftovers;
mod preconditions;
mod record;
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
    let mut draft = edited(&scene)?;
    if draft.object == *object {
        return Err(Refusal {
            reason: RefusalReason::AlreadySo,
            message: format!("it is scaled by {} as wished already", wish.to.as_str()),
            help: String::new(),
        });
    }
    capacity::keep(&scene, &mut draft);
    Ok(judge::plan(&scene, draft, Purpose::Switch { to: wish.to }))
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
    way_back::plan(&scene, revision, records)
}

fn edited(scene: &Scene<'_>) -> Result<Draft, Refusal> {
    match Workload::of(scene.object) {
        Some(Workload::InferenceService) => {
            let mode = scene.explanation.deployment_mode.as_deref();
            match mode {
                Some("Standard" | "RawDeployment") => standard::edit(scene),
                Some("Knative" | "Serverless") => knative::edit(scene),
                _ => Err(Refusal {
                    reason: RefusalReason::NotPossible,
                    message: format!(
                        "its deployment mode is {}, in which no autoscaler can be chosen",
                        mode.unwrap_or("not known")
                    ),
                    help: String::new(),
                }),
            }
        }
        Some(Workload::KnativeService) => service::edit(scene),
        _ => Err(Refusal {
            reason: RefusalReason::NotPossible,
            message: "only InferenceServices and Knative Services are switched".to_owned(),
            help: String::new(),
        }),
    }
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
