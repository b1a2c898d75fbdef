//! `lint -o text`: each finding drawn below its line, as rustc draws them.

use annotate_snippets::renderer::Renderer;
use annotate_snippets::{AnnotationKind, Level, Origin, Snippet};
use kscale_rules::explain::{Finding, Safety, Severity};

use super::summary;
use crate::input::{Problem, visible};
use crate::lint::{Item, Located, Report};

/// All findings, a blank line after each, and their numbers.
pub(super) fn page(report: &Report, width: usize) -> String {
    let renderer = Renderer::styled().term_width(width);
    let mut page = String::new();
    for problem in &report.unreadable {
        page.push_str(&unreadable(problem, &renderer));
        page.push_str("\n\n");
    }
    for item in &report.items {
        for located in item.findings() {
            page.push_str(&finding(item, located, &renderer));
            page.push_str("\n\n");
        }
    }
    page.push_str(&summary::line(report));
    page
}

fn finding(item: &Item, located: &Located, renderer: &Renderer) -> String {
    let finding = &located.finding;
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let line = Line::of(item.source.text(), located.mark.start, located.mark.end);
    let snippet = Snippet::source(line.text)
        .line_start(located.mark.line as usize)
        .path(visible(item.source.name()).into_owned())
        .fold(false)
        .annotation(AnnotationKind::Primary.span(line.span));
    let title = level
        .primary_title(visible(&finding.message))
        .id(finding.code.as_str());
    let notes = notes(item, finding).into_iter().map(|(name, text)| {
        Level::NOTE
            .with_name(name)
            .message(visible(&text).into_owned())
    });
    let group = title.element(snippet).elements(notes);
    renderer.render(&[group])
}

/// What stands below the drawing.
fn notes(item: &Item, finding: &Finding) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    if !item.object.origin.ends_with("#1") {
        notes.push(("in", object_name(item)));
    }
    if !finding.help.is_empty() {
        notes.push(("help", finding.help.clone()));
    }
    match finding.fix.as_ref().map(|fix| fix.safety) {
        Some(Safety::Safe) => notes.push(("fix", "--fix does it".to_owned())),
        Some(Safety::NeedsReview) => {
            let text = "--fix --unsafe-fixes does it; review what comes out";
            notes.push(("fix", text.to_owned()));
        }
        None => {}
    }
    notes.extend(finding.docs.clone().map(|docs| ("docs", docs)));
    notes
}

/// `InferenceService ml/iris`
pub(super) fn object_name(item: &Item) -> String {
    let object = &item.object;
    match object.namespace.as_str() {
        "" => format!("{} {}", object.kind, object.name),
        namespace => format!("{} {namespace}/{}", object.kind, object.name),
    }
}

fn unreadable(problem: &Problem, renderer: &Renderer) -> String {
    let title = Level::ERROR.primary_title(visible(&problem.message));
    let help = problem.hint.iter();
    let help = help.map(|hint| Level::HELP.message(visible(hint).into_owned()));
    let group = title.element(Origin::path(place(problem))).elements(help);
    renderer.render(&[group])
}

/// `file:line:column`
fn place(problem: &Problem) -> String {
    let source = visible(&problem.source);
    match problem.place {
        Some(place) => format!("{source}:{}:{}", place.line, place.column),
        None => source.into_owned(),
    }
}

/// One line of a source, with nothing in it that acts on a terminal.
struct Line {
    text: String,
    /// What is underlined of it.
    span: std::ops::Range<usize>,
}

impl Line {
    fn of(text: &str, start: usize, end: usize) -> Self {
        let first = text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let last = text[start..]
            .find(['\n', '\r'])
            .map_or(text.len(), |at| start + at);
        let mut shown = String::with_capacity(last - first);
        let (mut from, mut to) = (None, None);
        for (at, character) in text[first..last].char_indices() {
            if first + at >= start {
                from.get_or_insert(shown.len());
            }
            if first + at >= end {
                to.get_or_insert(shown.len());
            }
            let mut bytes = [0; 4];
            let one: &str = character.encode_utf8(&mut bytes);
            // One column for one character keeps the underline where it belongs; annotate-snippets widens tabs itself.
            let hidden = character != '\t' && visible(one) != one;
            shown.push(if hidden {
                char::REPLACEMENT_CHARACTER
            } else {
                character
            });
        }
        let from = from.unwrap_or(shown.len());
        let to = to.unwrap_or(shown.len()).max(from);
        Self {
            text: shown,
            span: from..to,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_nothing_that_acts_and_keeps_its_columns() {
        let text = "a: 1\nb\u{1b}: \u{202e}x # y\nc: 2\n";
        let start = text.find('\u{202e}').unwrap();
        let line = Line::of(text, start, start + 4);
        assert_eq!(line.text, "b\u{fffd}: \u{fffd}x # y");
        assert_eq!(&line.text[line.span], "\u{fffd}x");
        let empty = Line::of("a:", 2, 2);
        assert_eq!((empty.text.as_str(), empty.span), ("a:", 2..2));
    }
}
