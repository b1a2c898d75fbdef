//! What can go wrong with it in Knative mode.

use super::super::judge::Case;
use super::super::types::{Plan, Risk};

/// All of them.
pub(super) fn all(_case: &Case<'_>, _plan: &Plan) -> Vec<Risk> {
    Vec::new()
}
