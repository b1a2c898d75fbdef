//! From plans to a changed cluster: shown, tried, asked, carried out, summed up.

use futures::StreamExt as _;
use kscale_rules::explain::types::ObjectRef;
use kscale_rules::switch::{Plan, PlanList, Refusal, RefusalReason, RefusedPlan, list};
use std::cell::Cell;

use super::arguments;
use super::ground::{Errand, Ground};
use super::ledger::{Ledger, State};
use super::one::Work;
use super::preflight::{self, Denied};
use super::rehearse::{Rehearsed, rehearse};
use super::verdict::{self, is_failure};
use super::words::{self, label};
use crate::cli::{ChangeArgs, DryRun, PlanFormat, RollArgs};
use crate::cluster::Cluster;
use crate::command::extension::confirmed;
use crate::error::{Error, Outcome};
use crate::render::{self, Messages, Screen};
use crate::switching::cleanup;
use crate::switching::record;

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
    arguments::waiting(run.change, run.roll)?;
    let (errands, refused) = without_blocked(run, errands, refused);
    if run.change.dry_run == DryRun::Client || !goes_on(run, &errands, &refused) {
        let plans = show(run, ground, &errands, &refused)?;
        return verdict::of(run.screen, run.output, run.roll, &plans);
    }
    let denied = preflight::denied(run, &errands).await;
    if !denied.changes.is_empty() {
        show(run, ground, &errands, &refused)?;
        return Err(not_allowed(&denied));
    }
    let mut tried = rehearse(run, ground, errands).await;
    tried.refused.extend(refused);
    let failed = tried.failed.iter().map(|(errand, _)| errand);
    let all: Vec<Errand> = tried.errands.iter().chain(failed).cloned().collect();
    show(run, ground, &all, &tried.refused)?;
    preflight::warn_of_owners(run, &all);
    stop_where_refused(run, &tried)?;
    let plans: Vec<&Plan> = tried.errands.iter().map(|errand| &errand.plan).collect();
    if plans.is_empty() {
        return Ok(Outcome::Clean);
    }
    warn_of_unkept(run, &plans, &denied);
    if run.change.dry_run == DryRun::Server {
        return say_tried(run, &plans);
    }
    list_idle(run, &plans).await?;
    if !run.change.yes {
        let question = format!("{} in {}?", words::intent(&plans), run.cluster.server());
        if !confirmed(run.screen, &question).await? {
            return Err(Error::usage("nothing was changed, as you wish"));
        }
    }
    go(run, ground, tried, &denied).await
}

/// Where the others are to go on, what is not to be carried out stands among what cannot be.
fn without_blocked(
    run: &Run<'_>,
    errands: Vec<Errand>,
    mut refused: Vec<RefusedPlan>,
) -> (Vec<Errand>, Vec<RefusedPlan>) {
    if !run.roll.keep_going || errands.len() < 2 {
        return (errands, refused);
    }
    let (blocked, errands): (Vec<_>, Vec<_>) = errands
        .into_iter()
        .partition(|errand| verdict::is_blocked(&errand.plan, run.roll));
    refused.extend(blocked.into_iter().map(|errand| RefusedPlan {
        object: errand.plan.object,
        refusal: Refusal {
            reason: RefusalReason::NotPossible,
            message: errand.plan.blocked.join("; "),
            help: "mend that first; --allow-findings carries it out all the same".to_owned(),
        },
    }));
    (errands, refused)
}

/// Whether the cluster need be asked any more.
fn goes_on(run: &Run<'_>, errands: &[Errand], refused: &[RefusedPlan]) -> bool {
    let blocked = |errand: &Errand| verdict::is_blocked(&errand.plan, run.roll);
    let impossible = refused.iter().any(is_failure);
    !errands.is_empty() && !errands.iter().any(blocked) && (!impossible || run.roll.keep_going)
}

/// The plans, as data or for people.
fn show(
    run: &Run<'_>,
    ground: &Ground<'_>,
    errands: &[Errand],
    refused: &[RefusedPlan],
) -> Result<PlanList, Error> {
    let items = errands.iter().map(|errand| errand.plan.clone()).collect();
    let plans = list(items, refused.to_vec(), &ground.facts);
    let text = render::plan(run.output, &plans, run.screen.width())?;
    match run.screen.print(&text) {
        // Whoever reads has seen enough, which is no reason to leave undone what was asked for.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        printed => printed?,
    }
    Ok(plans)
}

fn not_allowed(denied: &Denied) -> Error {
    const SHOWN: usize = 5;
    let all = &denied.changes;
    let mut message = format!(
        "nothing was changed: {}",
        all[..all.len().min(SHOWN)].join("; ")
    );
    if all.len() > SHOWN {
        message.push_str(&format!("; and {} more", all.len() - SHOWN));
    }
    Error::refused(message)
        .hint("what you may do is told by kubectl auth can-i --list -n NAMESPACE")
}

/// What the API server or a webhook would not take stops all, unless the others are to go on.
fn stop_where_refused(run: &Run<'_>, tried: &Rehearsed) -> Result<(), Error> {
    let (failed, all) = (&tried.failed, tried.failed.len() + tried.errands.len());
    let Some(worst) = failed.iter().map(|(_, error)| error.outcome()).max() else {
        return Ok(());
    };
    let mut messages = Messages::new();
    failed.iter().for_each(|(_, error)| messages.error(error));
    if run.roll.keep_going && !tried.errands.is_empty() {
        run.screen.tell(&messages.into_text());
        return Ok(());
    }
    if all > 1 {
        run.screen.tell(&messages.into_text());
    }
    let (message, hints) = match failed.as_slice() {
        [(_, error)] if all == 1 => (error.to_string(), error.hints()),
        _ => (
            format!(
                "nothing was changed: {} of {all} objects cannot be switched",
                failed.len()
            ),
            &[][..],
        ),
    };
    let error = match worst {
        Outcome::Refused => Error::refused(message),
        Outcome::TimedOut => Error::timed_out(message),
        _ => Error::cluster(message),
    };
    let error = hints.iter().cloned().fold(error, Error::hint);
    Err(if tried.errands.is_empty() {
        error
    } else {
        error.hint("--keep-going switches those that can be")
    })
}

/// The commands to go back, where undo will not know the way.
fn warn_of_unkept(run: &Run<'_>, plans: &[&Plan], denied: &Denied) {
    let mut messages = Messages::new();
    for (namespace, words) in &denied.records {
        messages.doubt(
            &format!("kubectl kscale undo will know nothing of this, since you may not {words}"),
            "to go back by hand:",
        );
        let there = plans
            .iter()
            .filter(|plan| plan.object.namespace == *namespace);
        for plan in there.filter(|plan| !plan.undo.is_empty()) {
            messages.note(&format!("  {}", record::command_back(run.cluster, plan)));
        }
    }
    run.screen.tell(&messages.into_text());
}

/// What a server dry run comes to.
fn say_tried(run: &Run<'_>, plans: &[&Plan]) -> Result<Outcome, Error> {
    if verdict::is_for_people(run.output) {
        let lines = plans.iter().map(|plan| {
            let done = words::done(&plan.purpose);
            format!("{} {done} (server dry run)\n", label(&plan.object))
        });
        run.screen
            .print(&format!("\n{}", lines.collect::<String>()))?;
    }
    Ok(Outcome::Clean)
}

/// Names what --cleanup would delete, as far as it is there already.
async fn list_idle(run: &Run<'_>, plans: &[&Plan]) -> Result<(), Error> {
    if !run.roll.cleanup {
        return Ok(());
    }
    let mut messages = Messages::new();
    messages
        .note("Once it is done, old revisions of the HPA class that get no traffic are deleted:");
    for plan in plans {
        let idle = cleanup::idle(run.cluster, &plan.before).await;
        let idle = idle.map_err(|failure| {
            failure.error("nothing was changed: old revisions cannot be looked for")
        })?;
        for one in idle {
            messages.note(&format!("  {}: {}", label(&plan.object), words::idle(&one)));
        }
    }
    messages.note("  and those that the change leaves behind");
    run.screen.tell(&messages.into_text());
    Ok(())
}

/// Changes one after the other, or a few at a time.
async fn go(
    run: &Run<'_>,
    ground: &Ground<'_>,
    tried: Rehearsed,
    denied: &Denied,
) -> Result<Outcome, Error> {
    let ledger = Ledger::new(run.screen, run.output, entries(&tried));
    let asking = tokio::sync::Mutex::new(());
    let work = Work {
        run,
        ground,
        ledger: &ledger,
        asking: &asking,
        count: tried.errands.len(),
        unkept: &denied.records,
    };
    let stopped = Cell::new(false);
    let each = tried
        .errands
        .into_iter()
        .enumerate()
        .map(|(number, errand)| {
            let (work, stopped) = (&work, &stopped);
            async move {
                if !stopped.get() && !work.carry(number, errand).await && !work.run.roll.keep_going
                {
                    stopped.set(true);
                }
            }
        });
    futures::stream::iter(each)
        .buffer_unordered(run.roll.parallel.get())
        .collect::<Vec<()>>()
        .await;
    Ok(ledger.close())
}

/// What is to be done, in its order, then what will not be.
fn entries(tried: &Rehearsed) -> Vec<(ObjectRef, State)> {
    let begun = tried
        .errands
        .iter()
        .map(|errand| (errand.plan.object.clone(), State::NotBegun));
    let failed = tried.failed.iter().map(|(errand, error)| {
        let (what, outcome) = ("would be refused", error.outcome());
        (errand.plan.object.clone(), State::Failed { what, outcome })
    });
    let others = tried.refused.iter().map(|one| {
        let state = if is_failure(one) {
            State::NotPossible
        } else {
            State::AlreadySo
        };
        (one.object.clone(), state)
    });
    begun.chain(failed).chain(others).collect()
}
