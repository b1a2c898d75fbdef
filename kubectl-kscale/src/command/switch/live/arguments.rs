//! What a command line may not ask of a cluster, told before anybody is asked.

use crate::cli::{ChangeArgs, DryRun, RollArgs, Switch};
use crate::command::session::DEFAULT_NAMESPACE;
use crate::error::Error;
use crate::selection::{Selection, Targets, WorkloadKind};

/// Whether the command line makes sense.
pub(super) fn check(arguments: &Switch) -> Result<(), Error> {
    selects_something(arguments)?;
    let graph = Targets::parse(&arguments.targets)?
        .0
        .iter()
        .any(|target| target.kind == WorkloadKind::InferenceGraph);
    if graph && !arguments.targets.is_empty() {
        return Err(Error::usage(
            "an InferenceGraph is not switched: InferenceServices and Knative Services are",
        )
        .hint("the services that it routes to are scaled by themselves: switch isvc/NAME each"));
    }
    let asked = arguments.input.namespace.as_deref();
    Selection::new(
        &arguments.targets,
        &arguments.selection,
        asked,
        DEFAULT_NAMESPACE,
    )?;
    cluster(arguments)?;
    waiting(&arguments.change, &arguments.roll)
}

/// Whoever names nothing does not mean everything.
fn selects_something(arguments: &Switch) -> Result<(), Error> {
    let empty = arguments
        .selection
        .selector
        .as_ref()
        .is_some_and(|selector| selector.to_string().trim().is_empty());
    if empty {
        return Err(
            Error::usage("--selector is empty, which would select everything")
                .hint("give labels, or name a kind alone (isvc) for all of a namespace"),
        );
    }
    if arguments.targets.is_empty() && !arguments.selection.is_given() {
        return Err(
            Error::usage("nothing to switch: no object is named, and none selected")
                .hint("one or more: kubectl kscale switch isvc/NAME --to …; all of a kind in the namespace: switch isvc --to …")
                .hint("by labels: -l team=search; in all namespaces: -A; manifests: -f FILE"),
        );
    }
    Ok(())
}

/// Only a cluster can be changed; what stands for one can be planned on.
fn cluster(arguments: &Switch) -> Result<(), Error> {
    let facts = &arguments.facts;
    if facts.facts.is_empty() && facts.offline {
        return Err(Error::usage("--offline leaves no cluster to change")
            .hint("-f FILE changes manifests; --facts FILE --dry-run=client plans on a snapshot"));
    }
    if !facts.facts.is_empty() && arguments.change.dry_run != DryRun::Client {
        return Err(Error::usage(
            "--facts stands for a cluster, and what stands for one cannot be changed",
        )
        .hint("--dry-run=client shows the plan; leave out --facts to change the cluster"));
    }
    Ok(())
}

/// What comes after the end needs somebody who waits for it.
pub(super) fn waiting(change: &ChangeArgs, roll: &RollArgs) -> Result<(), Error> {
    if change.wait || change.dry_run != DryRun::None {
        return Ok(());
    }
    let flag = match (roll.cleanup, roll.rollback_on_failure) {
        (true, _) => "--cleanup",
        (_, true) => "--rollback-on-failure",
        _ => return Ok(()),
    };
    Err(Error::usage(format!(
        "{flag} acts once the new autoscaler has taken over or has not, which --wait=false does not wait for"
    ))
    .hint(format!("leave out {flag} or --wait=false")))
}
