//! `preview`: what an upgrade would change.

mod choice;

use kscale_rules::explain::types::ObjectRef;
use kscale_rules::facts::{Fact, Facts};
use kscale_rules::preview::{KubernetesStep, PreviewList, Previewed, list, preview};
use serde_json::Value;

use super::session::{self, Session, facts_of, inputs, kind, names_namespace};
use crate::cli::{Input, Preview, Target};
use crate::error::{Error, Outcome};
use crate::facts;
use crate::input::{Document, Options, load};
use crate::render::{self, Screen};

/// Reads, predicts twice, answers.
pub(crate) fn run(arguments: &Preview, screen: Screen) -> Result<Outcome, Error> {
    let asked = &arguments.workloads;
    let from_files = !asked.filename.is_empty();
    check(arguments)?;
    let options = Options {
        recursive: asked.recursive,
        network: !arguments.facts.offline,
    };
    let mut snapshot = load(&inputs(&arguments.facts.facts), &options);
    let mut given = load(&inputs(&asked.filename), &options);
    let mut session = Session::default();
    session.unreadable(&snapshot);
    session.unreadable(&given);
    session.refused_facts(&mut snapshot.documents);
    session.refused_facts(&mut given.documents);
    session.settle(&mut given.documents, asked.namespace.as_deref());
    let before = facts_of(&arguments.facts, &snapshot, given.documents.iter());
    known(&before, &arguments.target)?;
    let step = KubernetesStep {
        from: choice::kubernetes(&snapshot.documents),
        to: arguments.target.kubernetes,
    };
    let workloads = if from_files {
        choice::merge(&mut given.documents, &snapshot.documents);
        choice::manifests(&given.documents, asked)
    } else {
        choice::workloads(&snapshot.documents, asked)
    };
    let mut answer = answer(&mut session, &workloads, &before, &arguments.target, &step);
    if from_files {
        let again = "every manifest runs as it is, and is applied again after the upgrade";
        answer.facts.assumed.push(again.to_owned());
    }
    let text = render::preview(arguments.output, &answer, screen.width())?;
    let written = screen.print(&text);
    if from_files {
        session.messages.passed_over(&session.passed_over);
    }
    screen.tell(&session.messages.into_text());
    match written {
        // Whoever reads has seen enough, which mends nothing.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        other => other?,
    }
    if answer.summary.workloads == 0 && session.outcome == Outcome::Clean {
        let hint = "-n and -l may leave none; what is looked at are InferenceServices, InferenceGraphs and Knative Services";
        return Err(Error::input("nothing to preview: no workload was found").hint(hint));
    }
    Ok(session.outcome.max(verdict(&answer)))
}

/// What clap cannot tell.
fn check(arguments: &Preview) -> Result<(), Error> {
    let asked = &arguments.workloads;
    if asked.filename.is_empty() && arguments.facts.facts.is_empty() {
        return Err(Error::usage("nothing to preview: neither -f nor --facts is given").hint(
            "give a snapshot of the cluster with --facts, or manifests with -f and what runs with --kserve-version",
        ));
    }
    if asked.filename.is_empty() {
        return Ok(());
    }
    let input = Input {
        filename: asked.filename.clone(),
        recursive: asked.recursive,
        namespace: asked.namespace.clone(),
    };
    session::check(&input, &arguments.facts, "preview", "")
}

/// An upgrade from a release that nobody knows cannot be previewed.
fn known(before: &Facts, target: &Target) -> Result<(), Error> {
    let unknown = |system: &str, flag: &str, objects: &str| {
        Error::usage(format!("the release of {system} that runs is not known")).hint(format!(
            "give it with {flag}, or give {objects} with --facts"
        ))
    };
    if target.kserve.is_some() && !before.kserve.is_known() {
        let objects = "the Deployment kserve-controller-manager";
        return Err(unknown("KServe", "--kserve-version", objects));
    }
    if target.knative.is_some() && !before.knative.is_known() {
        let objects = "the Deployments of knative-serving";
        return Err(unknown("Knative Serving", "--knative-version", objects));
    }
    Ok(())
}

/// Predicts every workload twice. The list of workloads may come from anywhere.
fn answer(
    session: &mut Session,
    workloads: &[&Document],
    before: &Facts,
    target: &Target,
    step: &KubernetesStep,
) -> PreviewList {
    let mut after = before.clone();
    if let Some(release) = target.kserve {
        after = after.with_kserve(Fact::known(release, "--kserve"));
    }
    if let Some(version) = target.knative {
        after = after.with_knative(Fact::known(version, "--knative"));
    }
    let mut items = Vec::new();
    for document in workloads {
        match preview(&document.value, before, &after) {
            Some(changes) => items.push(Previewed {
                object: object(document, session.namespace_assumed),
                changes,
            }),
            None if facts::is_fact(&document.value) => {}
            None => *session.passed_over.entry(kind(document)).or_default() += 1,
        }
    }
    list(items, before, &after, step)
}

fn object(document: &Document, namespace_assumed: bool) -> ObjectRef {
    let mut object = ObjectRef::of(&document.value);
    object.origin = document.origin.to_string();
    if namespace_assumed && !names_namespace(document) {
        object.namespace.clear();
    }
    object
}

/// Whether anything would break.
fn verdict(answer: &PreviewList) -> Outcome {
    if answer.summary.broken > 0 || answer.notes.iter().any(|note| note.breaks) {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}

/// A text, or an empty one.
fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default()
}
