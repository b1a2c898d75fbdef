//! `lint -o concise`: a line for each finding, as compilers and grep write them.

use super::paper::{Ink, Paper, span};
use super::summary;
use crate::lint::Report;
use kscale_rules::explain::Severity;

/// `file:line:column: error KS101 message`
pub(super) fn lines(report: &Report) -> String {
    // Never broken: whoever asks for a line a finding wants to cut and grep it.
    let mut paper = Paper::new(usize::MAX);
    for problem in &report.unreadable {
        let text = [
            span(Ink::Plain, format!("{}: ", place_of(problem))),
            span(Ink::Bad, "error"),
            span(Ink::Plain, format!(" {}", problem.message)),
        ];
        paper.entry(&text, 0, &[]);
    }
    for item in &report.items {
        for located in item.findings() {
            let finding = &located.finding;
            let (ink, word) = word(finding.severity);
            let (line, column) = (located.mark.line, located.mark.column);
            let place = format!("{}:{line}:{column}: ", item.source.name());
            let fix = match (located.fix(false), located.fix(true)) {
                (Some(_), _) => " [fixable]",
                (None, Some(_)) => " [fixable with --unsafe-fixes]",
                (None, None) => "",
            };
            let text = [
                span(Ink::Plain, place),
                span(ink, format!("{word} {}", finding.code)),
                span(Ink::Plain, format!(" {}", finding.message)),
                span(Ink::Dim, fix),
            ];
            paper.entry(&text, 0, &[]);
        }
    }
    paper.into_text() + &summary::line(report)
}

fn place_of(problem: &crate::input::Problem) -> String {
    match problem.place {
        Some(place) => format!("{}:{}:{}", problem.source, place.line, place.column),
        None => problem.source.to_string(),
    }
}

/// A severity in its ink.
pub(super) fn word(severity: Severity) -> (Ink, &'static str) {
    match severity {
        Severity::Error => (Ink::Bad, "error"),
        Severity::Warning => (Ink::Warn, "warning"),
        Severity::Info => (Ink::Strong, "info"),
    }
}
