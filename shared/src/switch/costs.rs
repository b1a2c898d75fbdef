//! What a change costs while it is under way.

use super::judge::Case;
use super::types::{Cost, Roll};

/// The costs of what is rolled.
pub(super) fn all(_case: &Case<'_>, _rolls: &[Roll]) -> Vec<Cost> {
    Vec::new()
}
