//! From plans to a changed cluster: shown, tried, asked, carried out, summed up.

use futures::StreamExt as _;
use kscale_rules::explain::types::ObjectRef;
use kscale_rules::switch::{Plan, PlanList, RefusalReason, RefusedPlan, list};
use std::cell::Cell;

use super::arguments;
use super::ground::{Errand, Ground};
use super::ledger::{Ledger, State};
use super::one::Work;
use super::preflight::{self, Denied};
use super::rehearse::rehearse;
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
    if run.change.dry_run == DryRun::Client || !goes_on(run, &errands, &refused) {
        let plans = show(run, ground, &errands, &refused)?;
        return without_cluster(run.screen, run.roll, &plans);
    }
    let denied = preflight::denied(run, &errands).await;
    let mut refused = refused;
    let mut failures = Vec::new();
    let mut errands = errands;
    if denied.changes.is_empty() {
        let rehearsed = rehearse(run, ground, errands).await;
        errands = rehearsed.errands;
        refused.extend(rehearsed.refused);
        for (errand, error) in rehearsed.failed {
            failures.push((errand.plan.object.clone(), error));
            errands.push(errand);
        }
    }
    show(run, ground, &errands, &refused)?;
    preflight::warn_of_owners(run, &errands);
    stop_where_denied(&denied)?;
    stop_where_refused(run, errands.len(), failures)?;
    let plans: Vec<&Plan> = errands.iter().map(|errand| &errand.plan).collect();
    warn_of_unkept(run, &plans, &denied);
    if run.change.dry_run == DryRun::Server {
        return tried(run, &plans);
    }
    list_idle(run, &plans).await?;
    if !run.change.yes {
        let question = format!("{} in {}?", words::intent(&plans), run.cluster.server());
        if !confirmed(run.screen, &question).await? {
            return Err(Error::usage("nothing was changed, as you wish"));
        }
    }
    go(run, ground, errands, &refused, &denied).await
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
    run.screen.print(&text)?;
    Ok(plans)
}

/// Whether the cluster need be asked any more.
fn goes_on(run: &Run<'_>, errands: &[Errand], refused: &[RefusedPlan]) -> bool {
    let blocked = errands.iter().any(|errand| !errand.plan.blocked.is_empty());
    let impossible = refused.iter().any(is_failure);
    !errands.is_empty()
        && (!blocked || run.roll.allow_findings)
        && (!impossible || run.roll.keep_going)
}

/// That it is so already is no failure.
fn is_failure(refused: &RefusedPlan) -> bool {
    refused.refusal.reason != RefusalReason::AlreadySo
}

/// Tells why it ends with the plans: that was wished, something cannot be done, or nothing is to be done.
pub(super) fn without_cluster(
    screen: Screen,
    roll: &RollArgs,
    plans: &PlanList,
) -> Result<Outcome, Error> {
    let all = plans.items.len() + plans.refused.len();
    let mut messages = Messages::new();
    for one in plans.refused.iter().filter(|one| !is_failure(one)) {
        messages.note(&format!("{}: {}", label(&one.object), one.refusal.message));
    }
    let impossible: Vec<&RefusedPlan> =
        plans.refused.iter().filter(|one| is_failure(one)).collect();
    let blocked: Vec<&Plan> = plans
        .items
        .iter()
        .filter(|plan| !plan.blocked.is_empty() && !roll.allow_findings)
        .collect();
    let mut errors = Vec::new();
    for one in &impossible {
        let error = Error::input(format!("{}: {}", label(&one.object), one.refusal.message));
        errors.push(match one.refusal.help.as_str() {
            "" => error,
            help => error.hint(help),
        });
    }
    for plan in blocked {
        let message = format!(
            "{} is not changed: {}",
            label(&plan.object),
            plan.blocked.join("; ")
        );
        errors.push(
            Error::input(message)
                .hint("mend that first; --allow-findings carries it out all the same"),
        );
    }
    if all > 1 && errors.len() > 1 || all > 1 && !impossible.is_empty() {
        for error in &errors {
            messages.error(error);
        }
        let count = errors.len();
        let sum = Error::input(format!(
            "nothing was changed: {count} of {all} objects cannot be"
        ));
        errors = vec![if roll.keep_going {
            sum
        } else {
            sum.hint("--keep-going changes the others")
        }];
    }
    screen.tell(&messages.into_text());
    errors.pop().map_or(Ok(Outcome::Clean), Err)
}

fn stop_where_denied(denied: &Denied) -> Result<(), Error> {
    if denied.changes.is_empty() {
        return Ok(());
    }
    let shown = denied.changes.len().min(5);
    let mut message = format!(
        "nothing was changed: {}",
        denied.changes[..shown].join("; ")
    );
    if shown < denied.changes.len() {
        message.push_str(&format!("; and {} more", denied.changes.len() - shown));
    }
    Err(Error::refused(message)
        .hint("what may be done is said by roles: kubectl auth can-i --list -n NAMESPACE"))
}

/// What the API server or a webhook would not take stops all, unless the others are to go on.
fn stop_where_refused(
    run: &Run<'_>,
    all: usize,
    mut failures: Vec<(ObjectRef, Error)>,
) -> Result<(), Error> {
    let count = failures.len();
    if count == 1 && all == 1 {
        if let Some((_, error)) = failures.pop() {
            return Err(error);
        }
    }
    let mut messages = Messages::new();
    for (_, error) in &failures {
        messages.error(error);
    }
    run.screen.tell(&messages.into_text());
    let worst = failures.iter().map(|(_, error)| error.outcome()).max();
    match worst {
        None => Ok(()),
        Some(worst) => {
            let message = format!("nothing was changed: {count} of {all} objects cannot be");
            Err(match worst {
                Outcome::Refused => Error::refused(message),
                Outcome::TimedOut => Error::timed_out(message),
                _ => Error::cluster(message),
            })
        }
    }
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
fn tried(run: &Run<'_>, plans: &[&Plan]) -> Result<Outcome, Error> {
    if matches!(run.output, PlanFormat::Text | PlanFormat::Wide) {
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
    errands: Vec<Errand>,
    refused: &[RefusedPlan],
    denied: &Denied,
) -> Result<Outcome, Error> {
    let begun = errands
        .iter()
        .map(|errand| (errand.plan.object.clone(), State::NotBegun));
    let others = refused.iter().map(|one| {
        let state = if is_failure(one) {
            State::NotPossible
        } else {
            State::AlreadySo
        };
        (one.object.clone(), state)
    });
    let ledger = Ledger::new(run.screen, run.output, begun.chain(others).collect());
    let asking = tokio::sync::Mutex::new(());
    let work = Work {
        run,
        ground,
        ledger: &ledger,
        asking: &asking,
        count: errands.len(),
        unkept: &denied.records,
    };
    let stopped = Cell::new(false);
    let each = errands.into_iter().enumerate().map(|(number, errand)| {
        let (work, stopped) = (&work, &stopped);
        async move {
            if !stopped.get() && !work.carry(number, errand).await && !work.run.roll.keep_going {
                stopped.set(true);
            }
        }
    });
    futures::stream::iter(each)
        .buffer_unordered(run.roll.parallel.get())
        .collect::<Vec<()>>()
        .await;
    ledger.close()
}
