//! Refusals, as the planner words them.

use super::types::{Refusal, RefusalReason};

/// What is wished makes no sense for this object. `message` is a sentence without a full stop, `help` what to do instead.
pub(super) fn not_possible(message: impl Into<String>, help: impl Into<String>) -> Refusal {
    Refusal {
        reason: RefusalReason::NotPossible,
        message: message.into(),
        help: help.into(),
    }
}

/// A value is missing that nobody but the caller can choose.
pub(super) fn missing(message: impl Into<String>, help: impl Into<String>) -> Refusal {
    Refusal {
        reason: RefusalReason::ValueMissing,
        message: message.into(),
        help: help.into(),
    }
}

/// The object does not get past its webhooks.
pub(super) fn refused(message: impl Into<String>, help: impl Into<String>) -> Refusal {
    Refusal {
        reason: RefusalReason::Refused,
        message: message.into(),
        help: help.into(),
    }
}
