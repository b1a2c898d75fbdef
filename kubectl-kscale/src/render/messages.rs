//! What goes to standard error beside the answer: what could not be read, what was read otherwise than it looks, what was
//! passed over.

use std::collections::BTreeMap;

use super::paper::{Ink, Paper};
use crate::error::Error;
use crate::input::{Notice, Problem};

/// Messages are not broken into lines: they are searched for and copied.
const UNBROKEN: usize = usize::MAX;

/// Messages in the order in which they are said.
#[derive(Debug)]
pub(crate) struct Messages(Paper);

impl Default for Messages {
    fn default() -> Self {
        Self::new()
    }
}

impl Messages {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self(Paper::new(UNBROKEN))
    }

    /// All of them, a line each.
    pub(crate) fn into_text(self) -> String {
        self.0.into_text()
    }

    /// What stopped the command.
    pub(crate) fn error(&mut self, error: &Error) {
        self.say(Ink::Bad, "error", &error.to_string());
        for hint in error.hints() {
            self.hint(hint);
        }
    }

    /// What is wrong with one object.
    pub(crate) fn object(&mut self, place: &str, message: &str, hint: &str) {
        self.say(Ink::Bad, "error", &format!("{place}: {message}"));
        self.hint(hint);
    }

    /// What is most likely not meant. An empty hint is none.
    pub(crate) fn doubt(&mut self, message: &str, hint: &str) {
        self.say(Ink::Warn, "warning", message);
        if !hint.is_empty() {
            self.hint(hint);
        }
    }

    /// A source or a document that could not be read.
    pub(crate) fn problem(&mut self, problem: &Problem) {
        self.located(Ink::Bad, "error", &problem.to_string(), &problem.hint);
    }

    /// What was read otherwise than it looks.
    pub(crate) fn notice(&mut self, notice: &Notice) {
        self.located(Ink::Warn, "warning", &notice.to_string(), &notice.hint);
    }

    /// `passed over 3 documents of other kinds: ConfigMap 2, Secret 1`
    pub(crate) fn passed_over(&mut self, kinds: &BTreeMap<String, usize>) {
        let count: usize = kinds.values().sum();
        if count == 0 {
            return;
        }
        let each: Vec<_> = kinds
            .iter()
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect();
        let (documents, kinds) = if count == 1 {
            ("document", "of another kind")
        } else {
            ("documents", "of other kinds")
        };
        let text = format!(
            "passed over {count} {documents} {kinds}: {}",
            each.join(", ")
        );
        self.0.verbatim(0, Ink::Dim, &text);
    }

    /// What is worth a word, and nothing to worry about.
    pub(crate) fn note(&mut self, text: &str) {
        self.0.verbatim(0, Ink::Dim, text);
    }

    /// What to do.
    pub(crate) fn hint(&mut self, text: &str) {
        self.say(Ink::Heading, "hint", text);
    }

    /// `text` has been made visible already; doing so again changes nothing.
    fn located(&mut self, ink: Ink, word: &str, text: &str, hint: &Option<String>) {
        self.say(ink, word, text);
        if let Some(hint) = hint {
            self.hint(hint);
        }
    }

    fn say(&mut self, ink: Ink, word: &str, text: &str) {
        self.0.message(ink, word, text);
    }
}
