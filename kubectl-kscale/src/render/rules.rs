//! Rules for people: the list of them, and the page of one.

use kscale_rules::rules::{GROUPS, RULES, Rule};

use super::concise::word;
use super::paper::{Ink, Paper, span};

/// All rules, by the question that they answer.
pub(crate) fn table(width: usize) -> String {
    let mut paper = Paper::new(width);
    let names = RULES.iter().map(|rule| rule.slug.len()).max().unwrap_or(0);
    for (number, group) in GROUPS.into_iter().enumerate() {
        if number > 0 {
            paper.blank();
        }
        paper.entry(&[span(Ink::Heading, group.title)], 0, &[]);
        for rule in group.rules() {
            let (ink, severity) = word(rule.severity);
            let label = [
                span(Ink::Strong, format!("  {}  ", rule.code)),
                span(ink, format!("{severity:<9}")),
                span(Ink::Plain, format!("{:<names$}  ", rule.slug)),
            ];
            // Beside the name where there is room for a sentence, else below it.
            let beside = 18 + names + 2;
            let hang = if beside + 30 <= width { beside } else { 18 };
            paper.entry(&label, hang, &[span(Ink::Dim, rule.summary)]);
        }
    }
    paper.into_text()
}

/// A rule's page; Markdown, laid out for a terminal.
pub(crate) fn page(rule: &Rule, width: usize) -> String {
    let mut paper = Paper::new(width);
    let (ink, severity) = word(rule.severity);
    let title = [
        span(Ink::Strong, rule.code),
        span(Ink::Plain, format!("  {}  ", rule.slug)),
        span(ink, severity),
    ];
    paper.entry(&title, 0, &[]);
    paper.entry(&[], 2, &[span(Ink::Plain, rule.summary)]);
    markdown(&mut paper, &rule.page());
    paper.blank();
    paper.verbatim(0, Ink::Dim, &rule.url());
    paper.into_text()
}

/// Headings, paragraphs, lists and code.
fn markdown(paper: &mut Paper, text: &str) {
    let mut lines = text.lines().peekable();
    // What stood last: blocks are parted by a blank line, unless one is a heading or both are items of a list.
    let mut last = "## ";
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            paper.blank();
            paper.entry(&[span(Ink::Heading, heading)], 0, &[]);
            last = "## ";
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let kind = ["- ", "```"]
            .into_iter()
            .find(|start| line.starts_with(start));
        let kind = kind.unwrap_or_default();
        if last != "## " && !(kind == "- " && last == "- ") {
            paper.blank();
        }
        last = kind;
        if kind == "```" {
            for code in lines.by_ref().take_while(|line| !line.starts_with("```")) {
                paper.verbatim(4, Ink::Plain, code);
            }
            continue;
        }
        let mut paragraph = line.to_owned();
        let goes_on = |next: &&str| {
            !next.is_empty()
                && !["## ", "```", "- "]
                    .iter()
                    .any(|start| next.starts_with(start))
        };
        while let Some(next) = lines.next_if(goes_on) {
            paragraph.push(' ');
            paragraph.push_str(next);
        }
        block(paper, &paragraph);
    }
}

/// A paragraph, or an item of a list.
fn block(paper: &mut Paper, text: &str) {
    match text.strip_prefix("- ") {
        Some(item) => paper.entry(&[span(Ink::Plain, "  - ")], 4, &[span(Ink::Plain, item)]),
        None => paper.entry(&[], 2, &[span(Ink::Plain, text)]),
    }
}
