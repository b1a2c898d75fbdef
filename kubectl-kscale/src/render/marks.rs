//! The marks before what passes, warns and fails, in signs that the terminal can show.

use super::paper::Ink;
use crate::check::State;

/// Which signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marks {
    /// √ ‼ ×
    Signs,
    /// Words of ASCII
    Words,
}

impl Marks {
    /// Those that the locale can show. The first of the variables that is set counts (POSIX, 8.2).
    pub(crate) fn of_locale() -> Self {
        let variable = |name: &&str| std::env::var(name).ok().filter(|text| !text.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(variable);
        // Windows has no such variables, and writes UTF-16.
        let otherwise = if cfg!(windows) { "utf-8" } else { "C" };
        Self::of(locale.as_deref().unwrap_or(otherwise))
    }

    fn of(locale: &str) -> Self {
        let locale = locale.to_lowercase();
        if locale.contains("utf-8") || locale.contains("utf8") {
            Self::Signs
        } else {
            Self::Words
        }
    }

    /// The mark of a state, and its colour.
    pub(super) fn of_state(self, state: State) -> (Ink, &'static str) {
        let (ink, sign, word) = match state {
            State::Ok => (Ink::Good, "√", "[ok]"),
            State::Info => (Ink::Dim, "i", "[info]"),
            State::Warning => (Ink::Warn, "‼", "[warn]"),
            State::Error => (Ink::Bad, "×", "[fail]"),
            State::Skipped => (Ink::Dim, "?", "[skip]"),
        };
        match self {
            Self::Signs => (ink, sign),
            Self::Words => (ink, word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_for_locales_that_have_them() {
        for locale in ["en_US.UTF-8", "C.UTF-8", "de_DE.utf8"] {
            assert_eq!(Marks::of(locale), Marks::Signs, "{locale}");
        }
        for locale in ["C", "POSIX", "de_DE@euro", "en_US.ISO-8859-1"] {
            assert_eq!(Marks::of(locale), Marks::Words, "{locale}");
        }
    }
}
