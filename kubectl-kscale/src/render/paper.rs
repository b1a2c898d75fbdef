//! Words in colour, broken at the edge of the page.
//!
//! Everything that is shown to people goes through [`Paper`], which spells out control characters: no name or value from a
//! manifest reaches a terminal raw, whoever renders it.

use owo_colors::{OwoColorize, Style};
use unicode_width::UnicodeWidthStr;

use crate::input::visible;

/// What a colour says. Nothing is said by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Nothing in particular
    Plain,
    /// What the eye should find first
    Strong,
    /// A heading
    Heading,
    /// Where something stands or comes from
    Dim,
    /// An autoscaler that scales
    Good,
    /// What is without effect, or scaled by nothing on purpose
    Warn,
    /// What is refused, or scaled by nothing by mistake
    Bad,
}

/// A piece of text in one ink.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    text: String,
    ink: Ink,
}

/// A piece of text in one ink.
pub(crate) fn span(ink: Ink, text: impl Into<String>) -> Span {
    Span {
        text: text.into(),
        ink,
    }
}

impl Span {
    /// How wide it will be.
    pub(crate) fn width(&self) -> usize {
        width(&self.text)
    }
}

/// A blank at which no line is broken.
pub(crate) const GLUE: char = '\u{a0}';

/// A page of a given width.
#[derive(Debug)]
pub(crate) struct Paper {
    text: String,
    width: usize,
}

impl Paper {
    /// An empty page.
    pub(crate) fn new(width: usize) -> Self {
        Self {
            text: String::new(),
            width,
        }
    }

    /// What stands on it.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Its width.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// An empty line.
    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// One line that is never broken: what people copy.
    pub(crate) fn verbatim(&mut self, indent: usize, ink: Ink, text: &str) {
        for line in text.split('\n') {
            self.pad(indent);
            self.put(ink, &visible(line.trim_end_matches('\r')));
            self.text.push('\n');
        }
    }

    /// A page that was laid out elsewhere.
    pub(crate) fn append(&mut self, page: &str) {
        self.text.push_str(page);
    }

    /// `word: text`, never broken either.
    pub(crate) fn message(&mut self, ink: Ink, word: &str, text: &str) {
        self.put(ink, word);
        self.text.push_str(": ");
        self.text.push_str(&visible(text));
        self.text.push('\n');
    }

    /// `label`, and `body` from column `hang` on, broken into lines that all start there. A label that is too long gets a
    /// line of its own.
    pub(crate) fn entry(&mut self, label: &[Span], hang: usize, body: &[Span]) {
        let mut column = 0;
        for piece in label {
            let shown = visible(&piece.text);
            self.put(piece.ink, &shown);
            column += shown.width();
        }
        let words = words(body);
        if words.is_empty() {
            self.end_line();
            return;
        }
        if column > hang || (column == hang && hang > 0 && !ends_in_space(label)) {
            self.end_line();
            column = 0;
        }
        self.pad(hang - column);
        column = hang;
        for (number, word) in words.iter().enumerate() {
            let width: usize = word.iter().map(|piece| piece.text.width()).sum();
            if number > 0 && column + 1 + width > self.width {
                self.text.push('\n');
                self.pad(hang);
                column = hang;
            } else if number > 0 {
                self.text.push(' ');
                column += 1;
            }
            for piece in word {
                self.put(piece.ink, &piece.text);
            }
            column += width;
        }
        self.end_line();
    }

    fn pad(&mut self, columns: usize) {
        self.text.extend(std::iter::repeat_n(' ', columns));
    }

    fn end_line(&mut self) {
        let length = self.text.trim_end_matches(' ').len();
        self.text.truncate(length);
        self.text.push('\n');
    }

    /// `text` must have been made visible.
    fn put(&mut self, ink: Ink, text: &str) {
        use std::fmt::Write as _;
        let style = match ink {
            // Spaces need no ink, and plain text no escape codes.
            Ink::Plain => return self.text.push_str(text),
            _ if text.trim().is_empty() => return self.text.push_str(text),
            Ink::Strong => Style::new().bold(),
            Ink::Heading => Style::new().bold().cyan(),
            Ink::Dim => Style::new().dimmed(),
            Ink::Good => Style::new().bold().green(),
            Ink::Warn => Style::new().bold().yellow(),
            Ink::Bad => Style::new().bold().red(),
        };
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{}", text.style(style));
    }
}

/// How wide `text` will be.
pub(crate) fn width(text: &str) -> usize {
    visible(text).width()
}

fn ends_in_space(label: &[Span]) -> bool {
    label.last().is_some_and(|piece| piece.text.ends_with(' '))
}

/// Words between blanks; a word may change its ink in the middle.
fn words(body: &[Span]) -> Vec<Vec<Span>> {
    let mut words: Vec<Vec<Span>> = Vec::new();
    let mut open = false;
    for piece in body {
        for (number, word) in piece.text.split(' ').enumerate() {
            if number > 0 {
                open = false;
            }
            if word.is_empty() {
                continue;
            }
            let word = span(piece.ink, visible(word).replace(GLUE, " "));
            match words.last_mut() {
                Some(last) if open => last.push(word),
                _ => words.push(vec![word]),
            }
            open = true;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(width: usize, label: &str, hang: usize, body: &[Span]) -> String {
        let mut paper = Paper::new(width);
        paper.entry(&[span(Ink::Plain, label)], hang, body);
        paper.into_text()
    }

    #[test]
    fn lines_break_between_words_and_hang() {
        let body = [span(Ink::Plain, "one two three")];
        assert_eq!(entry(10, "a", 3, &body), "a  one two\n   three\n");
        assert_eq!(entry(5, "a", 3, &body), "a  one\n   two\n   three\n");
    }

    #[test]
    fn a_long_label_gets_a_line_of_its_own() {
        let body = [span(Ink::Plain, "one")];
        assert_eq!(entry(10, "label", 3, &body), "label\n   one\n");
        assert_eq!(entry(10, "lab", 3, &body), "lab\n   one\n");
    }

    #[test]
    fn a_word_keeps_together_over_a_change_of_ink() {
        let body = [
            span(Ink::Plain, "see ("),
            span(Ink::Plain, "file"),
            span(Ink::Plain, ") now"),
        ];
        assert_eq!(entry(9, "", 0, &body), "see\n(file)\nnow\n");
    }

    #[test]
    fn what_acts_on_a_terminal_is_spelled_out_and_counted_so() {
        let body = [span(Ink::Plain, "a\u{1b}[2J b\nc")];
        assert_eq!(entry(12, "", 0, &body), "a\\u{1b}[2J\nb\\nc\n");
        let mut paper = Paper::new(10);
        paper.verbatim(1, Ink::Bad, "x\u{9b}y\nz");
        assert_eq!(
            paper.into_text(),
            " \u{1b}[31;1mx\\u{9b}y\u{1b}[0m\n \u{1b}[31;1mz\u{1b}[0m\n"
        );
    }
}
