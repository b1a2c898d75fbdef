//! `switch` in a cluster: looks, plans, shows, tries, asks, applies, watches.

mod carry_out;
mod ground;

use super::wish;
use crate::cli::Switch;
use crate::cluster::{Cluster, wait_for};
use crate::command::known::Known;
use crate::error::{Error, Outcome};
use crate::render::Screen;
use crate::selection::Selection;
use crate::snapshot::{self, Wanted};

pub(in crate::command) use carry_out::{Run, carry_out};
pub(in crate::command) use ground::{Aim, Errand, Ground, whole};

/// Switches what the arguments select.
pub(super) fn run(arguments: &Switch, screen: Screen) -> Result<Outcome, Error> {
    let aim = Aim::Switch(wish::of(&arguments.wish, &arguments.roll));
    wait_for(async {
        let cluster = Cluster::connect(&arguments.cluster).await?;
        let asked = arguments.input.namespace.as_deref();
        let selection = Selection::new(
            &arguments.targets,
            &arguments.selection,
            asked,
            cluster.namespace(),
        )?;
        let known = look(&cluster, &selection).await?;
        let ground = Ground::new(&known, &arguments.facts);
        let (mut errands, mut refused) = (Vec::new(), Vec::new());
        for object in whole(&cluster, &selection.pick(&known.snapshot)?).await {
            let object = object.map_err(|(_, failure)| failure.error("it cannot be read"))?;
            match ground.errand(object, aim.clone()) {
                Ok(errand) => errands.push(errand),
                Err(one) => refused.push(one),
            }
        }
        let run = Run {
            cluster: &cluster,
            change: &arguments.change,
            roll: &arguments.roll,
            output: arguments.output,
            screen,
        };
        carry_out(&run, &ground, errands, refused).await
    })
}

/// What is there of what is selected, and what is known around it.
pub(in crate::command) async fn look(
    cluster: &Cluster,
    selection: &Selection,
) -> Result<Known, Error> {
    let wanted = Wanted {
        scope: selection.scope(),
        health: false,
    };
    let snapshot = snapshot::gather(cluster, &wanted).await?;
    Ok(Known {
        snapshot,
        namespace: Some(cluster.namespace().to_owned()),
    })
}
