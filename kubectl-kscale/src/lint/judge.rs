//! All documents before all rules.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use kscale_rules::explain::{Finding, ObjectRef};
use kscale_rules::facts::Facts;
use kscale_rules::rules;
use serde_json::Value;

use super::place;
use super::policy::{Policy, is_in};
use super::report::{Item, Located};
use super::suppress::{self, Comment};
use crate::crew;
use crate::facts::text;
use crate::input::{Document, Given, InputArg};

/// What is judged, and by what.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    pub(crate) given: &'a [Given],
    /// The state before, where a snapshot has it.
    pub(crate) snapshot: &'a [Value],
    pub(crate) facts: &'a Facts,
    pub(crate) policy: &'a Policy,
    /// Whether objects got a namespace that nobody named; it is not shown then.
    pub(crate) namespace_assumed: bool,
}

/// One document and what was found in it.
struct Judged<'a> {
    document: &'a Document,
    /// None where no rule looks at its kind.
    found: Option<Vec<Located>>,
}

/// Judges everything on all cores. Gives the objects that were judged, and the documents that were not.
pub(crate) fn judge<'a>(question: &Question<'a>) -> (Vec<Item>, Vec<&'a Document>) {
    let documents: Vec<(usize, &Document)> = question
        .given
        .iter()
        .enumerate()
        .flat_map(|(source, given)| given.loaded.documents.iter().map(move |one| (source, one)))
        .collect();
    let counts: Vec<Vec<bool>> = question
        .given
        .iter()
        .map(|given| question.policy.within(path(given)))
        .collect();
    let before = before(&documents, question.snapshot);
    let judged = crew::each(
        documents.len(),
        || (),
        |(), number| {
            let (source, document) = documents[number];
            let old = before.get(&number).copied();
            let found = rules::judge(&document.value, old, question.facts)?;
            Some(locate_all(found, document, &counts[source]))
        },
    );
    let mut judged = judged.into_iter().zip(&documents).peekable();
    let (mut items, mut passed_over) = (Vec::new(), Vec::new());
    for (number, given) in question.given.iter().enumerate() {
        let mut of_source = Vec::new();
        while let Some((found, (_, document))) =
            judged.next_if(|(_, (source, _))| *source == number)
        {
            of_source.push(Judged { document, found });
        }
        suppress(given, &counts[number], &mut of_source);
        for (place, Judged { document, found }) in of_source.into_iter().enumerate() {
            let Some(mut found) = found else {
                passed_over.push(document);
                continue;
            };
            found.sort_by(|a, b| order(a).cmp(&order(b)));
            items.push(Item {
                number,
                document: place,
                object: object(document, question.namespace_assumed),
                source: Arc::clone(document.places.source()),
                found,
            });
        }
    }
    (items, passed_over)
}

fn order(located: &Located) -> (usize, &str, &str) {
    let finding = &located.finding;
    (located.mark.start, &finding.code, &finding.pointer)
}

fn path(given: &Given) -> Option<&Path> {
    match &given.input {
        Some(InputArg::Path(path)) => Some(path),
        _ => None,
    }
}

/// Which object a document is about.
fn object(document: &Document, namespace_assumed: bool) -> ObjectRef {
    let text = |pointer: &str| text(&document.value, pointer).to_owned();
    let written = document.places.value_at("/metadata/namespace").is_some();
    let shown = written || !namespace_assumed;
    ObjectRef {
        api_version: text("/apiVersion"),
        kind: text("/kind"),
        namespace: if shown {
            text("/metadata/namespace")
        } else {
            String::new()
        },
        name: text("/metadata/name"),
        origin: document.origin.to_string(),
    }
}

fn locate_all(found: Vec<Finding>, document: &Document, counts: &[bool]) -> Vec<Located> {
    let found = found
        .into_iter()
        .filter(|finding| is_in(counts, &finding.code));
    found
        .map(|mut finding| {
            let places = &document.places;
            let mark = place::locate(&mut finding, places);
            Located {
                finding,
                mark: mark.unwrap_or_else(|| places.source().place(0, 0)),
                suppressed: None,
            }
        })
        .collect()
}

/// Holds the comments of a source against what was found in it, and adds what is wrong with the comments themselves.
fn suppress(given: &Given, counts: &[bool], judged: &mut [Judged<'_>]) {
    let Some(source) = given.loaded.sources.first() else {
        return;
    };
    if judged.is_empty() {
        return;
    }
    let comments = suppress::read(source, |at| {
        judged
            .iter()
            .any(|one| one.document.places.is_in_scalar(at))
    });
    for mut comment in comments {
        let all = judged
            .iter_mut()
            .filter_map(|one| one.found.as_mut())
            .flatten();
        for located in all.filter(|one| one.suppressed.is_none()) {
            located.suppressed = comment.suppresses(&located.finding).map(str::to_owned);
        }
        let of_itself = comment.findings(counts, given.loaded.problems.is_empty());
        if of_itself.is_empty() {
            continue;
        }
        let owner = owner(judged, &comment);
        let places = &owner.document.places;
        let found = owner.found.get_or_insert_default();
        for (mark, mut finding) in of_itself {
            place::set(&mut finding, mark, places);
            found.push(Located {
                finding,
                mark,
                suppressed: None,
            });
        }
    }
}

/// The document that a comment is in: the last that begins before it, or the first of all.
fn owner<'a, 'b>(judged: &'a mut [Judged<'b>], comment: &Comment) -> &'a mut Judged<'b> {
    let starts = |one: &Judged<'_>| {
        one.document
            .places
            .value_at("")
            .map_or(0, |place| place.start)
    };
    let at = judged
        .iter()
        .rposition(|one| starts(one) <= comment.start());
    &mut judged[at.unwrap_or(0)]
}

/// The state before each document, by its number: the last earlier document about the same object, else the snapshot's.
fn before<'a>(
    documents: &[(usize, &'a Document)],
    snapshot: &'a [Value],
) -> BTreeMap<usize, &'a Value> {
    let mut known: HashMap<Key<'a>, &'a Value> = HashMap::with_capacity(documents.len());
    for object in snapshot {
        known.extend(key(object).map(|key| (key, object)));
    }
    let mut before = BTreeMap::new();
    for (number, (_, document)) in documents.iter().enumerate() {
        let Some(key) = key(&document.value) else {
            continue;
        };
        if let Some(old) = known.insert(key, &document.value) {
            before.insert(number, old);
        }
    }
    before
}

/// Group, kind, namespace and name. Versions are different views of one object.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

fn key(object: &Value) -> Option<Key<'_>> {
    let name = text(object, "/metadata/name");
    if name.is_empty() {
        return None;
    }
    let group = text(object, "/apiVersion")
        .rsplit_once('/')
        .map_or("", |(group, _)| group);
    let namespace = text(object, "/metadata/namespace");
    let namespace = if namespace.is_empty() {
        "default"
    } else {
        namespace
    };
    Some((group, text(object, "/kind"), namespace, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Loaded, Options, load_with};

    fn read(text: &str) -> Loaded {
        let loaded = load_with(
            &[InputArg::Stdin],
            &Options::default(),
            &mut text.as_bytes(),
        );
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
        loaded
    }

    #[test]
    fn the_state_before_is_an_earlier_document_or_that_of_the_snapshot() {
        let object = |version: &str, name: &str, step: &str| {
            format!(
                "apiVersion: x.io/{version}\nkind: A\nmetadata: {{name: {name}}}\nstep: {step}\n---\n"
            )
        };
        let snapshot = read(&(object("v1", "a", "live") + &object("v1", "b", "live")));
        let given = read(
            &[
                object("v2", "a", "one"),
                object("v1", "a", "two"),
                object("v1", "c", "one"),
                "kind: A\nmetadata: {}\n---\nkind: A\nmetadata: {}\n".to_owned(),
            ]
            .concat(),
        );
        let documents: Vec<(usize, &Document)> =
            given.documents.iter().map(|one| (0, one)).collect();
        let snapshot: Vec<Value> = snapshot
            .documents
            .into_iter()
            .map(|one| one.value)
            .collect();
        let before = before(&documents, &snapshot);
        let steps: Vec<(usize, &str)> = before
            .iter()
            .map(|(number, old)| (*number, text(old, "/step")))
            .collect();
        assert_eq!(steps, [(0, "live"), (1, "one")]);
    }
}
