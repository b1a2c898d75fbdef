//! All edits of a text, and the proof that they did what they should and nothing else.

use std::collections::BTreeMap;

use granit_parser::{Event, Parser};
use serde_json::Value;

use super::unit::{Failure, Object, Outcome, Unit, range};
use super::{DocumentEdit, Refusal};
use crate::input::{Document, InputArg, Loaded, Options, load_with};

type Numbered<'a> = (usize, DocumentEdit<'a>);

/// What is wrong with a result.
enum Doubt {
    /// These edits, each for its own reason.
    Edits(Vec<Failure>),
    /// One of them.
    Somewhere,
}

/// Makes as many of `edits` as can be made.
pub(super) fn settle(text: &str, edits: &[Numbered<'_>]) -> (String, Vec<Refusal>) {
    let mut edits = edits.to_vec();
    let mut refused = Vec::new();
    loop {
        if edits.is_empty() {
            return (text.to_owned(), refused);
        }
        let failures = match attempt(text, &edits) {
            Ok(text) => return (text, refused),
            Err(Doubt::Edits(failures)) => failures,
            Err(Doubt::Somewhere) if edits.len() == 1 => {
                let reason = "the result would not be what the patch asks for".to_owned();
                edits.iter().map(|edit| (edit.0, reason.clone())).collect()
            }
            Err(Doubt::Somewhere) => {
                // Half of them, then the other half on top of it.
                let (first, second) = edits.split_at(edits.len() / 2);
                let (text, first) = settle(text, first);
                let (text, second) = settle(&text, second);
                refused.extend(first.into_iter().chain(second));
                return (text, refused);
            }
        };
        edits.retain(|(edit, _)| failures.iter().all(|(failed, _)| failed != edit));
        refused.extend(
            failures
                .into_iter()
                .map(|(edit, reason)| Refusal { edit, reason }),
        );
    }
}

fn attempt(text: &str, edits: &[Numbered<'_>]) -> Result<String, Doubt> {
    let before = read(text);
    let units = units(text, &before.documents, edits).map_err(Doubt::Edits)?;
    let mut outcomes = Vec::new();
    let mut failures = Vec::new();
    for unit in &units {
        match unit.run(text) {
            Ok(outcome) => outcomes.push(outcome),
            Err(failed) => failures.extend(failed),
        }
    }
    if !failures.is_empty() {
        return Err(Doubt::Edits(failures));
    }
    let mut changed = String::with_capacity(text.len());
    let mut from = 0;
    for (unit, outcome) in units.iter().zip(&outcomes) {
        let between = text.get(from..unit.range.start).ok_or(Doubt::Somewhere)?;
        changed.push_str(between);
        changed.push_str(&outcome.text);
        from = unit.range.end;
    }
    changed.push_str(text.get(from..).unwrap_or_default());
    if changed == text {
        return Ok(changed);
    }
    verify(&before, &changed, &units, &outcomes)?;
    comments_survive(text, &units, &outcomes)?;
    Ok(changed)
}

fn read(text: &str) -> Loaded {
    load_with(
        &[InputArg::Stdin],
        &Options::default(),
        &mut text.as_bytes(),
    )
}

/// The edits by the document that they are in, in the order of the text.
fn units<'a>(
    text: &str,
    documents: &'a [Document],
    edits: &[Numbered<'a>],
) -> Result<Vec<Unit<'a>>, Vec<Failure>> {
    let by_origin: BTreeMap<_, _> = documents
        .iter()
        .enumerate()
        .map(|(number, document)| {
            (
                (document.origin.document, document.origin.items.as_slice()),
                number,
            )
        })
        .collect();
    let mut units: BTreeMap<usize, Unit<'a>> = BTreeMap::new();
    let mut failures = Vec::new();
    for (edit, DocumentEdit { document, patch }) in edits {
        let origin = &document.origin;
        let found = by_origin.get(&(origin.document, origin.items.as_slice()));
        let found = found.and_then(|&number| Some((number, documents.get(number)?)));
        let place =
            found.and_then(|(number, document)| Some((number, document, range(text, document)?)));
        let Some((number, document, range)) = place else {
            failures.push((*edit, format!("{origin} is no longer there")));
            continue;
        };
        let unit = units.entry(range.start).or_insert_with(|| Unit {
            range,
            objects: BTreeMap::new(),
        });
        let object = unit.objects.entry(number).or_insert_with(|| Object {
            document,
            edits: Vec::new(),
        });
        object.edits.push((*edit, patch));
    }
    for unit in units.values().filter(|unit| !unit.is_whole(text)) {
        let edits = unit.objects.values().flat_map(|object| &object.edits);
        let reason = "it follows JSON objects without a line `---` between";
        failures.extend(edits.map(|(edit, _)| (*edit, reason.to_owned())));
    }
    if failures.is_empty() {
        Ok(units.into_values().collect())
    } else {
        Err(failures)
    }
}

/// Every object must be what it was or what its patches make of it.
fn verify(
    before: &Loaded,
    changed: &str,
    units: &[Unit<'_>],
    outcomes: &[Outcome],
) -> Result<(), Doubt> {
    let after = read(changed);
    let problems = |loaded: &Loaded| -> Vec<_> {
        loaded
            .problems
            .iter()
            .map(|problem| (problem.document, problem.kind))
            .collect()
    };
    let origins = |loaded: &Loaded| -> Vec<_> {
        loaded
            .documents
            .iter()
            .map(|document| document.origin.clone())
            .collect()
    };
    if problems(before) != problems(&after) || origins(before) != origins(&after) {
        return Err(Doubt::Somewhere);
    }
    let expected: BTreeMap<usize, &Value> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.expected)
        .map(|(number, value)| (*number, value))
        .collect();
    let pairs = before.documents.iter().zip(&after.documents).enumerate();
    let wrong: Vec<usize> = pairs
        .filter(|(number, (before, after))| {
            *expected.get(number).unwrap_or(&&before.value) != &after.value
        })
        .map(|(number, _)| number)
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    // Where an object has several edits, which of them is to blame shows when they are made one by one.
    let mut failures = Vec::new();
    for number in wrong {
        let object = units.iter().find_map(|unit| unit.objects.get(&number));
        match object.map(|object| object.edits.as_slice()) {
            Some(&[(edit, _)]) => {
                failures.push((
                    edit,
                    "the result would not be what the patch asks for".to_owned(),
                ));
            }
            _ => return Err(Doubt::Somewhere),
        }
    }
    Err(Doubt::Edits(failures))
}

fn comments_survive(text: &str, units: &[Unit<'_>], outcomes: &[Outcome]) -> Result<(), Doubt> {
    for (unit, outcome) in units.iter().zip(outcomes) {
        let before = text.get(unit.range.clone()).unwrap_or_default();
        if comments(before) != comments(&outcome.text) {
            return Err(Doubt::Somewhere);
        }
    }
    Ok(())
}

/// The comments of a document as the parser sees them, in no order.
pub(super) fn comments(text: &str) -> Vec<String> {
    let options = granit_parser::options! { emit_comments: true };
    let mut comments: Vec<_> = Parser::new_from_str_with_options(text, options)
        .map_while(Result::ok)
        .filter_map(|(event, _)| match event {
            Event::Comment(text, _) => Some(text.trim_end().to_owned()),
            _ => None,
        })
        .collect();
    comments.sort_unstable();
    comments
}
