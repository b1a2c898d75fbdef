//! What every verb that reads manifests does with them, and what it says beside its answer.

use std::collections::BTreeMap;
use std::ffi::OsString;

use serde_json::Value;

use crate::cli::{FactsArgs, Input};
use crate::error::{Error, Outcome};
use crate::facts;
use crate::input::{Document, InputArg, Loaded};
use crate::render::{self, Messages};

/// The namespace of objects for which nobody names one.
pub(super) const DEFAULT_NAMESPACE: &str = "default";

/// What clap cannot tell. `hint` says how to name an input.
pub(super) fn check(input: &Input, facts: &FactsArgs, verb: &str, hint: &str) -> Result<(), Error> {
    if input.filename.is_empty() {
        return Err(Error::usage(format!("nothing to {verb}: -f is missing")).hint(hint));
    }
    one_stdin(input, facts)
}

/// Standard input can be read once.
pub(super) fn one_stdin(input: &Input, facts: &FactsArgs) -> Result<(), Error> {
    let stdin = |names: &[OsString]| names.iter().any(|name| name == "-");
    if stdin(&input.filename) && stdin(&facts.facts) {
        return Err(Error::usage("standard input cannot be both -f and --facts")
            .hint("put one of them into a file"));
    }
    Ok(())
}

/// The inputs that arguments name.
pub(super) fn inputs(names: &[OsString]) -> Vec<InputArg> {
    names
        .iter()
        .flat_map(|name| InputArg::all_in(name))
        .collect()
}

/// What is gathered beside the answer.
#[derive(Default)]
pub(super) struct Session {
    /// What goes to standard error.
    pub(super) messages: Messages,
    /// How the command ends, as far as reading goes.
    pub(super) outcome: Outcome,
    /// How many documents of which kind were not asked about.
    pub(super) passed_over: BTreeMap<String, usize>,
    /// Whether an object got a namespace that nobody named.
    pub(super) namespace_assumed: bool,
}

impl Session {
    /// What could not be read, and what was read otherwise than it looks.
    pub(super) fn unreadable(&mut self, loaded: &Loaded) {
        self.notices(loaded);
        for problem in &loaded.problems {
            self.outcome = Outcome::Failed;
            self.messages.problem(problem);
        }
    }

    /// What was read otherwise than it looks.
    pub(super) fn notices(&mut self, loaded: &Loaded) {
        for notice in &loaded.notices {
            self.messages.notice(notice);
        }
    }

    /// Gives objects without a namespace the one of the command line, else that of the kubeconfig's `context`, as kubectl
    /// would; takes out those of another than the command line's.
    pub(super) fn settle(
        &mut self,
        documents: &mut Vec<Document>,
        asked: Option<&str>,
        context: Option<&str>,
    ) {
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
                    let known = asked.or(context);
                    let namespace = Value::from(known.unwrap_or(DEFAULT_NAMESPACE));
                    metadata.insert("namespace".to_owned(), namespace);
                    self.namespace_assumed |= known.is_none();
                    true
                }
            }
        });
    }

    /// Takes out what Kubernetes would refuse to hold, and what thus decides nothing.
    pub(super) fn refused_facts(&mut self, documents: &mut Vec<Document>) {
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

    /// Facts that tell nothing are most likely the wrong file.
    pub(super) fn doubt(&mut self, snapshot: &Loaded) {
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
pub(super) fn names_namespace(document: &Document) -> bool {
    document.places.value_at("/metadata/namespace").is_some()
}

/// The kind, for counting.
pub(super) fn kind(document: &Document) -> String {
    kind_of(&document.value)
}

/// The kind of an object, for counting.
pub(super) fn kind_of(object: &Value) -> String {
    match object.get("kind").and_then(Value::as_str) {
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
