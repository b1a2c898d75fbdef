//! Random manifests and random patches, and what must hold for each: the tests and the fuzzer share it.
//!
//! A case is worked out from bytes, so that a fuzzer can steer it and a shrunk case is a smaller one.

mod choices;
mod manifest;
mod patches;

use serde_json::Value;

use super::settle::comments;
use super::{DocumentEdit, Edited, apply};
use crate::input::{Document, InputArg, Loaded, Options, load_with};
pub(crate) use choices::Choices;

/// What became of a case.
#[derive(Debug, Default)]
pub struct Report {
    /// The text before.
    pub before: String,
    /// The text after.
    pub after: String,
    /// How many edits were made.
    pub made: usize,
    /// Why others were not.
    pub refused: Vec<String>,
}

/// Works out a case from `bytes`, applies its edits and checks the result.
///
/// # Errors
///
/// What does not hold, with the case.
pub fn run(bytes: &[u8]) -> Result<Report, String> {
    let mut choices = Choices::new(bytes);
    let mut text = manifest::write(&mut choices);
    if choices.once_in(4) {
        manifest::disturb(&mut choices, &mut text);
    }
    let loaded = read(&text);
    if loaded.documents.is_empty() {
        return Ok(Report::default());
    }
    let mut cases = Vec::new();
    for _ in 0..=choices.pick(3) {
        let number = choices.pick(loaded.documents.len());
        let patch = patches::write(&mut choices, &loaded.documents[number].value);
        cases.push((number, patch));
    }
    check(&loaded, &cases)
}

fn read(text: &str) -> Loaded {
    load_with(
        &[InputArg::Stdin],
        &Options::default(),
        &mut text.as_bytes(),
    )
}

fn check(loaded: &Loaded, cases: &[(usize, Vec<Value>)]) -> Result<Report, String> {
    let Some(source) = loaded.sources.first() else {
        return Ok(Report::default());
    };
    let edits: Vec<_> = cases
        .iter()
        .map(|(number, patch)| DocumentEdit {
            document: &loaded.documents[*number],
            patch,
        })
        .collect();
    let edited = apply(source, &edits).map_err(|error| error.to_string())?;
    let shown = |what: &str| {
        let patches: Vec<_> = cases
            .iter()
            .map(|(number, patch)| format!("{number}: {}", Value::from(patch.clone())))
            .collect();
        format!(
            "{what}\n--- before\n{}\n--- after\n{}\n--- patches\n{}\n--- refused\n{:?}",
            source.text(),
            edited.text,
            patches.join("\n"),
            edited.refused
        )
    };
    let after = read(&edited.text);
    objects(loaded, &after, cases, &edited).map_err(|what| shown(&what))?;
    if comments_of(source.text()) != comments_of(&edited.text) {
        return Err(shown("the comments differ"));
    }
    lines(source.text(), loaded, cases, &edited).map_err(|what| shown(&what))?;
    again(&after, cases, &edited).map_err(|what| shown(&what))?;
    Ok(Report {
        before: source.text().to_string(),
        made: cases.len() - edited.refused.len(),
        after: edited.text,
        refused: edited
            .refused
            .into_iter()
            .map(|refusal| refusal.reason)
            .collect(),
    })
}

/// All comments of a text, document by document.
pub(crate) fn comments_of(text: &str) -> Vec<String> {
    let mut all: Vec<_> = text.split("\n---").flat_map(comments).collect();
    all.sort_unstable();
    all
}

/// Each object is what the patches that were not refused make of it.
fn objects(
    before: &Loaded,
    after: &Loaded,
    cases: &[(usize, Vec<Value>)],
    edited: &Edited,
) -> Result<(), String> {
    let mut expected: Vec<_> = before
        .documents
        .iter()
        .map(|document| document.value.clone())
        .collect();
    for (number, patch) in made(cases, edited) {
        let patch: json_patch::Patch = serde_json::from_value(Value::from(patch.clone()))
            .map_err(|error| error.to_string())?;
        json_patch::patch_unsafe(&mut expected[*number], &patch)
            .map_err(|error| error.to_string())?;
    }
    let found: Vec<_> = after
        .documents
        .iter()
        .map(|document| document.value.clone())
        .collect();
    if found != expected {
        return Err(format!("expected {}", Value::from(expected)));
    }
    Ok(())
}

fn made<'c>(
    cases: &'c [(usize, Vec<Value>)],
    edited: &'c Edited,
) -> impl Iterator<Item = &'c (usize, Vec<Value>)> {
    let is_made =
        |(edit, _): &(usize, _)| edited.refused.iter().all(|refusal| refusal.edit != *edit);
    cases
        .iter()
        .enumerate()
        .filter(is_made)
        .map(|(_, case)| case)
}

/// Documents without an edit are the same, and one small edit costs no line but its own.
fn lines(
    text: &str,
    before: &Loaded,
    cases: &[(usize, Vec<Value>)],
    edited: &Edited,
) -> Result<(), String> {
    let (old, new): (Vec<_>, Vec<_>) = (parts(text), parts(&edited.text));
    let touched: Vec<_> = made(cases, edited)
        .map(|(number, _)| before.documents[*number].places.whole())
        .collect();
    let mut start = 0;
    for (old, new) in old.iter().zip(&new) {
        let end = start + old.len();
        let is_touched = touched
            .iter()
            .flatten()
            .any(|place| (start..end).contains(&place.start));
        if !is_touched && old != new {
            return Err(format!(
                "a document without an edit changed: {old:?} to {new:?}"
            ));
        }
        start = end;
    }
    let [(number, patch)] = cases else {
        return Ok(());
    };
    if edited.refused.is_empty() && is_small(&before.documents[*number], patch) {
        let mut left: Vec<_> = edited.text.lines().collect();
        let lost = text
            .lines()
            .filter(|line| match left.iter().position(|one| one == line) {
                Some(at) => {
                    left.remove(at);
                    false
                }
                None => true,
            });
        let lost: Vec<_> = lost.collect();
        if lost.len() > 1 {
            return Err(format!("more than one line changed: {lost:?}"));
        }
    }
    Ok(())
}

/// The text cut where documents are, nothing left out.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("\n---") {
        let (part, behind) = rest.split_at(at + 1);
        parts.push(part);
        rest = behind;
    }
    parts.push(rest);
    parts
}

/// One scalar on one line that becomes another, or one new key.
fn is_small(document: &Document, patch: &[Value]) -> bool {
    let [operation] = patch else {
        return false;
    };
    let path = operation["path"].as_str().unwrap_or_default();
    let is_scalar =
        |value: Option<&Value>| value.is_some_and(|value| !(value.is_object() || value.is_array()));
    match operation["op"].as_str() {
        Some("add") => {
            // Brackets may stretch over several lines, and then two of them change.
            document.value.pointer(path).is_none()
                && !document.places.source().text().contains(['{', '['])
        }
        Some("replace") => {
            let place = document.places.value_at(path);
            let source = document.places.source().text();
            let written = place.and_then(|place| source.get(place.start..place.end));
            is_scalar(document.value.pointer(path))
                && is_scalar(operation.get("value"))
                && written.is_some_and(|written| !written.contains('\n'))
                && !source.contains(['|', '>'])
        }
        _ => false,
    }
}

/// What has been made once changes nothing a second time.
fn again(after: &Loaded, cases: &[(usize, Vec<Value>)], edited: &Edited) -> Result<(), String> {
    let [(number, patch)] = cases else {
        return Ok(());
    };
    let (Some(source), [operation]) = (after.sources.first(), patch.as_slice()) else {
        return Ok(());
    };
    let document = &after.documents[*number];
    let path = operation["path"].as_str().unwrap_or_default();
    let in_map = path
        .rsplit_once('/')
        .is_some_and(|(parent, _)| document.value.pointer(parent).is_some_and(Value::is_object));
    let settles = match operation["op"].as_str() {
        Some("replace" | "test") => true,
        Some("add") => in_map,
        _ => false,
    };
    if !settles || !edited.refused.is_empty() {
        return Ok(());
    }
    let twice =
        apply(source, &[DocumentEdit { document, patch }]).map_err(|error| error.to_string())?;
    if twice.text != edited.text || !twice.refused.is_empty() {
        return Err(format!(
            "the second time it becomes\n{}\n{:?}",
            twice.text, twice.refused
        ));
    }
    Ok(())
}
