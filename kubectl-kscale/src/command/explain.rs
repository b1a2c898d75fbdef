//! `explain`: what scales each object, and why.

use std::collections::BTreeMap;

use kscale_rules::explain::types::{Explanation, ExplanationList};
use kscale_rules::explain::{explain, list};
use kscale_rules::facts::Facts;
use serde_json::Value;

use super::rules;
use crate::cli::{Explain, FactsArgs};
use crate::error::{Error, Outcome};
use crate::facts;
use crate::input::{Document, InputArg, Loaded, Options, Places, load};
use crate::render::{self, Messages, Screen};

/// The namespace of objects for which nobody names one.
pub(super) const DEFAULT_NAMESPACE: &str = "default";

/// Reads, explains, answers.
pub(crate) fn run(arguments: &Explain, screen: Screen) -> Result<Outcome, Error> {
    if let Some(name) = &arguments.rule {
        return rules::explain(name, arguments.output.output, screen);
    }
    check(arguments)?;
    let options = Options {
        recursive: arguments.input.recursive,
        network: !arguments.facts.offline,
    };
    let mut snapshot = read(&arguments.facts.facts, &options);
    let mut given = read(&arguments.input.filename, &options);
    let mut session = Session::default();
    session.unreadable(&snapshot);
    session.unreadable(&given);
    if !arguments.facts.facts.is_empty() {
        session.doubt(&snapshot);
    }
    session.refused_facts(&mut snapshot.documents);
    session.refused_facts(&mut given.documents);
    session.settle(&mut given.documents, arguments.input.namespace.as_deref());
    let facts = facts_of(&arguments.facts, &snapshot, &given);
    let answer = session.explain(&given.documents, &facts);
    let nothing = given.documents.is_empty() && given.problems.is_empty();

    let text = render::answer(
        arguments.output.output,
        &answer,
        &session.places,
        screen.width(),
    )?;
    let written = screen.print(&text);
    session.messages.passed_over(&session.passed_over);
    screen.tell(&session.messages.into_text());
    match written {
        // Whoever reads has seen enough, which mends nothing that went wrong before.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        other => other?,
    }
    if nothing {
        return Err(Error::input("nothing to explain: no document was given")
            .hint("what was read is empty, or holds only comments"));
    }
    Ok(session.outcome)
}

/// What clap cannot tell.
fn check(arguments: &Explain) -> Result<(), Error> {
    if arguments.input.filename.is_empty() {
        return Err(Error::usage("nothing to explain: -f is missing").hint(
            "give a file, a folder, an address or - : kubectl kscale explain -f model.yaml",
        ));
    }
    let stdin = |names: &[std::ffi::OsString]| names.iter().any(|name| name == "-");
    if stdin(&arguments.input.filename) && stdin(&arguments.facts.facts) {
        return Err(Error::usage("standard input cannot be both -f and --facts")
            .hint("put one of them into a file"));
    }
    Ok(())
}

fn read(names: &[std::ffi::OsString], options: &Options) -> Loaded {
    let inputs: Vec<InputArg> = names
        .iter()
        .flat_map(|name| InputArg::all_in(name))
        .collect();
    load(&inputs, options)
}

fn facts_of(arguments: &FactsArgs, snapshot: &Loaded, given: &Loaded) -> Facts {
    let local: Vec<&Value> = given
        .documents
        .iter()
        .map(|document| &document.value)
        .filter(|object| facts::is_fact(object))
        .collect();
    facts::gather(arguments, &snapshot.documents, &local)
}

/// What is gathered beside the answer.
#[derive(Default)]
pub(super) struct Session {
    pub(super) messages: Messages,
    pub(super) outcome: Outcome,
    /// Where each item of the answer was read, for people.
    places: Vec<String>,
    /// How many documents of which kind were not asked about.
    pub(super) passed_over: BTreeMap<String, usize>,
    /// Whether an object got a namespace that nobody named.
    pub(super) namespace_assumed: bool,
}

impl Session {
    pub(super) fn unreadable(&mut self, loaded: &Loaded) {
        self.notices(loaded);
        for problem in &loaded.problems {
            self.outcome = Outcome::Failed;
            self.messages.problem(problem);
        }
    }

    pub(super) fn notices(&mut self, loaded: &Loaded) {
        for notice in &loaded.notices {
            self.messages.notice(notice);
        }
    }

    /// Gives objects without a namespace the one of the command line, or the one kubectl would; takes out those of
    /// another than the command line's.
    pub(super) fn settle(&mut self, documents: &mut Vec<Document>, asked: Option<&str>) {
        documents.retain_mut(|document| {
            if !is_of_a_namespace(&document.value) {
                return true;
            }
            let metadata = document.value.get_mut("metadata");
            let Some(metadata) = metadata.and_then(Value::as_object_mut) else {
                return true;
            };
            let own = metadata.get("namespace").and_then(Value::as_str);
            match (own.filter(|own| !own.is_empty()), asked) {
                (Some(own), Some(asked)) if own != asked => {
                    let own = own.to_owned();
                    self.elsewhere(document, &own, asked);
                    false
                }
                (Some(_), _) => true,
                (None, _) => {
                    let namespace = Value::from(asked.unwrap_or(DEFAULT_NAMESPACE));
                    metadata.insert("namespace".to_owned(), namespace);
                    self.namespace_assumed |= asked.is_none();
                    true
                }
            }
        });
    }

    /// Takes out what Kubernetes would refuse to hold, and what thus decides nothing.
    fn refused_facts(&mut self, documents: &mut Vec<Document>) {
        documents.retain(|document| {
            let Some((pointer, what)) = facts::no_text(&document.value) else {
                return true;
            };
            self.outcome = Outcome::Failed;
            let name = document.value.pointer("/metadata/name");
            let name = name.and_then(Value::as_str).unwrap_or_default();
            let message = format!(
                "Kubernetes refuses the ConfigMap {name}, so it is left out: {} is {what}, not text",
                render::readable(&pointer)
            );
            let hint = "every value of a ConfigMap is text; put it in quotes";
            self.messages.object(&place_in(document, &pointer), &message, hint);
            false
        });
    }

    fn doubt(&mut self, snapshot: &Loaded) {
        if snapshot.problems.is_empty() && facts::told_nothing(&snapshot.documents) {
            self.messages.doubt(
                "--facts tells nothing about KServe or Knative: everything is assumed",
                "give the ConfigMaps, Deployments and CustomResourceDefinitions of the cluster, as plain objects",
            );
        }
    }

    fn elsewhere(&mut self, document: &Document, own: &str, asked: &str) {
        self.outcome = Outcome::Failed;
        let place = place_in(document, "/metadata/namespace");
        let name = document.value.pointer("/metadata/name");
        let name = name.and_then(Value::as_str).unwrap_or_default();
        self.messages.object(
            &place,
            &format!("{name} is of namespace {own}, while --namespace says {asked}"),
            &format!("give --namespace {own} for it, or leave out --namespace"),
        );
    }

    fn explain(&mut self, documents: &[Document], facts: &Facts) -> ExplanationList {
        let mut items = Vec::new();
        for document in documents {
            match explain(&document.value, facts) {
                Some(mut item) => {
                    locate(&mut item, document);
                    if self.namespace_assumed && !names_namespace(document) {
                        item.object.namespace.clear();
                    }
                    self.places.push(place_of(document));
                    items.push(item);
                }
                None if facts::is_fact(&document.value) => {}
                None => *self.passed_over.entry(kind(document)).or_default() += 1,
            }
        }
        let mut answer = list(items, facts);
        if self.namespace_assumed {
            let sentence = format!("objects without a namespace go to {DEFAULT_NAMESPACE}");
            answer.facts.assumed.push(sentence);
        }
        answer
    }
}

/// Cluster-wide objects and ConfigMaps of other places keep what they say: they are facts, and no objects asked about.
fn is_of_a_namespace(object: &Value) -> bool {
    let version = object.get("apiVersion").and_then(Value::as_str);
    let version = version.unwrap_or_default();
    let kind = object.get("kind").and_then(Value::as_str);
    let of_a_model =
        version.starts_with("serving.kserve.io/") || version.starts_with("serving.knative.dev/");
    of_a_model && kind != Some("ClusterServingRuntime")
}

/// Whether the namespace is written, and not one that was assumed: what was assumed stands nowhere.
fn names_namespace(document: &Document) -> bool {
    document.places.value_at("/metadata/namespace").is_some()
}

pub(super) fn kind(document: &Document) -> String {
    match document.value.get("kind").and_then(Value::as_str) {
        Some(kind) if !kind.is_empty() => kind.to_owned(),
        _ => "(no kind)".to_owned(),
    }
}

/// `file:line:column` of a value, for messages.
fn place_in(document: &Document, pointer: &str) -> String {
    let source = &document.origin.source;
    match document.places.nearest(pointer) {
        Some(place) => format!("{source}:{}:{}", place.line, place.column),
        None => source.to_string(),
    }
}

/// The path, with the line where the object is not the first thing in it.
fn place_of(document: &Document) -> String {
    let origin = &document.origin;
    let first = origin.document == 0 && origin.items.is_empty();
    match document.places.value_at("") {
        Some(place) if !first => format!("{}:{}", origin.source, place.line),
        _ => origin.source.to_string(),
    }
}

/// Fills in where everything stands.
fn locate(item: &mut Explanation, document: &Document) {
    let places = &document.places;
    item.object.origin = document.origin.to_string();
    for component in &mut item.components {
        for link in &mut component.because {
            if let Some(pointer) = &link.pointer {
                (link.line, link.column) = key_or_value(places, pointer);
            }
        }
        for setting in &mut component.inert {
            (setting.line, setting.column) = key_or_value(places, &setting.pointer);
        }
    }
    for finding in &mut item.findings {
        crate::lint::locate(finding, places);
    }
}

/// Where a setting begins: at its key, where it has one.
fn key_or_value(places: &Places, pointer: &str) -> (Option<u32>, Option<u32>) {
    let place = places.key_at(pointer).or_else(|| places.nearest(pointer));
    (
        place.map(|place| place.line),
        place.map(|place| place.column),
    )
}
