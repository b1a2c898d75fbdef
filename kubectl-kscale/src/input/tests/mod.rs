//! What is read, by kind of input. Where an expectation is about kubectl, it is what the Go code gave for that text.

mod files;
mod hostile;
mod json;
mod lists;
mod places;
mod quirks;
mod scalars;
mod split;
mod syntax;
mod web;

use super::*;

/// Everything in `text`, given on standard input.
fn read(text: impl AsRef<[u8]>) -> Loaded {
    load_with(&[InputArg::Stdin], &Options::default(), &mut text.as_ref())
}

/// The values of a text without problems.
fn values(text: &str) -> Vec<String> {
    let loaded = read(text);
    assert!(
        loaded.problems.is_empty(),
        "{text:?}: {:?}",
        shown(&loaded.problems)
    );
    loaded
        .documents
        .iter()
        .map(|document| document.value.to_string())
        .collect()
}

/// The value of the only document of a text without problems.
fn value(text: &str) -> String {
    let values = values(text);
    assert_eq!(values.len(), 1, "{text:?}");
    values.into_iter().next().unwrap()
}

/// The only problem of a text.
fn problem(text: impl AsRef<[u8]>) -> Problem {
    let loaded = read(text.as_ref());
    let text = String::from_utf8_lossy(text.as_ref())
        .chars()
        .take(200)
        .collect::<String>();
    assert_eq!(
        loaded.problems.len(),
        1,
        "{text:?}: {:?}",
        shown(&loaded.problems)
    );
    loaded.problems.into_iter().next().unwrap()
}

/// Problems or notices as they are shown.
fn shown<T: ToString>(all: &[T]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

fn line_and_column(place: Option<Place>) -> (u32, u32) {
    place.map(|place| (place.line, place.column)).unwrap()
}
