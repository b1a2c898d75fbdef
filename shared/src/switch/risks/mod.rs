//! What can go wrong.

mod knative;
mod standard;

use super::judge::Case;
use super::types::{Plan, Risk};

/// Everything that can go wrong, or turns out otherwise than one might think.
pub(super) fn all(case: &Case<'_>, plan: &Plan) -> Vec<Risk> {
    let mut risks = knative::all(case, plan);
    risks.extend(standard::all(case, plan));
    risks
}
