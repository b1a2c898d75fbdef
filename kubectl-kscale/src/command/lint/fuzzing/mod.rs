//! Random manifests, linted and mended, and what must hold for each: the tests and the fuzzer share it.
//!
//! A case is worked out from bytes, as in `edit::fuzzing`. It is read, judged and mended by what the command itself runs.

mod objects;
mod print;
mod settings;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use clap::Parser as _;
use kscale_rules::explain::{Finding, Fix, Safety, explain};
use kscale_rules::facts::Facts;
use serde_json::{Value, json};

use super::super::known::Known;
use super::super::session::Session;
use super::mend::mend;
use super::run::Run;
use crate::cli::{Cli, Command, Lint};
use crate::edit::fuzzing::{Choices, comments_of};
use crate::input::{Given, InputArg, Loaded, Options, load_with};
use crate::lint::{Item, Located, Policy, Report as Found, fix};
use crate::snapshot::Snapshot;

/// What became of a case.
#[derive(Debug, Default)]
pub struct Report {
    /// The codes of what was found.
    pub found: Vec<String>,
    /// How many fixes were made.
    pub fixed: usize,
    /// Why others were not.
    pub refused: Vec<String>,
    /// Whether the whole text could be read.
    pub readable: bool,
}

/// Snapshots of clusters; of the first, nothing is known.
const CLUSTERS: [&str; 4] = [
    "",
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: inferenceservices.serving.kserve.io\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: controller\n  namespace: knative-serving\n  labels:\n    \
     app.kubernetes.io/version: 1.23.0\n",
    "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata:\n  name: v1beta1.metrics.k8s.io\nstatus:\n  conditions:\n  \
     - type: Available\n    status: 'False'\n",
];

const VERSIONS: [&[&str]; 4] = [
    &[],
    &["--kserve-version=0.14.1"],
    &["--kserve-version=0.11.2", "--knative-version=1.0.0"],
    &["--kserve-version=main"],
];

/// One case.
struct Case {
    arguments: Lint,
    cluster: &'static str,
    text: String,
    unsafe_too: bool,
}

/// Works out a case from `bytes`, judges it, mends it and checks the result.
///
/// # Errors
///
/// What does not hold, with the case.
pub fn run(bytes: &[u8]) -> Result<Report, String> {
    let mut choices = Choices::new(bytes);
    let unsafe_too = choices.once_in(2);
    let (cluster, versions) = if choices.once_in(4) {
        (choices.one_of(&CLUSTERS), choices.one_of(&VERSIONS))
    } else {
        (None, None)
    };
    let objects = objects::write(&mut choices);
    let text = print::write(&mut choices, &objects);
    let case = Case {
        arguments: arguments(unsafe_too, versions.unwrap_or_default())?,
        cluster: cluster.unwrap_or_default(),
        text,
        unsafe_too,
    };
    let which = choices.pick(256);
    case.check(which).map_err(|what| {
        let Case { text, unsafe_too, cluster, .. } = &case;
        format!("{what}\n--- unsafe fixes: {unsafe_too}, versions: {versions:?}, cluster:\n{cluster}\n--- text\n{text}")
    })
}

fn arguments(unsafe_too: bool, versions: &[&str]) -> Result<Lint, String> {
    let mut line = vec!["kubectl-kscale", "lint", "-f-", "--fix", "--no-config"];
    line.extend(unsafe_too.then_some("--unsafe-fixes"));
    line.extend(versions);
    match Cli::try_parse_from(line).map(|cli| cli.command) {
        Ok(Command::Lint(arguments)) => Ok(arguments),
        other => Err(format!("{other:?}")),
    }
}

fn read(text: &str) -> Loaded {
    load_with(
        &[InputArg::Stdin],
        &Options::default(),
        &mut text.as_bytes(),
    )
}

impl Case {
    fn open(&self, text: &str) -> Result<Run<'_>, String> {
        let policy =
            Policy::new(&self.arguments.checks, None).map_err(|error| error.to_string())?;
        let given = Given {
            input: Some(InputArg::Stdin),
            loaded: read(text),
        };
        let known = Known {
            snapshot: Snapshot::of_documents(match self.cluster {
                "" => Vec::new(),
                cluster => read(cluster).documents,
            }),
            namespace: None,
        };
        Ok(Run::over(
            &self.arguments,
            policy,
            Session::default(),
            known,
            vec![given],
        ))
    }

    fn check(&self, which: usize) -> Result<Report, String> {
        let mut run = self.open(&self.text)?;
        let report = run.report();
        let mut refused = self.one_fix(&report, which)?;
        let found = report.items.iter().flat_map(|item| &item.found);
        let found = found.map(|one| one.finding.code.clone()).collect();
        let readable = run
            .given
            .iter()
            .all(|given| given.loaded.problems.is_empty());
        let before = self.verdicts(&run);
        let (left, changes) = mend(&mut run, report);
        let after = run.text(0);
        let shown = |what: String| format!("{what}\n--- after\n{after}");
        let told = std::mem::take(&mut run.session.messages).into_text();
        let refusals = told
            .lines()
            .filter(|line| line.contains("a fix was not applied"));
        let refusals: Vec<String> = refusals.map(str::to_owned).collect();
        if comments_of(&self.text) != comments_of(&after) {
            return Err(shown("the comments differ".to_owned()));
        }
        if !self.unsafe_too && before != self.verdicts(&run) {
            let both = format!("{before}\n{}", self.verdicts(&run));
            return Err(shown(format!("safe fixes change the verdict:\n{both}")));
        }
        if refusals.is_empty() {
            ended(&left, self.unsafe_too).map_err(shown)?;
        }
        self.again(&after).map_err(shown)?;
        let fixed = changes.fixed();
        refused.extend(refusals);
        Ok(Report {
            found,
            fixed,
            refused,
            readable,
        })
    }

    /// What scales each object, on what, between which bounds.
    fn verdicts(&self, run: &Run<'_>) -> Value {
        let facts = self.facts(run);
        let documents = run.given.iter().flat_map(|given| &given.loaded.documents);
        documents
            .map(|document| verdict(&document.value, &facts))
            .collect()
    }

    fn facts(&self, run: &Run<'_>) -> Facts {
        let documents = run.given.iter().flat_map(|given| &given.loaded.documents);
        run.known.facts(&self.arguments.facts, documents)
    }

    /// A second run has nothing to do.
    fn again(&self, after: &str) -> Result<(), String> {
        let mut run = self.open(after)?;
        let report = run.report();
        let (_, changes) = mend(&mut run, report);
        if changes.is_empty() {
            return Ok(());
        }
        Err(format!(
            "a second run changes it again, to\n{}",
            run.text(0)
        ))
    }

    /// One fix alone gives exactly the patched object, and what it is for is gone. Gives why it was refused, if it was.
    fn one_fix(&self, report: &Found, which: usize) -> Result<Vec<String>, String> {
        let all: Vec<(&Item, &Finding, &Fix)> = report
            .items
            .iter()
            .flat_map(|item| item.findings().map(move |one| (item, one)))
            .filter_map(|(item, one)| Some((item, &one.finding, one.fix(self.unsafe_too)?)))
            .collect();
        let Some(&(item, finding, applied)) = all.get(which % all.len().max(1)) else {
            return Ok(Vec::new());
        };
        let mut run = self.open(&self.text)?;
        let before = self.verdicts(&run);
        let fail = |what: &str, run: &Run<'_>| {
            let (code, pointer, patch) = (&finding.code, &finding.pointer, json!(applied.patch));
            let after = run.text(0);
            Err(format!(
                "{what}: {code} {pointer}\n{patch}\n--- mended\n{after}"
            ))
        };
        let mut expected = objects_of(&run);
        if let Err(why) = patch(&mut expected[item.document], applied) {
            return fail(&format!("the patch does not fit, {why}"), &run);
        }
        let (mended, refused) = fix(&run.given, &[only(item, finding)], self.unsafe_too);
        let Some(one) = mended.first() else {
            if refused.is_empty() {
                return fail("the fix changes nothing", &run);
            }
            return Ok(refused);
        };
        run.replace(0, &one.text);
        if objects_of(&run) != expected {
            return fail("the fix gives another object than its patch", &run);
        }
        if is_found(finding, item.document, &run.report()) {
            return fail("the fix leaves what it is for", &run);
        }
        let after = self.verdicts(&run);
        if applied.safety == Safety::Safe && before != after {
            return fail(
                &format!("a safe fix changes the verdict {before} to {after}"),
                &run,
            );
        }
        Ok(Vec::new())
    }
}

fn patch(object: &mut Value, fix: &Fix) -> Result<(), String> {
    let patch: json_patch::Patch =
        serde_json::from_value(json!(fix.patch)).map_err(|error| error.to_string())?;
    json_patch::patch(object, &patch).map_err(|error| error.to_string())
}

/// Whether a document still has a finding.
fn is_found(finding: &Finding, document: usize, report: &Found) -> bool {
    let items = report.items.iter().filter(|item| item.document == document);
    let mut found = items.flat_map(|item| &item.found);
    found.any(|one| one.finding.code == finding.code && one.finding.pointer == finding.pointer)
}

/// An object with nothing else found in it.
fn only(item: &Item, finding: &Finding) -> Item {
    let one = Located {
        finding: finding.clone(),
        mark: item.source.place(0, 0),
        suppressed: None,
    };
    Item {
        number: item.number,
        document: item.document,
        object: item.object.clone(),
        source: Arc::clone(&item.source),
        found: vec![one],
    }
}

fn objects_of(run: &Run<'_>) -> Vec<Value> {
    let documents = run.given.iter().flat_map(|given| &given.loaded.documents);
    documents.map(|document| document.value.clone()).collect()
}

/// Nothing is left that could have been mended.
fn ended(left: &Found, unsafe_too: bool) -> Result<(), String> {
    let mut all = left.items.iter().flat_map(Item::findings);
    match all.find(|one| one.fix(unsafe_too).is_some()) {
        Some(one) => Err(format!(
            "fixes never end: {} at {}",
            one.finding.code, one.finding.pointer
        )),
        None => Ok(()),
    }
}

fn verdict(object: &Value, facts: &Facts) -> Value {
    let components = explain(object, facts).map(|one| one.components);
    let verdict = components.into_iter().flatten().map(|one| {
        json!({
            "name": one.name, "autoscaler": one.autoscaler, "class": one.class, "metric": one.metric, "target": one.target,
            "min": one.min_replicas, "max": one.max_replicas, "zero": one.scale_to_zero,
        })
    });
    verdict.collect()
}
