//! `switch` in a cluster: looks, plans, shows, tries, asks, applies, watches.

use kscale_rules::explain::explain;
use kscale_rules::observed::{Index, observe};
use kscale_rules::switch::{Plan, PlanList, list, plan};
use serde_json::Value;

use super::wish;
use crate::cli::{ChangeArgs, PlanFormat, RollArgs, Switch};
use crate::cluster::{Cluster, wait_for};
use crate::command::known::Known;
use crate::error::{Error, Outcome};
use crate::render::{self, Screen};
use crate::selection::Selection;
use crate::snapshot::{self, Wanted};

/// How a plan is carried out: what `switch` and `undo` share.
pub(in crate::command) struct Run<'a> {
    pub(in crate::command) cluster: &'a Cluster,
    pub(in crate::command) change: &'a ChangeArgs,
    pub(in crate::command) roll: &'a RollArgs,
    pub(in crate::command) output: PlanFormat,
    pub(in crate::command) screen: Screen,
}

/// Switches what the arguments select.
pub(super) fn run(arguments: &Switch, screen: Screen) -> Result<Outcome, Error> {
    let wish = wish::of(&arguments.wish, &arguments.roll);
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
        let facts = known.facts(&arguments.facts, std::iter::empty());
        let index = Index::new(&known.snapshot.objects).at(known.snapshot.taken_at());
        let mut plans = Vec::new();
        for object in selection.pick(&known.snapshot)? {
            let Some(mut explanation) = explain(object, &facts) else {
                continue;
            };
            explanation.observed = Some(observe(object, &explanation, &facts, &index));
            "cluster".clone_into(&mut explanation.object.origin);
            let worked_out: Result<Plan, _> = plan(object, &explanation, &facts, &wish);
            plans.push(worked_out.map_err(|refusal| Error::input(refusal.message))?);
        }
        let run = Run {
            cluster: &cluster,
            change: &arguments.change,
            roll: &arguments.roll,
            output: arguments.output,
            screen,
        };
        carry_out(&run, list(plans, Vec::new(), &facts)).await
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

/// Shows the plans, has the API server try them, asks, applies, watches, and says what was done to which.
pub(in crate::command) async fn carry_out(
    run: &Run<'_>,
    plans: PlanList,
) -> Result<Outcome, Error> {
    let text = render::plan(run.output, &plans, run.screen.width())?;
    run.screen.print(&text)?;
    let _ = (run.cluster, run.change, run.roll, Value::Null);
    Ok(Outcome::Clean)
}
