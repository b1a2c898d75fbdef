//! What stays behind, or goes by itself.

mod knative;
mod standard;

use super::judge::Case;
use super::types::{Leftover, Roll};

/// What is there afterwards though nothing uses it.
pub(super) fn all(case: &Case<'_>, rolls: &[Roll]) -> Vec<Leftover> {
    let mut all = standard::all(case);
    all.extend(knative::all(case, rolls));
    all
}
