//! What one run of `lint` holds: what was read, what is known, what counts.

use std::sync::Arc;

use kscale_rules::explain::list;
use serde_json::Value;

use super::super::known::{Known, Question as Sources};
use super::super::session::{DEFAULT_NAMESPACE, Session, inputs, kind};
use crate::cli::Lint;
use crate::error::{Error, Outcome};
use crate::facts;
use crate::input::{Document, Given, InputArg, Options, load_each};
use crate::lint::{Config, Policy, Question, Report, find_config, judge};
use crate::render::Screen;

/// One run.
pub(super) struct Run<'a> {
    pub(super) arguments: &'a Lint,
    pub(super) policy: Policy,
    pub(super) given: Vec<Given>,
    pub(super) session: Session,
    /// What is known of the cluster.
    pub(super) known: Known,
    /// Whether something was read otherwise than it looks.
    doubtful: bool,
}

impl<'a> Run<'a> {
    /// Reads everything.
    pub(super) fn new(arguments: &'a Lint) -> Result<Self, Error> {
        let config = config(arguments)?;
        let configured = config.as_ref().map(|config| config.facts.clone());
        let policy = Policy::new(&arguments.checks, config)?;
        let options = Options {
            recursive: arguments.input.recursive,
            network: !arguments.facts.offline,
        };
        let given = load_each(&inputs(&arguments.input.filename), &options);
        let mut session = Session::default();
        let sources = Sources {
            configured: configured.unwrap_or_default(),
            recursive: arguments.input.recursive,
            ..Sources::new(&arguments.facts, &arguments.cluster)
        };
        let documents = given.iter().flat_map(|one| &one.loaded.documents);
        let manifests: Vec<&Value> = documents.map(|document| &document.value).collect();
        let known = sources.around(&mut session, &manifests)?;
        Ok(Self::over(arguments, policy, session, known, given))
    }

    /// On what was read.
    pub(super) fn over(
        arguments: &'a Lint,
        policy: Policy,
        session: Session,
        known: Known,
        given: Vec<Given>,
    ) -> Self {
        let mut run = Self {
            arguments,
            policy,
            doubtful: given.iter().any(|one| !one.loaded.notices.is_empty()),
            given,
            session,
            known,
        };
        for number in 0..run.given.len() {
            // Problems are part of the report; notices are said beside it.
            run.session.notices(&run.given[number].loaded);
            let asked = arguments.input.namespace.as_deref();
            let documents = &mut run.given[number].loaded.documents;
            run.session.refused_facts(documents);
            run.session
                .settle(documents, asked, run.known.namespace.as_deref());
        }
        run
    }

    /// Puts another text into a source.
    pub(super) fn replace(&mut self, number: usize, text: &str) {
        let Some(source) = self.given[number].loaded.sources.first().map(Arc::clone) else {
            return;
        };
        self.given[number] = self.given[number].with_text(source.name(), text);
        // What is wrong has been said about the text before.
        let mut unheard = Session::default();
        let documents = &mut self.given[number].loaded.documents;
        unheard.refused_facts(documents);
        unheard.settle(
            documents,
            self.arguments.input.namespace.as_deref(),
            self.known.namespace.as_deref(),
        );
    }

    /// Whether there was no document and no problem in anything given.
    pub(super) fn is_empty(&self) -> bool {
        let nothing =
            |given: &Given| given.loaded.documents.is_empty() && given.loaded.problems.is_empty();
        self.session.outcome == Outcome::Clean && self.given.iter().all(nothing)
    }

    /// The text of a source as it is now.
    pub(super) fn text(&self, number: usize) -> Arc<str> {
        let source = self
            .given
            .get(number)
            .and_then(|given| given.loaded.sources.first());
        source.map_or_else(|| "".into(), |source| Arc::clone(source.text()))
    }

    /// The text of standard input as it is now, where that was read.
    pub(super) fn stdin_text(&self) -> Option<Arc<str>> {
        let is_stdin = |given: &Given| {
            matches!(given.input, Some(InputArg::Stdin)) && !given.loaded.sources.is_empty()
        };
        self.given
            .iter()
            .position(is_stdin)
            .map(|number| self.text(number))
    }

    /// Judges what is there now.
    pub(super) fn report(&mut self) -> Report {
        let documents = || self.given.iter().flat_map(|given| &given.loaded.documents);
        let facts = self.known.facts(&self.arguments.facts, documents());
        let (items, others) = judge(&Question {
            given: &self.given,
            snapshot: &self.known.snapshot.objects,
            facts: &facts,
            policy: &self.policy,
            namespace_assumed: self.session.namespace_assumed,
        });
        let mut report = Report {
            facts: list(Vec::new(), &facts).facts,
            items,
            unreadable: self
                .given
                .iter()
                .flat_map(|given| given.loaded.problems.clone())
                .collect(),
            summary: Default::default(),
        };
        if self.session.namespace_assumed {
            let sentence = format!("objects without a namespace go to {DEFAULT_NAMESPACE}");
            report.facts.assumed.push(sentence);
        }
        let others = others
            .into_iter()
            .filter(|other: &&Document| !facts::is_fact(&other.value));
        let mut passed_over = std::collections::BTreeMap::new();
        for document in others {
            *passed_over.entry(kind(document)).or_default() += 1;
        }
        report.summary.objects = report.items.len();
        report.summary.files = self
            .given
            .iter()
            .map(|given| given.loaded.sources.len())
            .sum();
        report.summary.passed_over = passed_over.values().sum();
        report.count();
        self.session.passed_over = passed_over;
        report
    }

    /// Says what is said beside the report.
    pub(super) fn tell(&mut self, screen: Screen) {
        self.session.messages.passed_over(&self.session.passed_over);
        screen.tell(&std::mem::take(&mut self.session.messages).into_text());
    }

    /// How the command ends, where findings alone would make it end as `found`.
    pub(super) fn outcome(&self, found: Outcome) -> Outcome {
        let unreadable = self
            .given
            .iter()
            .any(|given| !given.loaded.problems.is_empty());
        let doubt = self.doubtful || self.session.passed_over.contains_key("(no kind)");
        if unreadable || (self.arguments.checks.strict && doubt) {
            return Outcome::Failed;
        }
        found.max(self.session.outcome)
    }
}

fn config(arguments: &Lint) -> Result<Option<Config>, Error> {
    if arguments.checks.no_config {
        return Ok(None);
    }
    let path = arguments.checks.config.clone().or_else(find_config);
    path.map(|path| Config::read(&path)).transpose()
}
