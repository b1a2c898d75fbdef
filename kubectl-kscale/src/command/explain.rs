//! `explain`: what scales each object, and why.

use kscale_rules::explain::types::{Explanation, ExplanationList};
use kscale_rules::explain::{explain, list};
use kscale_rules::facts::Facts;
use kscale_rules::observed::{Index, observe};

use super::known::Question;
use super::rules;
use super::session::{DEFAULT_NAMESPACE, Session, kind, names_namespace};
use crate::cli::Explain;
use crate::error::{Error, Outcome};
use crate::facts;
use crate::input::{Document, Places};
use crate::render::{self, Screen};
use crate::selection::{Selection, Targets};

/// Reads, explains, answers.
pub(crate) fn run(arguments: &Explain, screen: Screen) -> Result<Outcome, Error> {
    if let Some(name) = rule(arguments) {
        return rules::explain(name, arguments.output.output, screen);
    }
    let mut session = Session::default();
    if arguments.input.filename.is_empty() {
        let explained = of_cluster(arguments, &mut session)?;
        return show(arguments, screen, session, &explained);
    }
    let explained = of_manifests(arguments, &mut session)?;
    show(arguments, screen, session, &explained)
}

/// The only argument, where it is no TYPE/NAME and no kind.
fn rule(arguments: &Explain) -> Option<&str> {
    match arguments.targets.as_slice() {
        [one] if Targets::parse(&arguments.targets).is_err() && !one.contains('/') => Some(one),
        _ => None,
    }
}

/// What is to be shown.
struct Explained {
    answer: ExplanationList,
    /// Where each item was read, for people.
    places: Vec<String>,
    /// Whether there was anything at all.
    nothing: Option<Error>,
}

fn show(
    arguments: &Explain,
    screen: Screen,
    mut session: Session,
    explained: &Explained,
) -> Result<Outcome, Error> {
    let Explained { answer, places, .. } = explained;
    let text = render::answer(arguments.output.output, answer, places, screen.width())?;
    let written = screen.print(&text);
    session.messages.passed_over(&session.passed_over);
    if let Some(nothing) = &explained.nothing {
        session.messages.error(nothing);
        session.outcome = session.outcome.max(nothing.outcome());
    }
    screen.tell(&session.messages.into_text());
    match written {
        // Whoever reads has seen enough, which mends nothing that went wrong before.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        other => other?,
    }
    Ok(session.outcome)
}

/// Of what is in the cluster, or in the snapshot that stands for one.
fn of_cluster(arguments: &Explain, session: &mut Session) -> Result<Explained, Error> {
    let asked = arguments.input.namespace.as_deref();
    let select =
        |context: &str| Selection::new(&arguments.targets, &arguments.selection, asked, context);
    // Before anything is asked of anybody.
    select(DEFAULT_NAMESPACE)?;
    let question = Question::new(&arguments.facts, &arguments.cluster);
    if arguments.targets.is_empty() && !arguments.selection.is_given() && !question.has_cluster() {
        return Err(
            Error::usage("nothing to explain: neither -f nor a cluster to look into")
                .hint("a manifest: kubectl kscale explain -f model.yaml")
                .hint("a snapshot: kubectl kscale explain isvc/NAME --facts snapshot.yaml"),
        );
    }
    let known = question.workloads(session, |context| Ok(select(context)?.scope()))?;
    let selection = select(known.namespace.as_deref().unwrap_or(DEFAULT_NAMESPACE))?;
    let facts = known.facts(&arguments.facts, std::iter::empty());
    let origin = if known.snapshot.live {
        "cluster"
    } else {
        "snapshot"
    };
    let index = Index::new(&known.snapshot.objects).at(known.snapshot.taken_at());
    let mut items = Vec::new();
    for object in selection.pick(&known.snapshot)? {
        let Some(mut item) = explain(object, &facts) else {
            continue;
        };
        item.observed = Some(observe(object, &item, &facts, &index));
        origin.clone_into(&mut item.object.origin);
        items.push(item);
    }
    let places = vec![String::new(); items.len()];
    let nothing = items.is_empty().then(|| selection.nothing());
    Ok(Explained {
        answer: list(items, &facts),
        places,
        nothing,
    })
}

/// Of manifests, under what is known of the cluster.
fn of_manifests(arguments: &Explain, session: &mut Session) -> Result<Explained, Error> {
    if arguments.selection.is_given() {
        return Err(
            Error::usage("-A and -l select in a cluster, and -f reads manifests")
                .hint("give one or the other"),
        );
    }
    let (facts, cluster) = (&arguments.facts, &arguments.cluster);
    let (given, known) = Question::manifests(facts, cluster, &arguments.input, false, session)?;
    let facts = known.facts(&arguments.facts, given.documents.iter());
    let mut places = Vec::new();
    let answer = answer(session, &given.documents, &facts, &mut places);
    let nothing = given.documents.is_empty() && given.problems.is_empty();
    let nothing = nothing.then(|| {
        Error::input("nothing to explain: no document was given")
            .hint("what was read is empty, or holds only comments")
    });
    Ok(Explained {
        answer,
        places,
        nothing,
    })
}

/// `places` gets where each item was read, for people.
fn answer(
    session: &mut Session,
    documents: &[Document],
    facts: &Facts,
    places: &mut Vec<String>,
) -> ExplanationList {
    let mut items = Vec::new();
    for document in documents {
        match explain(&document.value, facts) {
            Some(mut item) => {
                locate(&mut item, document);
                if session.namespace_assumed && !names_namespace(document) {
                    item.object.namespace.clear();
                }
                places.push(place_of(document));
                items.push(item);
            }
            None if facts::is_fact(&document.value) => {}
            None => *session.passed_over.entry(kind(document)).or_default() += 1,
        }
    }
    let mut answer = list(items, facts);
    if session.namespace_assumed {
        let sentence = format!("objects without a namespace go to {DEFAULT_NAMESPACE}");
        answer.facts.assumed.push(sentence);
    }
    answer
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
