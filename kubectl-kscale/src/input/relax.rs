//! Quoted scalars whose further lines are indented less than YAML 1.2 wants, or with tabs.
//!
//! The YAML 1.1 scanner behind kubectl does not look at the indentation inside quotes; the parser here does. White space
//! at the start of such a line vanishes when the lines are joined, so spaces put there change no value, only offsets.

use std::borrow::Cow;

use granit_parser::{ErrorKind, ScanError};

/// A text with spaces put in, and the way back to the offsets of the original.
#[derive(Debug)]
pub(super) struct Relaxed<'a> {
    pub(super) text: Cow<'a, str>,
    /// Where in the original, and how many; ascending.
    added: Vec<(usize, usize)>,
}

impl<'a> Relaxed<'a> {
    /// Each line costs a pass over the text up to it.
    const MAX_LINES: usize = 200;
    const MAX_BYTES: usize = 128 * 1024 * 1024;

    pub(super) fn unchanged(text: &'a str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            added: Vec::new(),
        }
    }

    /// Puts in what is missing, as long as `first_error` finds a line of that kind.
    pub(super) fn new(original: &'a str, first_error: impl Fn(&str) -> Option<ScanError>) -> Self {
        let mut relaxed = Self::unchanged(original);
        let spaces = deepest_indentation(original) + 1;
        let mut work = 0;
        for _ in 0..Self::MAX_LINES {
            let error = first_error(&relaxed.text).filter(|error| may_help(error.kind()));
            let Some(at) = error.and_then(|error| error.marker().byte_offset()) else {
                break;
            };
            work += at;
            let at = relaxed.original(at);
            let line = original[..at.min(original.len())]
                .rfind('\n')
                .map_or(0, |end| end + 1);
            if work > Self::MAX_BYTES || relaxed.added.iter().any(|&(known, _)| known == line) {
                break;
            }
            relaxed.added.push((line, spaces));
            relaxed.added.sort_unstable();
            relaxed.text = Cow::Owned(relaxed.write(original));
        }
        relaxed
    }

    fn write(&self, original: &str) -> String {
        let mut text = String::with_capacity(
            original.len() + self.added.iter().map(|added| added.1).sum::<usize>(),
        );
        let mut from = 0;
        for &(at, spaces) in &self.added {
            text.push_str(&original[from..at]);
            text.extend(std::iter::repeat_n(' ', spaces));
            from = at;
        }
        text.push_str(&original[from..]);
        text
    }

    /// The offset in the original text of an offset in this one.
    pub(super) fn original(&self, offset: usize) -> usize {
        let mut shift = 0;
        for &(at, spaces) in &self.added {
            if offset <= at + shift {
                break;
            }
            if offset < at + shift + spaces {
                return at;
            }
            shift += spaces;
        }
        offset - shift
    }
}

/// Errors that spaces at the start of the line may settle.
pub(super) fn may_help(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabInIndentation | ErrorKind::InvalidQuotedScalarIndent
    )
}

/// An indentation that is enough anywhere in the text.
fn deepest_indentation(text: &str) -> usize {
    const ENOUGH: usize = 4_096;
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '-', '?']).len();
    text.lines().map(indentation).max().unwrap_or(0).min(ENOUGH)
}
