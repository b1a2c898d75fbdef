//! What went wrong, and what to do about it.

use std::fmt;

/// Ends the program. It always says what to do next: who reads it may have come from a CI log.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    to_do: String,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            to_do: to_do.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}\n hint: {}", self.what, self.to_do)
    }
}
