//! How it ends where it ends with the plans.

use kscale_rules::switch::{Plan, PlanList, RefusalReason, RefusedPlan};

use super::words::label;
use crate::cli::{PlanFormat, RollArgs};
use crate::error::{Error, Outcome};
use crate::render::{Messages, Screen};

/// That it is so already is no failure.
pub(super) fn is_failure(refused: &RefusedPlan) -> bool {
    refused.refusal.reason != RefusalReason::AlreadySo
}

/// Whether a plan is not to be carried out.
pub(super) fn is_blocked(plan: &Plan, roll: &RollArgs) -> bool {
    !plan.blocked.is_empty() && !roll.allow_findings
}

/// Whether people read the plans: then these say themselves what cannot be done.
pub(super) fn is_for_people(output: PlanFormat) -> bool {
    matches!(output, PlanFormat::Text | PlanFormat::Wide)
}

/// Tells why it ends with the plans: that was wished, something cannot be done, or nothing is to be done.
pub(super) fn of(
    screen: Screen,
    output: PlanFormat,
    roll: &RollArgs,
    plans: &PlanList,
) -> Result<Outcome, Error> {
    let told = is_for_people(output);
    let mut messages = Messages::new();
    let mut errors = Vec::new();
    for one in &plans.refused {
        let (object, refusal) = (label(&one.object), &one.refusal);
        if is_failure(one) {
            let error = Error::input(format!("{object} cannot be changed: {}", refusal.message));
            let help = Some(refusal.help.as_str()).filter(|help| !help.is_empty());
            errors.push(help.into_iter().fold(error, Error::hint));
        } else if !told {
            messages.note(&format!("{object}: {}", refusal.message));
        }
    }
    for plan in plans.items.iter().filter(|plan| is_blocked(plan, roll)) {
        let (object, why) = (label(&plan.object), plan.blocked.join("; "));
        let error = Error::input(format!("{object} is not changed: {why}"));
        errors.push(error.hint("mend that first; --allow-findings carries it out all the same"));
    }
    let all = plans.items.len() + plans.refused.len();
    let error = if all == 1 {
        errors.pop()
    } else {
        if !told {
            errors.iter().for_each(|error| messages.error(error));
        }
        (!errors.is_empty()).then(|| sum(errors.len(), all, roll))
    };
    screen.tell(&messages.into_text());
    error.map_or(Ok(Outcome::Clean), Err)
}

fn sum(count: usize, all: usize, roll: &RollArgs) -> Error {
    let message = format!("nothing was changed: {count} of {all} objects cannot be changed");
    let error = Error::input(message);
    if roll.keep_going || count == all {
        return error;
    }
    error.hint("--keep-going changes those that can be")
}
