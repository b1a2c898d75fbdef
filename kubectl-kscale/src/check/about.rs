//! What a check is, and how it says what it found.

use super::report::{CheckResult, State};

/// A check: its name for ever, and what holds where it passes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About {
    /// `category/slug`.
    pub(crate) id: &'static str,
    /// What holds where it passes, as half a sentence; of what only informs, what about.
    pub(crate) description: &'static str,
}

impl About {
    /// The heading of `docs/check.md` that tells more: its anchor is made of the letters of the id.
    pub(crate) fn anchor(&self) -> String {
        self.id.replace('/', "")
    }

    /// Where to read more.
    fn url(&self) -> String {
        let repository = env!("CARGO_PKG_REPOSITORY");
        format!("{repository}/blob/main/docs/check.md#{}", self.anchor())
    }

    fn result(&self, state: State, message: impl Into<String>) -> CheckResult {
        CheckResult {
            id: self.id.to_owned(),
            description: self.description.to_owned(),
            state,
            message: message.into(),
            hint: String::new(),
            docs: self.url(),
        }
    }

    /// It holds; `evidence` says by what, or is empty.
    pub(super) fn ok(&self, evidence: impl Into<String>) -> CheckResult {
        self.result(State::Ok, evidence)
    }

    /// Nothing to judge, but to know; `message` is a sentence of its own.
    pub(super) fn info(&self, message: impl Into<String>) -> CheckResult {
        self.result(State::Info, message)
    }

    /// It does not hold, and nothing is broken by that yet.
    pub(super) fn warning(
        &self,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> CheckResult {
        CheckResult {
            hint: hint.into(),
            ..self.result(State::Warning, message)
        }
    }

    /// It does not hold, and something does not work.
    pub(super) fn error(&self, message: impl Into<String>, hint: impl Into<String>) -> CheckResult {
        CheckResult {
            hint: hint.into(),
            ..self.result(State::Error, message)
        }
    }

    /// Nobody knows.
    pub(super) fn unknown(&self, why: impl AsRef<str>) -> CheckResult {
        self.result(State::Skipped, format!("unknown, because {}", why.as_ref()))
    }

    /// An error where something needs it, else a warning.
    pub(super) fn as_needed(
        &self,
        needed: bool,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> CheckResult {
        if needed {
            self.error(message, hint)
        } else {
            self.warning(message, hint)
        }
    }
}

/// Defines the checks of a category, and the list of them: `NAME: "slug", "what holds where it passes";`.
macro_rules! checks {
    ($category:literal; $($name:ident: $slug:literal, $description:literal;)*) => {
        $(
            const $name: $crate::check::about::About = $crate::check::about::About {
                id: concat!($category, "/", $slug),
                description: $description,
            };
        )*

        /// The checks of this category.
        #[cfg(test)]
        pub(super) const ALL: &[$crate::check::about::About] = &[$($name),*];
    };
}

pub(super) use checks;
