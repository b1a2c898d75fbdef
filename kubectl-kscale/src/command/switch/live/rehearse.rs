//! Every request once without being kept: the API server checks it, and so do the webhooks.

use futures::StreamExt as _;
use kscale_rules::explain::explain;
use kscale_rules::facts::Facts;
use kscale_rules::switch::{Plan, Refusal, RefusalReason, RefusedPlan, Scaling};
use serde_json::Value;

use super::again::{Again, again};
use super::carry_out::Run;
use super::ground::{Errand, Ground, place};
use super::requests::{self, edits};
use super::words::label;
use crate::cluster::{Cluster, Failure, Persist, Why};
use crate::error::Error;
use crate::switching::{edit, record};

/// Objects that are tried at a time.
const AT_ONCE: usize = 8;

/// How often an object may change under one's hands.
const TRIES: usize = 10;

/// What trying has come to.
pub(super) struct Rehearsed {
    /// What can be done, planned for what the objects are now.
    pub(super) errands: Vec<Errand>,
    /// Objects for which there is nothing to do any more.
    pub(super) refused: Vec<RefusedPlan>,
    /// What the API server or a webhook would refuse, with the errand.
    pub(super) failed: Vec<(Errand, Error)>,
}

/// Tries all of them.
pub(super) async fn rehearse(
    run: &Run<'_>,
    ground: &Ground<'_>,
    errands: Vec<Errand>,
) -> Rehearsed {
    let all = errands.len();
    let each = errands
        .into_iter()
        .map(|errand| async move { one(run, ground, errand).await });
    let mut tried = futures::stream::iter(each).buffered(AT_ONCE);
    let mut rehearsed = Rehearsed {
        errands: Vec::new(),
        refused: Vec::new(),
        failed: Vec::new(),
    };
    let mut count = 0;
    while let Some(outcome) = tried.next().await {
        count += 1;
        if all > 1 {
            run.screen
                .progress(&format!("trying: {count} of {all} objects"));
        }
        match outcome {
            Tried::Fine(errand) => rehearsed.errands.push(*errand),
            Tried::Refused(one) => rehearsed.refused.push(*one),
            Tried::Failed(errand, error) => rehearsed.failed.push((*errand, error)),
        }
    }
    run.screen.progress("");
    rehearsed
}

enum Tried {
    Fine(Box<Errand>),
    Refused(Box<RefusedPlan>),
    Failed(Box<Errand>, Error),
}

async fn one(run: &Run<'_>, ground: &Ground<'_>, mut errand: Errand) -> Tried {
    for _ in 0..TRIES {
        let failure = match tried(run, &errand).await {
            Ok(object) => {
                let other =
                    object.and_then(|object| otherwise(&ground.facts, &errand.plan, &object));
                return match other {
                    Some(error) => Tried::Failed(Box::new(errand), error),
                    None => Tried::Fine(Box::new(errand)),
                };
            }
            Err(failure) if failure.why == Why::Conflict => failure,
            Err(failure) => {
                let error = refused(run.cluster, &errand.plan, failure);
                return Tried::Failed(Box::new(errand), error);
            }
        };
        let refusal = match again(run, ground, &errand).await {
            // Nothing was shown yet: whatever is to be done now will be.
            Ok(Again::Same(new) | Again::Other(new)) => {
                errand = new;
                continue;
            }
            Ok(Again::Settled(_)) => Refusal {
                reason: RefusalReason::AlreadySo,
                message: "somebody else has just done the same".to_owned(),
                help: String::new(),
            },
            Ok(Again::Refused(refusal)) => refusal,
            Err(_) => {
                let error = refused(run.cluster, &errand.plan, failure);
                return Tried::Failed(Box::new(errand), error);
            }
        };
        let object = errand.plan.object;
        return Tried::Refused(Box::new(RefusedPlan { object, refusal }));
    }
    let message = format!(
        "{} changes faster than it can be changed",
        label(&errand.plan.object)
    );
    let error = Error::refused(message).hint("try again once nobody else writes it all the time");
    Tried::Failed(Box::new(errand), error)
}

/// Sends what is planned for one object; what the edit would make of it.
async fn tried(run: &Run<'_>, errand: &Errand) -> Result<Option<Value>, Failure> {
    let plan = &errand.plan;
    let mut made = None;
    if let Some(patch) = edits(plan) {
        let path = place(&plan.object)?;
        let version = edit::version(&plan.before);
        made = Some(edit::apply(run.cluster, &path, patch, version, Persist::DryRun).await?);
    }
    for doomed in requests::doomed(run.cluster, plan).await? {
        doomed.delete(run.cluster, Persist::DryRun).await?;
    }
    Ok(made)
}

/// What to do about what the API server says.
pub(super) fn refused(cluster: &Cluster, plan: &Plan, failure: Failure) -> Error {
    let what = format!("{} cannot be changed", label(&plan.object));
    if failure.message.contains("does not support dry run") {
        return failure
            .error(&what)
            .hint("the webhook cannot be asked without consequences, so nothing is changed that was not tried")
            .hint(format!(
                "to change it without a try: {}",
                record::command_forth(cluster, plan)
            ));
    }
    if failure.message.contains("failed calling webhook") {
        // Why it refuses does not matter: as long as it does not answer, the cluster refuses.
        let message = format!("{what}: {}", failure.message);
        return Error::refused(message).hint("the webhook must answer before anything can be changed: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations says whose it is; see to its pods");
    }
    failure.error(&what)
}

/// That a webhook makes something else of it than was planned.
fn otherwise(facts: &Facts, plan: &Plan, made: &Value) -> Option<Error> {
    let (planned, made) = (scalings(facts, &plan.after), scalings(facts, made));
    if planned == made {
        return None;
    }
    let differs = |one: &(String, Scaling)| !planned.contains(one);
    let told: Vec<String> = made
        .iter()
        .filter(|one| differs(one))
        .map(|(name, scaling)| format!("{name}: {}", scaling.words()))
        .collect();
    let message = format!(
        "{} would become something else than planned: {}",
        label(&plan.object),
        told.join("; ")
    );
    Some(
        Error::refused(message)
            .hint("a webhook changes it on its way: kubectl get mutatingwebhookconfigurations")
            .hint("--dry-run=client shows what was planned"),
    )
}

fn scalings(facts: &Facts, object: &Value) -> Vec<(String, Scaling)> {
    let explanation = explain(object, facts).unwrap_or_default();
    let components = explanation.components.iter();
    components
        .map(|component| (component.name.clone(), Scaling::of(component)))
        .collect()
}
