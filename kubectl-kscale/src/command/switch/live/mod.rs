//! `switch` in a cluster: looks, plans, shows, tries, asks, applies, watches.

mod again;
mod arguments;
mod carry_out;
mod choose;
mod ground;
mod ledger;
mod make;
mod one;
mod preflight;
mod rehearse;
mod requests;
mod tidy;
mod verdict;
mod words;

use kscale_rules::explain::types::ObjectRef;

use super::wish;
use crate::cli::{SelectionArgs, Switch};
use crate::cluster::{Cluster, wait_for};
use crate::command::known::{Known, Question};
use crate::command::session::{DEFAULT_NAMESPACE, Session};
use crate::error::{Error, Outcome};
use crate::render::{self, Screen};
use crate::selection::Selection;
use crate::snapshot::{self, Wanted};
use crate::switching::address;

pub(in crate::command) use carry_out::{Run, carry_out};
pub(in crate::command) use ground::{Aim, Errand, Ground, whole};

/// Switches what the arguments select.
pub(super) fn run(arguments: &Switch, screen: Screen) -> Result<Outcome, Error> {
    arguments::check(arguments)?;
    let aim = Aim::Switch(wish::of(&arguments.wish, &arguments.roll));
    if !arguments.facts.facts.is_empty() {
        return on_snapshot(arguments, &aim, screen);
    }
    wait_for(async {
        let cluster = Cluster::connect(&arguments.cluster).await?;
        let selection = select(arguments, cluster.namespace())?;
        let known = look(&cluster, &selection).await?;
        let ground = Ground::new(&known, &arguments.facts);
        let picked = choose::picked(&selection, &known.snapshot)?;
        let mut objects = Vec::new();
        for object in whole(&cluster, &picked).await {
            objects.push(object.map_err(|(named, failure)| {
                failure.error(&format!("{} cannot be read", words::label(&named)))
            })?);
        }
        let chosen = choose::plan(&ground, objects, &aim, arguments)?;
        chosen.say_what_is_left_out(screen);
        let run = Run {
            cluster: &cluster,
            change: &arguments.change,
            roll: &arguments.roll,
            output: arguments.output,
            screen,
        };
        carry_out(&run, &ground, chosen.errands, chosen.refused).await
    })
}

/// Plans on what stands for a cluster; there is nothing to change.
fn on_snapshot(arguments: &Switch, aim: &Aim, screen: Screen) -> Result<Outcome, Error> {
    let mut session = Session::default();
    let question = Question::new(&arguments.facts, &arguments.cluster);
    let selection = select(arguments, DEFAULT_NAMESPACE)?;
    let known = question.workloads(&mut session, |_| Ok(selection.scope()))?;
    screen.tell(&std::mem::take(&mut session.messages).into_text());
    let ground = Ground::new(&known, &arguments.facts);
    let picked = choose::picked(&selection, &known.snapshot)?;
    let objects = picked.into_iter().cloned().collect();
    let chosen = choose::plan(&ground, objects, aim, arguments)?;
    chosen.say_what_is_left_out(screen);
    let plans = chosen.list(&ground);
    let text = render::plan(arguments.output, &plans, screen.width())?;
    screen.print(&text)?;
    let outcome = verdict::of(screen, arguments.output, &arguments.roll, &plans)?;
    Ok(outcome.max(session.outcome))
}

fn select(arguments: &Switch, namespace: &str) -> Result<Selection, Error> {
    let asked = arguments.input.namespace.as_deref();
    Selection::new(&arguments.targets, &arguments.selection, asked, namespace)
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

/// The same of one object.
async fn around(cluster: &Cluster, object: &ObjectRef) -> Result<Known, Error> {
    let target = [address::short(object)];
    let namespace = &object.namespace;
    let selection = Selection::new(
        &target,
        &SelectionArgs::default(),
        Some(namespace),
        namespace,
    )?;
    look(cluster, &selection).await
}
