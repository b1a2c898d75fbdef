//! JSON Patches applied to manifests as they are written: whatever a patch does not speak of stays as it is, byte for
//! byte, comments, quotes, order and line breaks included.
//!
//! A patch becomes a row of small steps (`steps`); for each, the text is read with the place of every dash, colon,
//! anchor and comment (`read`, `syntax`), and the bytes to change are worked out (`plan`). At the end the whole text
//! goes through [`input`](crate::input) again: every object must be exactly what the patch makes of it, every other
//! object what it was, and every comment still there (`settle`). A patch for which that does not hold is refused as a
//! whole and leaves no trace, so an edit never damages a file.
//!
//! There are libraries for such edits. `yamlpatch` needs tree-sitter, a C library, and a newer compiler than ours;
//! those built on `rowan` bring a second grammar, which would have to agree with the one that `input` reads with. Here
//! both are the same parser's.
//!
//! ```
//! use kubectl_kscale::edit::{DocumentEdit, apply};
//! use kubectl_kscale::input::{InputArg, Options, load_with};
//! use serde_json::json;
//!
//! let mut manifest = "kind: Service # ours\nspec:\n  replicas: 1 # for now\n".as_bytes();
//! let loaded = load_with(&[InputArg::Stdin], &Options::default(), &mut manifest);
//! let patch = [json!({"op": "replace", "path": "/spec/replicas", "value": 2})];
//! let edit = DocumentEdit { document: &loaded.documents[0], patch: &patch };
//! let edited = apply(&loaded.sources[0], &[edit])?;
//! assert_eq!(edited.text, "kind: Service # ours\nspec:\n  replicas: 2 # for now\n");
//! # Ok::<(), kubectl_kscale::edit::EditError>(())
//! ```

#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod plan;
mod quote;
mod read;
mod render;
mod save;
mod settle;
mod steps;
mod syntax;
mod text;
mod unit;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::Value;
use thiserror::Error;

use crate::input::{Document, Source};

pub(crate) use quote::plain_or_quoted;
pub(crate) use save::Prepared;
pub use save::{SaveError, save};

/// What to change in one document.
#[derive(Debug, Clone, Copy)]
pub struct DocumentEdit<'a> {
    /// The document, as it was read from the source; it may be an item of a list.
    pub document: &'a Document,
    /// The operations of a JSON Patch (RFC 6902), each an object with `op` and `path`. They are applied all or none.
    pub patch: &'a [Value],
}

/// A text with edits made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The new text; the old one where nothing was changed.
    pub text: String,
    /// The edits that are not in it, in the order they were given.
    pub refused: Vec<Refusal>,
}

/// An edit that was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which of the edits, from 0.
    pub edit: usize,
    /// Why, for people.
    pub reason: String,
}

/// Why no edit was made at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// An edit is meant for another text.
    #[error("{document} is not in the text that is edited")]
    OtherSource {
        /// The document that was to be changed.
        document: String,
    },
}

/// Makes all `edits` in the text of `source` that can be made without touching anything else.
///
/// Edits of one document are made in the order they are given, each on what the one before it made.
///
/// # Errors
///
/// When an edit's document was not read from this text.
pub fn apply(source: &Source, edits: &[DocumentEdit<'_>]) -> Result<Edited, EditError> {
    let stranger = edits.iter().find(|edit| {
        let read_from = edit.document.places.source().text();
        let same_text = Arc::ptr_eq(read_from, source.text()) || read_from == source.text();
        edit.document.origin.source != *source.name() || !same_text
    });
    if let Some(edit) = stranger {
        return Err(EditError::OtherSource {
            document: edit.document.origin.to_string(),
        });
    }
    let edits: Vec<_> = edits.iter().copied().enumerate().collect();
    let (text, mut refused) = settle::settle(source.text(), &edits);
    refused.sort_by_key(|refusal| refusal.edit);
    Ok(Edited { text, refused })
}
