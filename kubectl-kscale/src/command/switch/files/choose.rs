//! Which of the objects that were read are meant, and which of them are no manifests of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::foreign::{self, Foreign, Weight};
use super::read::Manifests;
use crate::cli::Switch;
use crate::command::session::kind;
use crate::error::{Error, Outcome};
use crate::facts::{self, text};
use crate::input::Document;
use crate::render::readable;

/// An object that is meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chosen {
    /// Its source.
    pub(super) number: usize,
    /// Which of the documents of that.
    pub(super) document: usize,
}

/// All that are meant, in the order they were read. What stands in the way of changing one is told, and makes the command fail.
pub(super) fn all(arguments: &Switch, manifests: &mut Manifests<'_>) -> Result<Vec<Chosen>, Error> {
    let mut chosen = Vec::new();
    let mut foreign: Vec<Foreign> = Vec::new();
    let mut aside: Vec<Foreign> = Vec::new();
    let mut problems = Vec::new();
    let mut told_of = BTreeSet::new();
    for (number, given) in manifests.given.iter().enumerate() {
        let named = manifests.is_named(given);
        if let Some(found) = foreign::source(given) {
            let told = if named || found.weight == Weight::Stops {
                &mut foreign
            } else {
                &mut aside
            };
            told.push(found);
            told_of.insert(number);
            continue;
        }
        problems.extend(&given.loaded.problems);
        for (position, document) in given.loaded.documents.iter().enumerate() {
            if !is_meant(arguments, document) {
                continue;
            }
            match foreign::document(given, document) {
                Some(found) => foreign.push(found),
                None => chosen.push(Chosen {
                    number,
                    document: position,
                }),
            }
        }
    }
    let problems: Vec<_> = problems.into_iter().cloned().collect();
    for problem in &problems {
        manifests.session.outcome = Outcome::Failed;
        manifests.session.messages.problem(problem);
    }
    if chosen.is_empty() && foreign.is_empty() {
        foreign = std::mem::take(&mut aside);
    }
    for one in aside.iter().filter(|one| one.weight == Weight::Warns) {
        let message = format!("{}: {}: passed over", one.place, one.message);
        let hint =
            "what it changes counts over what is changed here: look whether it decides on scaling";
        manifests.session.messages.doubt(&message, hint);
    }
    tell(manifests, foreign, arguments);
    if manifests.session.outcome == Outcome::Clean {
        missing(arguments, manifests, &chosen)?;
    }
    count_the_rest(manifests, &told_of);
    Ok(chosen)
}

/// Whether an object is of a kind that is switched, and selected.
fn is_meant(arguments: &Switch, document: &Document) -> bool {
    let names = &arguments.files.name;
    let selector = arguments.selection.selector.as_ref();
    is_switched(document)
        && (names.is_empty()
            || names
                .iter()
                .any(|name| name == text(&document.value, "/metadata/name")))
        && selector.is_none_or(|selector| selector.matches(&document.value))
}

fn is_switched(document: &Document) -> bool {
    let version = text(&document.value, "/apiVersion");
    matches!(
        (version.split('/').next(), text(&document.value, "/kind")),
        (Some("serving.kserve.io"), "InferenceService") | (Some("serving.knative.dev"), "Service")
    )
}

/// The same about several files is said once.
fn tell(manifests: &mut Manifests<'_>, foreign: Vec<Foreign>, arguments: &Switch) {
    let to = arguments.wish.to;
    let mut alike: Vec<(Foreign, usize)> = Vec::new();
    for one in foreign {
        let same =
            |(other, _): &&mut (Foreign, usize)| other.group.is_some() && other.group == one.group;
        match alike.iter_mut().find(same) {
            Some((_, more)) => *more += 1,
            None => alike.push((one, 0)),
        }
    }
    for (one, more) in alike {
        manifests.session.outcome = Outcome::Failed;
        let mut message = one.message;
        match more {
            0 => {}
            1 => message.push_str("; so is another file of it"),
            more => message.push_str(&format!("; so are {more} more files of it")),
        }
        let mut error = Error::input(format!("{}: {message}", one.place));
        for hint in one.hints {
            error = error
                .hint(hint.replace("{to}", kscale_rules::switch::Destination::from(to).as_str()));
        }
        manifests.session.messages.error(&error);
    }
}

/// Names that no object has, and nothing at all.
fn missing(arguments: &Switch, manifests: &Manifests<'_>, chosen: &[Chosen]) -> Result<(), Error> {
    let switched: Vec<&Document> = manifests
        .documents()
        .filter(|one| is_switched(one))
        .collect();
    let has = |name: &String| {
        let mut all = switched.iter();
        all.any(|one| text(&one.value, "/metadata/name") == name.as_str())
    };
    if let Some(name) = arguments.files.name.iter().find(|name| !has(name)) {
        let there = switched
            .iter()
            .map(|one| text(&one.value, "/metadata/name"));
        let there: BTreeSet<&str> = there.collect();
        let there: Vec<&str> = there.into_iter().take(6).collect();
        let error = Error::input(format!("no object among the manifests is called {name}"));
        return Err(if there.is_empty() {
            error
        } else {
            error.hint(format!("there are {}", there.join(", ")))
        });
    }
    if !chosen.is_empty() {
        return Ok(());
    }
    let error = Error::input("nothing to change: no InferenceService or Knative Service is meant");
    Err(match (switched.len(), manifests.elsewhere) {
        (0, 0) => error.hint("what was read holds none"),
        (0, more) => error.hint(format!(
            "-n leaves out {more}, which are of other namespaces"
        )),
        (count, _) => error.hint(format!("--name and -l leave out all of {count}")),
    })
}

/// What is of no kind that is switched, for counting.
fn count_the_rest(manifests: &mut Manifests<'_>, told_of: &BTreeSet<usize>) {
    let mut passed_over: BTreeMap<String, usize> = BTreeMap::new();
    let sources = manifests.given.iter().enumerate();
    let rest = sources.filter(|(number, _)| !told_of.contains(number));
    for document in rest.flat_map(|(_, given)| &given.loaded.documents) {
        if !is_switched(document) && !facts::is_fact(&document.value) {
            *passed_over.entry(kind(document)).or_default() += 1;
        }
    }
    manifests.session.passed_over = passed_over;
}

/// `file:line:column` of a value of a document.
pub(super) fn place(document: &Document, pointer: &str) -> String {
    let source = &document.origin.source;
    match document.places.nearest(pointer) {
        Some(place) => format!("{source}:{}:{}", place.line, place.column),
        None => source.to_string(),
    }
}

/// A pointer for people, in a message.
pub(super) fn path(pointer: &str) -> String {
    readable(pointer)
}
