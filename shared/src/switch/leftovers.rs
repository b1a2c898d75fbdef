//! What stays behind, or goes by itself.

use super::judge::Case;
use super::types::{Leftover, Roll};

/// What is there afterwards though nothing uses it.
pub(super) fn all(_case: &Case<'_>, _rolls: &[Roll]) -> Vec<Leftover> {
    Vec::new()
}
