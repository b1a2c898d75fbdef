//! `--cleanup`: old revisions of the HPA class that get no requests, named before anybody is asked, and deleted at the end.

use kscale_rules::explain::types::ObjectRef;
use kscale_rules::switch::Plan;

use super::carry_out::Run;
use super::ground::read;
use super::words::{self, label};
use crate::cli::DryRun;
use crate::cluster::{Cluster, Failure, Persist};
use crate::command::extension::confirmed;
use crate::error::{Error, Outcome};
use crate::render::{Ink, Messages, Paper, span};
use crate::switching::cleanup::{self, Idle};

/// What an object has of them now.
async fn idle(cluster: &Cluster, object: &ObjectRef) -> Result<Vec<Idle>, Failure> {
    let now = read(cluster, object).await?;
    cleanup::idle(cluster, &now).await
}

/// Names what would be deleted, as far as it is there already.
pub(super) async fn announce(run: &Run<'_>, plans: &[&Plan]) -> Result<(), Error> {
    if !run.roll.cleanup {
        return Ok(());
    }
    let objects = plans.iter().map(|plan| &plan.object);
    let found = find(run, objects).await?;
    let mut messages = Messages::new();
    messages
        .note("Once it is done, old revisions of the HPA class that get no requests are deleted:");
    for (object, idle) in &found {
        messages.note(&format!("  {}: {}", label(object), words::idle(idle)));
    }
    messages.note("  and those that the change leaves behind");
    run.screen.tell(&messages.into_text());
    Ok(())
}

async fn find<'a>(
    run: &Run<'_>,
    objects: impl Iterator<Item = &'a ObjectRef>,
) -> Result<Vec<(&'a ObjectRef, Idle)>, Error> {
    let mut found = Vec::new();
    for object in objects {
        let idle = idle(run.cluster, object).await;
        let idle = idle.map_err(|failure| {
            let what = "nothing was changed, since old revisions cannot be looked for";
            failure.error(&format!("{what}: {}", label(object)))
        })?;
        found.extend(idle.into_iter().map(|one| (object, one)));
    }
    Ok(found)
}

/// Deletes what an object has of them; each is told to `say`.
pub(super) async fn delete(
    cluster: &Cluster,
    object: &ObjectRef,
    mut say: impl FnMut(&str),
) -> Result<(), Failure> {
    for one in idle(cluster, object).await? {
        cleanup::delete(cluster, &one, Persist::Yes).await?;
        say(&format!("deleted {}", words::idle(&one)));
    }
    Ok(())
}

/// Deletes what is left of objects that are as wished already: an earlier run may not have come that far.
pub(super) async fn of_earlier_runs(
    run: &Run<'_>,
    objects: &[&ObjectRef],
) -> Result<Outcome, Error> {
    let found = find(run, objects.iter().copied()).await?;
    if found.is_empty() || run.change.dry_run == DryRun::Client {
        return Ok(Outcome::Clean);
    }
    let mut messages = Messages::new();
    messages.note("Old revisions of the HPA class that get no requests:");
    for (object, idle) in &found {
        messages.note(&format!("  {}: {}", label(object), words::idle(idle)));
    }
    run.screen.tell(&messages.into_text());
    if run.change.dry_run == DryRun::Server {
        return Ok(Outcome::Clean);
    }
    if !run.change.yes {
        let count = found.len();
        let question = format!("Delete {count} of them in {}?", run.cluster.server());
        if !confirmed(run.screen, &question).await? {
            return Err(Error::usage("nothing was changed, as you wish"));
        }
    }
    for (object, one) in &found {
        let deleted = cleanup::delete(run.cluster, one, Persist::Yes).await;
        let what = format!("{} of {} was not deleted", words::idle(one), label(object));
        deleted.map_err(|failure| failure.error(&what))?;
        let mut paper = Paper::new(run.screen.width());
        let text = format!("deleted {}", words::idle(one));
        paper.entry(&[], 0, &[span(Ink::Plain, text)]);
        run.say(&paper.into_text());
    }
    Ok(Outcome::Clean)
}
