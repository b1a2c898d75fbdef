//! A Knative Service of its own.

use super::Scene;
use super::draft::Draft;
use super::types::{Refusal, RefusalReason};

/// The Service as it is to be.
pub(super) fn edit(_scene: &Scene<'_>) -> Result<Draft, Refusal> {
    Err(Refusal {
        reason: RefusalReason::NotPossible,
        message: "not yet".to_owned(),
        help: String::new(),
    })
}
