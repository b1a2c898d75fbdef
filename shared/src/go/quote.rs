//! Quoted text: `%q` and `strconv.Quote`.

use std::fmt::Write as _;

/// Puts text between double quotes with Go's escapes, as `strconv.Quote`.
///
/// What is printable follows Rust's tables for characters beyond ASCII; they agree with Go's except for characters
/// assigned in a Unicode version that only one of the two knows.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        push_escaped(&mut out, c);
    }
    out.push('"');
    out
}

fn push_escaped(out: &mut String, c: char) {
    let short = match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\u{b}' => "\\v",
        ' '..='~' => {
            out.push(c);
            return;
        }
        _ => "",
    };
    if !short.is_empty() {
        out.push_str(short);
        return;
    }
    // Writing to a String cannot fail.
    let _ = match u32::from(c) {
        code if code < 0x80 => write!(out, "\\x{code:02x}"),
        _ if is_printable(c) => {
            out.push(c);
            Ok(())
        }
        code if code < 0x1_0000 => write!(out, "\\u{code:04x}"),
        code => write!(out, "\\U{code:08x}"),
    };
}

/// Go counts no space but U+0020 as printable, and combining marks as printable.
fn is_printable(c: char) -> bool {
    // Behind another character, because Rust escapes a combining mark that stands first.
    !c.is_whitespace() && format!("a{c}").escape_debug().nth(1) == Some(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_go_does() {
        assert_eq!(
            quote("a\u{a0}b\u{1}\u{200b}☺\u{e0001}\u{7f}\"\\\n"),
            "\"a\\u00a0b\\x01\\u200b☺\\U000e0001\\x7f\\\"\\\\\\n\""
        );
        assert_eq!(quote("é"), "\"é\"");
    }
}
