//! What looks like a manifest and is none of its own: templates and values of Helm, and what Kustomize puts together. A change there
//! would be lost, or break what it is a part of.

mod helm;
mod kustomize;
mod whole;

use crate::input::{Document, Given};

/// A file or an object that is not changed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    /// `file:line:column`, or the file.
    pub(super) place: String,
    /// What it is, in one sentence without a full stop.
    pub(super) message: String,
    /// What to do instead; `{to}` stands for the autoscaler that is wished.
    pub(super) hints: Vec<String>,
    /// How much it is in the way of what else is given; it is told to whoever names the file itself, in any case.
    pub(super) weight: Weight,
    /// What it is a part of: of several files of the same, one is told.
    pub(super) group: Option<String>,
}

/// How much something is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// An object that is meant may be in it: nothing is changed.
    Stops,
    /// It may lie over an object that is meant: that is said.
    Warns,
    /// It is of no concern.
    Silent,
}

/// Whether a whole source is no manifest.
pub(super) fn source(given: &Given) -> Option<Foreign> {
    helm::source(given).or_else(|| kustomize::source(given))
}

/// Whether an object is no manifest of its own.
pub(super) fn document(given: &Given, document: &Document) -> Option<Foreign> {
    helm::document(document)
        .or_else(|| kustomize::document(given, document))
        .or_else(|| whole::document(document))
}

/// The name of a source.
fn name(given: &Given) -> String {
    let source = given
        .loaded
        .sources
        .first()
        .map(|one| one.name().to_string());
    let problem = || {
        given
            .loaded
            .problems
            .first()
            .map(|one| one.source.to_string())
    };
    source.or_else(problem).unwrap_or_default()
}
