//! `-o json`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::error::Error;
use crate::input::visible;

/// Indented JSON with a line break at its end. Characters that could act on a terminal are written as `\u…`, which is the
/// same JSON.
pub(crate) fn pretty(value: &impl Serialize) -> Result<String, Error> {
    let mut bytes = Vec::with_capacity(4096);
    let mut serializer = Serializer::with_formatter(&mut bytes, Visible::default());
    value
        .serialize(&mut serializer)
        .map_err(|error| Error::output(&error))?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| Error::output(&error))
}

/// The same on one line.
pub(crate) fn compact(value: &impl Serialize) -> Result<String, Error> {
    let value = serde_json::to_value(value).map_err(|error| Error::output(&error))?;
    let pretty = pretty(&value)?;
    // A line break inside of a text is written as \n, so that each one here stands between two tokens.
    let lines: Vec<&str> = pretty.lines().map(str::trim_start).collect();
    Ok(lines.concat() + "\n")
}

/// [`PrettyFormatter`], except that it escapes more.
#[derive(Default)]
struct Visible(PrettyFormatter<'static>);

impl Formatter for Visible {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if matches!(visible(fragment), std::borrow::Cow::Borrowed(_)) {
            return writer.write_all(fragment.as_bytes());
        }
        for character in fragment.chars() {
            let mut buffer = [0; 4];
            let text = character.encode_utf8(&mut buffer);
            if visible(text) == *text {
                writer.write_all(text.as_bytes())?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::pretty;
    use serde_json::json;

    #[test]
    fn what_acts_on_a_terminal_is_escaped_and_reads_the_same() {
        let value = json!({"a": ["\u{1b}[2J", "\u{9b}x", "\u{202e}", "\u{e0001}", "größe"]});
        let text = pretty(&value).unwrap();
        assert!(
            text.contains(r#""\u001b[2J""#) && text.contains(r#""\u009bx""#),
            "{text}"
        );
        assert!(
            text.contains(r#""\u202e""#) && text.contains(r#""\udb40\udc01""#),
            "{text}"
        );
        assert!(text.contains("größe"), "{text}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
    }
}
