//! What stays behind, or goes by itself.

use super::judge::Case;
use super::types::Leftover;

/// What is there afterwards though nothing uses it.
pub(super) fn all(_case: &Case<'_>) -> Vec<Leftover> {
    Vec::new()
}
