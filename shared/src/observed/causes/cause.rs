//! How a cause is put together.

use crate::observed::types::{Cause, CauseSeverity, Condition};

impl Cause {
    /// Something that does not mend itself.
    pub(super) fn problem(slug: &str, object: String, message: impl Into<String>) -> Self {
        Self::new(slug, CauseSeverity::Problem, object, message.into())
    }

    /// Something that is under way.
    pub(super) fn waiting(slug: &str, object: String, message: impl Into<String>) -> Self {
        Self::new(slug, CauseSeverity::Waiting, object, message.into())
    }

    /// Something good to know.
    pub(super) fn note(slug: &str, object: String, message: impl Into<String>) -> Self {
        Self::new(slug, CauseSeverity::Note, object, message.into())
    }

    fn new(slug: &str, severity: CauseSeverity, object: String, message: String) -> Self {
        Self {
            slug: slug.to_owned(),
            severity,
            component: None,
            object,
            message,
            evidence: Vec::new(),
            help: String::new(),
        }
    }

    /// Adds what it is told from.
    pub(super) fn seen(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(evidence.into());
        self
    }

    /// Adds the condition of an object that it is told from.
    pub(super) fn seen_in(self, object: &str, condition: Option<&Condition>) -> Self {
        match condition {
            Some(condition) => {
                let shown = condition.shown();
                self.seen(format!("{object}: {shown}"))
            }
            None => self,
        }
    }

    /// Says what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Another importance.
    pub(super) fn weighs(mut self, severity: CauseSeverity) -> Self {
        self.severity = severity;
        self
    }
}

/// `1 pod`, `3 pods`
pub(super) fn count(pods: i64) -> String {
    if pods == 1 {
        "1 pod".to_owned()
    } else {
        format!("{pods} pods")
    }
}
