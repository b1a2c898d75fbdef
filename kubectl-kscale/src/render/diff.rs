//! What fixes change, as a unified diff.

use similar::TextDiff;

use super::paper::{Ink, Paper};

/// For programs: every byte as it is, so that `patch` and `git apply` take it.
pub(crate) fn patch(name: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut unified = diff.unified_diff();
    unified.header(name, name).to_string()
}

/// For people: in colours, and with nothing in it that acts on a terminal.
pub(crate) fn page(name: &str, before: &str, after: &str) -> String {
    let mut paper = Paper::new(usize::MAX);
    for line in patch(name, before, after).lines() {
        let ink = match line.as_bytes() {
            [b'-', b'-', b'-', ..] | [b'+', b'+', b'+', ..] => Ink::Strong,
            [b'@', ..] => Ink::Heading,
            [b'-', ..] => Ink::Bad,
            [b'+', ..] => Ink::Good,
            _ => Ink::Plain,
        };
        paper.verbatim(0, ink, &line.replace('\t', "    "));
    }
    paper.into_text()
}
