//! What `switch -f` reads: manifests as they are written, as the API server would have them, and what is known around them.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::super::super::known::{Known, Question};
use super::super::super::preview::merge;
use super::super::super::session::{Session, inputs, one_stdin};
use crate::cli::Switch;
use crate::error::Error;
use crate::facts::text;
use crate::input::{Document, Given, InputArg, Options, load_each};

/// What was read.
pub(super) struct Manifests<'a> {
    pub(super) given: Vec<Given>,
    /// The objects of each as they are written, before anything is added to them.
    pub(super) written: Vec<Vec<Value>>,
    pub(super) known: Known,
    pub(super) session: Session,
    /// What the command line names.
    pub(super) named: Vec<InputArg>,
    /// How many objects are of another namespace than the one asked for.
    pub(super) elsewhere: usize,
    asked: Option<&'a str>,
}

impl<'a> Manifests<'a> {
    /// Reads everything.
    pub(super) fn read(arguments: &'a Switch) -> Result<Self, Error> {
        one_stdin(&arguments.input, &arguments.facts)?;
        let options = Options {
            recursive: arguments.input.recursive,
            network: !arguments.facts.offline,
        };
        let named = inputs(&arguments.input.filename);
        let mut given = load_each(&named, &options);
        once_each(&mut given);
        let mut session = Session::default();
        let question = Question {
            recursive: arguments.input.recursive,
            ..Question::new(&arguments.facts, &arguments.cluster)
        };
        let documents = given.iter().flat_map(|one| &one.loaded.documents);
        let objects: Vec<&Value> = documents.map(|document| &document.value).collect();
        let known = question.around(&mut session, &objects)?;
        let mut manifests = Self {
            given,
            written: Vec::new(),
            known,
            session,
            named,
            elsewhere: 0,
            asked: arguments.input.namespace.as_deref(),
        };
        manifests.settle();
        Ok(manifests)
    }

    /// Gives objects their namespace and what the cluster has written to them. None of that goes into a file.
    fn settle(&mut self) {
        let context = self.known.namespace.as_deref();
        for given in &mut self.given {
            self.session.notices(&given.loaded);
            let documents = &mut given.loaded.documents;
            self.session.refused_facts(documents);
            let all = documents.len();
            documents.retain(|document| is_of(&document.value, self.asked));
            self.elsewhere += all - documents.len();
            let written = documents.iter().map(|document| document.value.clone());
            self.written.push(written.collect());
            self.session.settle(documents, self.asked, context);
            merge(documents, &self.known.snapshot.objects);
        }
    }

    /// All documents.
    pub(super) fn documents(&self) -> impl Iterator<Item = &Document> {
        self.given.iter().flat_map(|given| &given.loaded.documents)
    }

    /// Whether the command line names this very file, and not only the folder that it lies in.
    pub(super) fn is_named(&self, given: &Given) -> bool {
        given
            .input
            .as_ref()
            .is_some_and(|input| self.named.contains(input))
    }
}

/// Whoever names a file twice, by a link or in full, gets it changed once.
fn once_each(given: &mut Vec<Given>) {
    let mut seen = BTreeSet::new();
    given.retain(|one| match &one.input {
        Some(InputArg::Path(path)) => {
            std::fs::canonicalize(path).map_or(true, |whole| seen.insert(whole))
        }
        _ => true,
    });
}

/// Whether a workload may be of the namespace that was asked for. Facts of elsewhere stay.
fn is_of(object: &Value, asked: Option<&str>) -> bool {
    let version = text(object, "/apiVersion");
    let is_workload = matches!(
        (version.split('/').next(), text(object, "/kind")),
        (
            Some("serving.kserve.io"),
            "InferenceService" | "InferenceGraph"
        ) | (Some("serving.knative.dev"), "Service")
    );
    let own = text(object, "/metadata/namespace");
    !is_workload || own.is_empty() || asked.is_none_or(|asked| own == asked)
}

/// The file of a source, where it is one.
pub(super) fn path(given: &Given) -> Option<&Path> {
    match &given.input {
        Some(InputArg::Path(path)) => Some(path),
        _ => None,
    }
}
