//! A text that was read, and places in it.

use std::sync::{Arc, OnceLock};

/// A stretch of a source, for people (line and column) and for tools (byte offsets).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Line of the first character, from 1.
    pub line: u32,
    /// Column of the first character, in characters, from 1.
    pub column: u32,
    /// Offset of the first byte in [`Source::text`].
    pub start: usize,
    /// Offset just after the last byte; equal to `start` where nothing is written (an empty value).
    pub end: usize,
}

/// The whole text of one file, stream or address, kept so that findings can show the lines they speak of.
#[derive(Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    /// Offsets at which lines start; worked out at the first question, since most texts are never asked about.
    lines: OnceLock<Vec<u32>>,
}

impl Source {
    /// A source by the name people gave it (`<stdin>` for `-`).
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
        }
    }

    /// The path, address or `<stdin>`, as given.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The text, byte for byte as it was read: a byte order mark and CRLF are still in it, so offsets fit the file.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The place of a range of bytes. A range outside the text is cut to it.
    #[must_use]
    pub fn place(&self, start: usize, end: usize) -> Place {
        let start = floor_boundary(&self.text, start);
        let end = floor_boundary(&self.text, end).max(start);
        let lines = self.lines.get_or_init(|| line_starts(&self.text));
        let line = lines
            .partition_point(|&first| first as usize <= start)
            .max(1);
        let first = lines.get(line - 1).map_or(0, |&first| first as usize);
        let before = self.text.get(first..start).unwrap_or("");
        // The mark is no character of the first line: editors do not show it.
        let column = before.trim_start_matches('\u{FEFF}').chars().count() + 1;
        Place {
            line: clamp(line),
            column: clamp(column),
            start,
            end,
        }
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Lines end at LF, CRLF or a lone CR (YAML 1.1 §4.1.4, and what editors count).
fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (at, &byte) in bytes.iter().enumerate() {
        let ends = byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if ends {
            starts.push(clamp(at + 1));
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, offset: usize) -> (u32, u32) {
        let place = Source::new("x", text).place(offset, offset);
        (place.line, place.column)
    }

    #[test]
    fn lines_end_at_lf_crlf_and_cr() {
        for text in ["a\nbc\nd", "a\rbc\rd"] {
            assert_eq!(at(text, 3), (2, 2), "{text:?}");
            assert_eq!(at(text, 5), (3, 1), "{text:?}");
        }
        assert_eq!(at("a\r\nbc\r\nd", 4), (2, 2));
        assert_eq!(at("a\r\nbc\r\nd", 7), (3, 1));
    }

    #[test]
    fn columns_count_characters_and_not_the_mark() {
        assert_eq!(at("größe: 1", "größe".len()), (1, 6));
        assert_eq!(at("\u{feff}ab", 4), (1, 2));
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        assert_eq!(at("ab", 99), (1, 3));
        assert_eq!(at("ö", 1), (1, 1));
    }
}
