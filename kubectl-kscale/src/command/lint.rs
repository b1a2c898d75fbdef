//! `lint`: what cannot have been meant, and how to mend it.

use std::ffi::OsString;

use kscale_rules::explain::list;
use kscale_rules::facts::Facts;
use serde_json::Value;

use super::explain::{Session, kind};
use crate::cli::{Lint, ReportFormat, ReportTo};
use crate::error::{Error, Outcome};
use crate::facts;
use crate::input::{Given, InputArg, Loaded, Options, load, load_each};
use crate::lint::{Config, Policy, Question, Report, find_config, judge};
use crate::render::{self, Screen};

/// Reads, judges, reports.
pub(super) fn run(arguments: &Lint, screen: Screen) -> Result<Outcome, Error> {
    check(arguments)?;
    let mut run = Run::new(arguments)?;
    let report = run.report();
    run.write(&report, screen)?;
    Ok(run.outcome(&report))
}

/// What clap cannot tell.
fn check(arguments: &Lint) -> Result<(), Error> {
    if arguments.input.filename.is_empty() {
        return Err(Error::usage("nothing to judge: -f is missing").hint(
            "give a file, a folder, an address or - : kubectl kscale lint -f manifests/ -R",
        ));
    }
    let stdin = |names: &[OsString]| names.iter().any(|name| name == "-");
    if stdin(&arguments.input.filename) && stdin(&arguments.facts.facts) {
        return Err(Error::usage("standard input cannot be both -f and --facts")
            .hint("put one of them into a file"));
    }
    if arguments
        .output
        .iter()
        .filter(|to| to.file.is_none())
        .count()
        > 1
    {
        return Err(
            Error::usage("two reports cannot both go to standard output")
                .hint("give all but one a file: -o text -o sarif=kscale.sarif"),
        );
    }
    Ok(())
}

/// One run of the command.
struct Run<'a> {
    arguments: &'a Lint,
    policy: Policy,
    snapshot: Loaded,
    given: Vec<Given>,
    session: Session,
}

impl<'a> Run<'a> {
    fn new(arguments: &'a Lint) -> Result<Self, Error> {
        let config = config(arguments)?;
        let configured = config.as_ref().map(|config| config.facts.clone());
        let policy = Policy::new(&arguments.checks, config)?;
        let options = Options {
            recursive: arguments.input.recursive,
            network: !arguments.facts.offline,
        };
        let mut facts = arguments.facts.facts.clone();
        if facts.is_empty() {
            facts = configured.unwrap_or_default();
        }
        let snapshot = load(&inputs(&facts), &options);
        let mut given = load_each(&inputs(&arguments.input.filename), &options);
        let mut session = Session::default();
        session.unreadable(&snapshot);
        for one in &mut given {
            // Problems are part of the report; notices are said beside it.
            session.notices(&one.loaded);
            session.settle(
                &mut one.loaded.documents,
                arguments.input.namespace.as_deref(),
            );
        }
        Ok(Self {
            arguments,
            policy,
            snapshot,
            given,
            session,
        })
    }

    fn facts(&self) -> Facts {
        let documents = self.given.iter().flat_map(|given| &given.loaded.documents);
        let local: Vec<&Value> = documents
            .map(|document| &document.value)
            .filter(|object| facts::is_fact(object))
            .collect();
        facts::gather(&self.arguments.facts, &self.snapshot.documents, &local)
    }

    fn report(&mut self) -> Report {
        let facts = self.facts();
        let question = Question {
            given: &self.given,
            snapshot: &self.snapshot.documents,
            facts: &facts,
            policy: &self.policy,
        };
        let (items, others) = judge(&question);
        let mut report = Report {
            facts: list(Vec::new(), &facts).facts,
            items: items.into_iter().map(|(_, item)| item).collect(),
            unreadable: self
                .given
                .iter()
                .flat_map(|given| given.loaded.problems.clone())
                .collect(),
            summary: Default::default(),
        };
        for document in others
            .into_iter()
            .filter(|other| !facts::is_fact(&other.value))
        {
            *self.session.passed_over.entry(kind(document)).or_default() += 1;
        }
        report.summary.objects = report.items.len();
        report.summary.files = self
            .given
            .iter()
            .map(|given| given.loaded.sources.len())
            .sum();
        report.summary.passed_over = self.session.passed_over.values().sum();
        report.count();
        report
    }

    fn write(&mut self, report: &Report, screen: Screen) -> Result<(), Error> {
        let width = screen.width();
        let to_stdout = ReportTo {
            format: ReportFormat::Text,
            file: None,
        };
        let mut reports: Vec<&ReportTo> = self.arguments.output.iter().collect();
        if reports.iter().all(|to| to.file.is_some()) {
            reports.push(&to_stdout);
        }
        for to in reports {
            let text = render::report(to.format, report, width)?;
            match &to.file {
                Some(file) => std::fs::write(file, screen.plain(&text).as_bytes())
                    .map_err(|error| Error::file(file, &error))?,
                None => screen.print(&text)?,
            }
        }
        self.session.messages.passed_over(&self.session.passed_over);
        screen.tell(&std::mem::take(&mut self.session.messages).into_text());
        Ok(())
    }

    fn outcome(&self, report: &Report) -> Outcome {
        let strict = self.arguments.checks.strict && self.doubtful();
        if strict || !report.unreadable.is_empty() {
            return Outcome::Failed;
        }
        let least = self.policy.fail_on().least();
        let found = if least.is_some_and(|least| report.has(least)) {
            Outcome::Findings
        } else {
            Outcome::Clean
        };
        found.max(self.session.outcome)
    }

    /// Whether something was read otherwise than it looks, or is no object of Kubernetes.
    fn doubtful(&self) -> bool {
        let noticed = self
            .given
            .iter()
            .any(|given| !given.loaded.notices.is_empty());
        noticed || self.session.passed_over.contains_key("(no kind)")
    }
}

fn inputs(names: &[OsString]) -> Vec<InputArg> {
    names.iter().cloned().map(InputArg::from).collect()
}

fn config(arguments: &Lint) -> Result<Option<Config>, Error> {
    if arguments.checks.no_config {
        return Ok(None);
    }
    let path = arguments.checks.config.clone().or_else(find_config);
    path.map(|path| Config::read(&path)).transpose()
}
