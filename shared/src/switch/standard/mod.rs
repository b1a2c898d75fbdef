//! An InferenceService in Standard mode.

mod bounds;
mod class;
mod fixed;
mod hpa;
mod keda;
mod metrics;
mod part;
mod target;
mod window;

use super::Scene;
use super::draft::Draft;
use super::refusal::not_possible;
use super::types::Refusal;
use super::wish::Destination;
use crate::kserve::{Behaviour, Prediction, Release};

/// The InferenceService as it is to be.
pub(super) fn edit(scene: &Scene<'_>, prediction: &Prediction<'_>) -> Result<Draft, Refusal> {
    let to = scene.wish.to;
    let release = scene.facts.release();
    known(to, release)?;
    let parts = part::all(scene, prediction);
    class::possible(scene, prediction, &parts)?;
    let mut draft = Draft::of(scene.object);
    class::place(scene, &parts, &mut draft);
    for part in parts.iter().filter(|part| part.is_wished) {
        match to {
            Destination::Hpa => hpa::edit(scene, part, &mut draft)?,
            Destination::Keda => keda::edit(scene, part, &mut draft)?,
            Destination::None => fixed::none(scene, part, &mut draft)?,
            Destination::External | Destination::Kpa => fixed::external(scene, part, &mut draft)?,
        }
    }
    class::settle(scene, prediction, &parts, &mut draft);
    Ok(draft)
}

/// Whether the release knows the class at all.
fn known(to: Destination, release: Release) -> Result<(), Refusal> {
    let behaviour = match to {
        Destination::Kpa => {
            return Err(not_possible(
                "Knative's own autoscaler scales in Knative mode alone, and the deployment mode of a service cannot be changed",
                "create it anew under another name in Knative mode, and move its users over",
            ));
        }
        Destination::Hpa => return Ok(()),
        Destination::Keda => Behaviour::ClassKeda,
        Destination::None => Behaviour::ClassNone,
        Destination::External => Behaviour::ClassExternal,
    };
    if release.has(behaviour) {
        return Ok(());
    }
    let class = to.as_str();
    Err(not_possible(
        format!(
            "KServe {release} does not know the class {class}, which came with {}",
            behaviour.row().since
        ),
        format!("upgrade KServe to {} or later", behaviour.row().since),
    ))
}

/// Refuses a flag that the class has no use for.
fn no_use(is_given: bool, flag: &str, why: &str, instead: &str) -> Result<(), Refusal> {
    if is_given {
        return Err(not_possible(
            format!("{flag} has no effect: {why}"),
            instead,
        ));
    }
    Ok(())
}
