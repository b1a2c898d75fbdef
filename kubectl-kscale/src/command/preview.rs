//! `preview`: what an upgrade would change.

mod choice;

use kscale_rules::explain::types::ObjectRef;
use kscale_rules::facts::{Fact, Facts};
use kscale_rules::preview::{KubernetesStep, PreviewList, Previewed, list, preview};
use serde_json::Value;

pub(super) use choice::merge;

use super::known::{Known, Question};
use super::session::{DEFAULT_NAMESPACE, Session, kind_of, names_namespace};
use crate::cli::{Preview, Target};
use crate::error::{Error, Outcome};
use crate::facts;
use crate::input::Document;
use crate::render::{self, Screen};
use crate::selection::Selection;

/// Reads, predicts twice, answers.
pub(crate) fn run(arguments: &Preview, screen: Screen) -> Result<Outcome, Error> {
    let from_files = !arguments.input.filename.is_empty();
    let mut session = Session::default();
    let answer = if from_files {
        of_manifests(arguments, &mut session)?
    } else {
        of_cluster(arguments, &mut session)?
    };
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

/// Of manifests, as if they were applied again after the upgrade.
fn of_manifests(arguments: &Preview, session: &mut Session) -> Result<PreviewList, Error> {
    let (facts, cluster) = (&arguments.facts, &arguments.cluster);
    let (mut given, known) = Question::manifests(facts, cluster, &arguments.input, true, session)?;
    let before = known.facts(&arguments.facts, given.documents.iter());
    merge(&mut given.documents, &known.snapshot.objects);
    let selector = arguments.selection.selector.as_ref();
    let meant = given
        .documents
        .iter()
        .filter(|document| selector.is_none_or(|selector| selector.matches(&document.value)));
    let assumed = session.namespace_assumed;
    let workloads = meant.map(|document| (&document.value, object(document, assumed)));
    let workloads: Vec<_> = workloads.collect();
    answer(session, workloads, &before, arguments, &known)
}

/// Of the cluster, or of the snapshot that stands for one: all of that without -n.
fn of_cluster(arguments: &Preview, session: &mut Session) -> Result<PreviewList, Error> {
    let question = Question::new(&arguments.facts, &arguments.cluster);
    if !question.has_cluster() || arguments.facts.offline && arguments.facts.facts.is_empty() {
        return Err(Error::usage("nothing to preview: neither -f nor --facts is given").hint(
            "give a snapshot of the cluster with --facts, or manifests with -f and what runs with --kserve-version",
        ));
    }
    let asked = arguments.input.namespace.as_deref();
    let select = |context: &str, all: bool| {
        let mut selection = arguments.selection.clone();
        selection.all_namespaces |= all && asked.is_none();
        Selection::new(&[], &selection, asked, context)
    };
    let known = question.workloads(session, |context| Ok(select(context, false)?.scope()))?;
    let context = known.namespace.as_deref().unwrap_or(DEFAULT_NAMESPACE);
    let selection = select(context, !known.snapshot.live)?;
    let before = known.facts(&arguments.facts, std::iter::empty());
    let origin = if known.snapshot.live {
        "cluster"
    } else {
        "snapshot"
    };
    let workloads = selection.pick(&known.snapshot)?.into_iter().map(|object| {
        let mut named = ObjectRef::of(object);
        origin.clone_into(&mut named.origin);
        (object, named)
    });
    answer(session, workloads.collect(), &before, arguments, &known)
}

/// An upgrade from a release that nobody knows cannot be previewed.
fn is_known(before: &Facts, target: &Target) -> Result<(), Error> {
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
    workloads: Vec<(&Value, ObjectRef)>,
    before: &Facts,
    arguments: &Preview,
    known: &Known,
) -> Result<PreviewList, Error> {
    let target = &arguments.target;
    is_known(before, target)?;
    let step = KubernetesStep {
        from: choice::kubernetes(&known.snapshot.objects),
        to: target.kubernetes,
    };
    let mut after = before.clone();
    if let Some(release) = target.kserve {
        after = after.with_kserve(Fact::known(release, "--kserve"));
    }
    if let Some(version) = target.knative {
        after = after.with_knative(Fact::known(version, "--knative"));
    }
    let mut items = Vec::new();
    for (object, named) in workloads {
        match preview(object, before, &after) {
            Some(changes) => items.push(Previewed {
                object: named,
                changes,
            }),
            None if facts::is_fact(object) => {}
            None => *session.passed_over.entry(kind_of(object)).or_default() += 1,
        }
    }
    Ok(list(items, before, &after, &step))
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
