//! What could not be read, and what was read otherwise than it looks.

use std::fmt;
use std::sync::Arc;

use super::places::Span;
use super::source::{Place, Source};
use super::visible::visible;

/// What went wrong, for programs; the message is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// The source is not there.
    NotFound,
    /// The source is there and cannot be read, or holds nothing to read.
    Unreadable,
    /// The source is needed from the network, which is not allowed or did not answer.
    Network,
    /// The bytes are no UTF-8.
    Encoding,
    /// The text is no YAML or JSON that kubectl would accept.
    Syntax,
    /// The text is well formed and holds something JSON cannot: `.nan`, a null key.
    Value,
    /// Too large, too deep, or too much of it through aliases.
    Limit,
    /// A document that is no mapping.
    Shape,
}

/// A source or a document that could not be read. The others are read all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What went wrong.
    pub kind: ProblemKind,
    /// The source as given.
    pub source: Arc<str>,
    /// Which document of it, from 0; none where the source as a whole is meant.
    pub document: Option<usize>,
    /// Where in it.
    pub place: Option<Place>,
    /// What is wrong, without the place.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Problem {
    pub(super) fn of_source(
        source: impl Into<Arc<str>>,
        kind: ProblemKind,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            source: source.into(),
            document: None,
            place: None,
            message: message.into(),
            hint: None,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// `file:line:column: message`, safe for a terminal; the hint is left to the renderer.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        located(f, &self.source, self.place, &self.message)
    }
}

impl std::error::Error for Problem {}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// A key written twice in one mapping: the last counts, silently, in kubectl too.
    DuplicateKey,
    /// A merge key that replaces a key written above it, as go-yaml v2 does and the YAML merge draft does not.
    MergeReplaces,
    /// Text that kubectl never looks at.
    TextIgnored,
    /// Read here, while kubectl stops at it.
    Lenient,
}

/// Something read without an error, yet not as it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// The source as given.
    pub source: Arc<str>,
    /// Which document of it, from 0.
    pub document: Option<usize>,
    /// Where.
    pub place: Place,
    /// The other place that matters: the first of two keys, the key that a merge replaces.
    pub related: Option<Place>,
    /// What happens, without the place.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        located(f, &self.source, Some(self.place), &self.message)
    }
}

fn located(
    f: &mut fmt::Formatter<'_>,
    source: &str,
    place: Option<Place>,
    message: &str,
) -> fmt::Result {
    write!(f, "{}:", visible(source))?;
    if let Some(Place { line, column, .. }) = place {
        write!(f, "{line}:{column}:")?;
    }
    write!(f, " {}", visible(message))
}

/// A problem by offsets, before anybody has asked for lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: Span,
    pub(super) kind: ProblemKind,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// Only about the indentation inside quotes, which kubectl does not look at.
    pub(super) in_quotes: bool,
}

impl Fault {
    pub(super) fn at(at: Span, kind: ProblemKind, message: impl Into<String>) -> Self {
        Self {
            at,
            kind,
            message: message.into(),
            hint: None,
            in_quotes: false,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn in_document(self, source: &Source, document: usize) -> Problem {
        Problem {
            kind: self.kind,
            source: source.name().clone(),
            document: Some(document),
            place: Some(source.place(self.at.start as usize, self.at.end as usize)),
            message: self.message,
            hint: self.hint,
        }
    }
}
