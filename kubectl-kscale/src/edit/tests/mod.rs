//! What an edit leaves as it is, what it changes, and what it refuses.

mod block;
mod files;
mod flow;
mod manifest;
mod moves;
mod property;
mod refusals;
mod values;

use serde_json::Value;

use super::{DocumentEdit, Edited, apply};
use crate::input::{InputArg, Loaded, Options, load_with};

fn read(text: &str) -> Loaded {
    load_with(
        &[InputArg::Stdin],
        &Options::default(),
        &mut text.as_bytes(),
    )
}

/// Applies each patch to the document of that number.
fn edited(text: &str, patches: &[(usize, Value)]) -> Edited {
    let loaded = read(text);
    let edits: Vec<_> = patches
        .iter()
        .map(|(number, patch)| DocumentEdit {
            document: &loaded.documents[*number],
            patch: patch.as_array().unwrap(),
        })
        .collect();
    apply(&loaded.sources[0], &edits).unwrap()
}

/// The text with `patch` applied to its first document.
fn fixed(text: &str, patch: Value) -> String {
    let edited = edited(text, &[(0, patch)]);
    assert_eq!(edited.refused, [], "{text}");
    edited.text
}

/// Why `patch` is not applied to the first document.
fn refused(text: &str, patch: Value) -> String {
    let edited = edited(text, &[(0, patch)]);
    assert_eq!(edited.text, text);
    assert_eq!(edited.refused.len(), 1, "{text}");
    edited.refused[0].reason.clone()
}
