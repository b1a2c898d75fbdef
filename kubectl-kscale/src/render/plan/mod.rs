//! A change that was worked out, for people: a short story and a diff; several as one table, and what they share.

mod changed;
mod many;
mod one;
mod requests;
mod says;

#[cfg(test)]
mod tests;

use kscale_rules::explain::ObjectRef;
use kscale_rules::facts::FactsSource;
use kscale_rules::switch::{Plan, PlanList};

use super::marks::Marks;
use super::paper::{GLUE, Ink, Paper, Span, span};

/// Where what is told of a plan begins, behind its label.
const HANG: usize = 9;

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Objects of a cluster: the diff, the steps and the way back are told, too.
    Cluster,
    /// Manifests: their own diff stands beside the story, and Git knows the way back.
    Files,
}

/// How a page is written.
#[derive(Clone, Copy, Debug)]
struct Style {
    place: Place,
    /// Every decision, request and pointer.
    all: bool,
    /// Whether no cluster was looked at, and nothing that stands for one.
    blind: bool,
    marks: Marks,
}

/// The page. `all` asks for every decision, request and pointer.
pub(super) fn page(list: &PlanList, width: usize, place: Place, all: bool) -> String {
    let style = Style {
        place,
        all,
        blind: list.facts.source == FactsSource::Defaults,
        marks: Marks::of_locale(),
    };
    written(list, width, style)
}

fn written(list: &PlanList, width: usize, style: Style) -> String {
    let mut paper = Paper::new(width);
    match list.items.as_slice() {
        plans if style.all => {
            for (number, plan) in plans.iter().enumerate() {
                if number > 0 {
                    paper.blank();
                }
                one::write(&mut paper, plan, style);
            }
        }
        [plan] => one::write(&mut paper, plan, style),
        plans => many::write(&mut paper, plans, style),
    }
    if !list.refused.is_empty() && !list.items.is_empty() {
        paper.blank();
    }
    many::refused(&mut paper, &list.refused, style);
    if style.all && !list.facts.assumed.is_empty() {
        paper.blank();
        for (number, statement) in list.facts.assumed.iter().enumerate() {
            let label = if number == 0 { "assumed" } else { "" };
            entry(&mut paper, label, [span(Ink::Dim, statement)]);
        }
    }
    paper.into_text()
}

/// A line behind its label, which may be empty.
fn entry(paper: &mut Paper, label: &str, body: impl IntoIterator<Item = Span>) {
    let body: Vec<Span> = body.into_iter().collect();
    if label.is_empty() {
        return paper.entry(&[], HANG, &body);
    }
    paper.entry(&[span(Ink::Heading, format!("{label} "))], HANG, &body);
}

/// `isvc/bert`, as kubectl writes it.
fn short(object: &ObjectRef) -> String {
    let kind = match object.kind.as_str() {
        "InferenceService" => "isvc",
        "Service" => "ksvc",
        other => other,
    };
    let name = if object.name.is_empty() {
        "(no name)"
    } else {
        &object.name
    };
    format!("{kind}/{name}").replace(' ', &GLUE.to_string())
}

/// `1 pod`, `2 pods`, kept on one line.
fn number(count: i64, one: &str, many: &str) -> String {
    format!("{count}{GLUE}{}", if count == 1 { one } else { many })
}

/// Autoscalers before and after: `kpa → knative-hpa`; of other settings of the same, its name alone.
fn turn(plan: &Plan) -> String {
    let names = |after: bool| {
        let mut names: Vec<&str> = Vec::new();
        for change in &plan.changes {
            let scaling = if after { &change.after } else { &change.before };
            let name = scaling.autoscaler.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    };
    match (names(false), names(true)) {
        (before, _) if before.is_empty() => "what scales it stays".to_owned(),
        (before, after) if before == after => format!("{before}, set otherwise"),
        (before, after) => format!("{before} → {after}"),
    }
}
