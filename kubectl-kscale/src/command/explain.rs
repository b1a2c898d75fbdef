//! `explain`: what scales each object, and why.

use kscale_rules::explain::types::{Explanation, ExplanationList};
use kscale_rules::explain::{explain, list};
use kscale_rules::facts::Facts;

use super::rules;
use super::session::{self, DEFAULT_NAMESPACE, Session, facts_of, inputs, kind, names_namespace};
use crate::cli::Explain;
use crate::error::{Error, Outcome};
use crate::facts;
use crate::input::{Document, Options, Places, load};
use crate::render::{self, Screen};

/// Reads, explains, answers.
pub(crate) fn run(arguments: &Explain, screen: Screen) -> Result<Outcome, Error> {
    if let Some(name) = &arguments.rule {
        return rules::explain(name, arguments.output.output, screen);
    }
    let hint = "give a file, a folder, an address or - : kubectl kscale explain -f model.yaml";
    session::check(&arguments.input, &arguments.facts, "explain", hint)?;
    let options = Options {
        recursive: arguments.input.recursive,
        network: !arguments.facts.offline,
    };
    let mut snapshot = load(&inputs(&arguments.facts.facts), &options);
    let mut given = load(&inputs(&arguments.input.filename), &options);
    let mut session = Session::default();
    session.unreadable(&snapshot);
    session.unreadable(&given);
    if !arguments.facts.facts.is_empty() {
        session.doubt(&snapshot);
    }
    session.refused_facts(&mut snapshot.documents);
    session.refused_facts(&mut given.documents);
    session.settle(&mut given.documents, arguments.input.namespace.as_deref());
    let facts = facts_of(&arguments.facts, &snapshot, given.documents.iter());
    let mut places = Vec::new();
    let answer = answer(&mut session, &given.documents, &facts, &mut places);
    let nothing = given.documents.is_empty() && given.problems.is_empty();

    let text = render::answer(arguments.output.output, &answer, &places, screen.width())?;
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
