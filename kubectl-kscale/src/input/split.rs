//! A text cut into documents, where kubectl cuts it.
//!
//! kubectl cuts before it parses, at every line that starts with `---` (`apimachinery/pkg/util/yaml`: `YAMLReader`).
//! After the dashes only white space or a comment may follow. So `--- {a: 1}` is refused though it is YAML, and three
//! dashes at the start of a line end a document even where a block scalar was not meant to end.

use super::places::Span;
use super::problem::{Fault, ProblemKind};

/// The text of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunk {
    /// Offsets of the text in the source.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The separator above it has something behind the dashes: kubectl refuses it.
    pub(super) refused: Option<Fault>,
}

/// Cuts `text` from byte `from` on. Only a line feed ends a line here, as in Go's `bufio.Reader.ReadLine`.
pub(super) fn split(text: &str, from: usize) -> impl Iterator<Item = Chunk> {
    Chunks {
        text,
        next: Some((from, None)),
    }
}

struct Chunks<'a> {
    text: &'a str,
    /// Where the next document starts, and what is wrong with the separator above it.
    next: Option<(usize, Option<Fault>)>,
}

impl Iterator for Chunks<'_> {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        let (start, refused) = self.next.take()?;
        let end = next_separator(self.text, start);
        if let Some(dashes) = end {
            let line_end = self.text[dashes..]
                .find('\n')
                .map_or(self.text.len(), |length| dashes + length + 1);
            self.next = Some((line_end, check(self.text, dashes, line_end)));
        }
        Some(Chunk {
            start,
            end: end.unwrap_or(self.text.len()),
            refused,
        })
    }
}

/// The first separator in a text that starts at the beginning of a line.
fn next_separator(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    if rest.starts_with("---") {
        return Some(start);
    }
    rest.find("\n---").map(|line_feed| start + line_feed + 1)
}

fn check(text: &str, dashes: usize, line_end: usize) -> Option<Fault> {
    let tail = text[dashes + 3..line_end].trim();
    if tail.is_empty() || tail.starts_with('#') {
        return None;
    }
    let end = text[..line_end].trim_end().len();
    let fault = Fault::at(
        Span::new(dashes, end),
        ProblemKind::Syntax,
        "kubectl accepts nothing but a comment behind `---`, and reads nothing below this line",
    );
    Some(fault.hint("start the document on the next line"))
}
