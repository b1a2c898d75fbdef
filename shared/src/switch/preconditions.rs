//! What must be there.

use super::judge::Case;
use super::types::Precondition;

/// Everything that the state after the change needs of the cluster.
pub(super) fn all(_case: &Case<'_>) -> Vec<Precondition> {
    Vec::new()
}
