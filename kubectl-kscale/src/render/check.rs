//! Reports of `check` for people, in the manner of `linkerd check`: a line a check, and below it what to do.

use super::marks::Marks;
use super::paper::{Ink, Paper, span};
use super::{pretty, yaml};
use crate::check::{CheckCategory, CheckReport, CheckResult, CheckSummary, State};
use crate::cli::CheckFormat;
use crate::error::Error;

/// How far what a check says is set in.
const BELOW: usize = 4;

/// The report as one text that ends in a line break.
pub(crate) fn check(
    format: CheckFormat,
    report: &CheckReport,
    width: usize,
) -> Result<String, Error> {
    let shown: fn(State) -> bool = match format {
        CheckFormat::Text => |_| true,
        CheckFormat::Short => {
            |state| matches!(state, State::Warning | State::Error | State::Skipped)
        }
        CheckFormat::Json => return pretty(report),
        CheckFormat::Yaml => return yaml::document(report),
    };
    Ok(page(report, shown, Marks::of_locale(), width))
}

fn page(report: &CheckReport, shown: fn(State) -> bool, marks: Marks, width: usize) -> String {
    let mut paper = Paper::new(width);
    for category in &report.categories {
        let checks: Vec<&CheckResult> = category
            .checks
            .iter()
            .filter(|check| shown(check.state))
            .collect();
        if !checks.is_empty() {
            head(&mut paper, category);
            checks
                .into_iter()
                .for_each(|one| line(&mut paper, one, marks));
            paper.blank();
        }
    }
    last(&mut paper, &report.summary, marks);
    paper.into_text()
}

fn head(paper: &mut Paper, category: &CheckCategory) {
    paper.entry(&[span(Ink::Heading, category.name.as_str())], 0, &[]);
    paper.entry(&[span(Ink::Dim, "-".repeat(category.name.len()))], 0, &[]);
}

fn line(paper: &mut Paper, check: &CheckResult, marks: Marks) {
    let (ink, mark) = marks.of_state(check.state);
    let label = [span(ink, format!("{mark} "))];
    let hang = label[0].width();
    let description = check.description.as_str();
    if matches!(check.state, State::Warning | State::Error) {
        paper.entry(&label, hang, &[span(Ink::Strong, description)]);
        paper.entry(&[], BELOW, &[span(Ink::Plain, check.message.as_str())]);
        if !check.hint.is_empty() {
            let hint = [
                span(Ink::Dim, "hint: "),
                span(Ink::Plain, check.hint.as_str()),
            ];
            paper.entry(&[], BELOW, &hint);
        }
        paper.verbatim(BELOW, Ink::Dim, &format!("see {}", check.docs));
        return;
    }
    if check.state == State::Info {
        let message = check.message.as_str();
        return paper.entry(&label, hang, &[span(Ink::Plain, message)]);
    }
    let mut body = vec![span(Ink::Plain, description)];
    if !check.message.is_empty() {
        body[0] = span(Ink::Plain, format!("{description}: "));
        body.push(span(Ink::Dim, check.message.as_str()));
    }
    paper.entry(&label, hang, &body);
}

/// The numbers, the worst state first.
fn last(paper: &mut Paper, summary: &CheckSummary, marks: Marks) {
    let (state, verdict) = match summary {
        CheckSummary { error: 1.., .. } => (State::Error, "something does not work"),
        CheckSummary { warning: 1.., .. } => (State::Warning, "nothing fails, with warnings"),
        CheckSummary { ok: 1.., .. } => (State::Ok, "nothing fails"),
        _ => (State::Skipped, "nothing is known"),
    };
    let counts = [
        (summary.error, "failed"),
        (summary.warning, "warned"),
        (summary.ok, "passed"),
        (summary.info, "to know"),
        (summary.skipped, "unknown"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let (ink, mark) = marks.of_state(state);
    let label = [span(ink, format!("{mark} "))];
    let hang = label[0].width();
    let text = format!("{verdict}: {}", counts.join(", "));
    let text = text.trim_end_matches(": ");
    paper.entry(&label, hang, &[span(Ink::Plain, text)]);
}
