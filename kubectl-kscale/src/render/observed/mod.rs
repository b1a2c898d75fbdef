//! What is seen in the cluster: how it is now, where that is not as predicted, and what is going on.

mod lines;
mod wide;

use kscale_rules::explain::types::Explanation;
use kscale_rules::observed::{Cause, CauseSeverity, Condition, Difference};

use super::paper::{GLUE, Ink, Paper, Span, span};
use super::text::Detail;
use super::value::shown;
use super::verdict::refusals;

/// Where what is said begins, and what belongs to it.
const ENTRY: usize = 4;
const BELOW: usize = 6;

/// The section of one object; nothing where nobody looked.
pub(super) fn section(paper: &mut Paper, item: &Explanation, detail: Detail) {
    let Some(observed) = &item.observed else {
        return;
    };
    let mut now = vec![
        span(Ink::Plain, "  "),
        span(Ink::Heading, "now"),
        span(Ink::Plain, "  "),
    ];
    now.extend(readiness(observed.ready.as_ref()));
    paper.blank();
    paper.entry(&now, 0, &[]);
    differences(paper, &observed.differences);
    lines::all(paper, &observed.components);
    for cause in &observed.causes {
        self::cause(paper, item, cause, detail);
    }
    if detail == Detail::Wide {
        wide::objects(paper, observed);
    }
}

fn readiness(ready: Option<&Condition>) -> Vec<Span> {
    let Some(ready) = ready else {
        return vec![span(Ink::Warn, "no status yet")];
    };
    let (ink, word) = match ready.status.as_str() {
        "True" => (Ink::Good, "ready".to_owned()),
        "False" => (Ink::Bad, "not ready".to_owned()),
        other => (Ink::Warn, format!("not ready yet (Ready={other})")),
    };
    let reason = ready.reason.as_ref().map(|reason| format!(": {reason}"));
    vec![
        span(ink, word),
        span(Ink::Plain, reason.unwrap_or_default()),
    ]
}

/// Settings that differ, below the object in which they do and the reason why.
fn differences(paper: &mut Paper, differences: &[Difference]) {
    let mut last: Option<&Difference> = None;
    for one in differences {
        let is_same = last.is_some_and(|last| last.object == one.object && last.why == one.why);
        if !is_same {
            let title = [
                span(Ink::Warn, format!("not{GLUE}as{GLUE}predicted")),
                span(Ink::Plain, " in "),
                span(Ink::Strong, &one.object),
                span(Ink::Plain, format!(": {}", one.why)),
            ];
            paper.entry(&[], ENTRY, &title);
        }
        let value = |value: &serde_json::Value| match value {
            serde_json::Value::Null => "none".to_owned(),
            other => shown(other).into_owned(),
        };
        let line = [
            span(Ink::Plain, format!("{} ", one.field)),
            span(Ink::Strong, value(&one.observed)),
            span(Ink::Plain, format!(", predicted {}", value(&one.predicted))),
        ];
        paper.entry(&[], BELOW, &line);
        last = Some(one);
    }
}

fn cause(paper: &mut Paper, item: &Explanation, cause: &Cause, detail: Detail) {
    let (ink, word) = match cause.severity {
        CauseSeverity::Problem => (Ink::Bad, "problem"),
        CauseSeverity::Waiting => (Ink::Warn, "waiting"),
        CauseSeverity::Note => (Ink::Strong, "note"),
    };
    let title = [
        span(ink, word),
        span(Ink::Plain, format!(" {}", cause.slug)),
    ];
    paper.entry(&[], ENTRY, &title);
    paper.entry(&[], BELOW, &[span(Ink::Plain, &cause.message)]);
    for evidence in &cause.evidence {
        if detail == Detail::Wide || is_quoted(item, cause, evidence) {
            paper.verbatim(BELOW, Ink::Dim, evidence);
        }
    }
    if !cause.help.is_empty() {
        let help = [
            span(Ink::Heading, "help:"),
            span(Ink::Plain, format!(" {}", cause.help)),
        ];
        paper.entry(&[], BELOW, &help);
    }
}

/// Whether the cause is what a controller said, in words that the message does not have and that no refusal repeats below.
fn is_quoted(item: &Explanation, cause: &Cause, evidence: &str) -> bool {
    const QUOTED: [&str; 8] = [
        "container-failing",
        "hpa-cannot-scale",
        "image-pull",
        "quota",
        "pods-refused",
        "reconcile-failed",
        "scaled-object-failing",
        "unschedulable",
    ];
    let slug = cause.slug.as_str();
    let refused = slug.ends_with("-refused") || slug == "revision-failed";
    let is_below = refusals(&item.admission)
        .iter()
        .any(|(_, text)| evidence.ends_with(text));
    (refused || QUOTED.contains(&slug)) && !is_below
}

#[cfg(test)]
mod tests;
