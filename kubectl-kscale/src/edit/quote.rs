//! Strings as YAML: plain where every reader takes them for strings, quoted otherwise.
//!
//! kubectl reads YAML 1.1 (go-yaml v2), where `on`, `y`, `1_000`, `0777` and `1:30` are no strings; most other tools
//! read 1.2, where they are, and `0o17` is not. What either takes for something else is quoted.

/// Where a scalar stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    Block,
    /// Inside brackets.
    Flow,
    Json,
}

/// A string as it is written, in quotes only where it needs them.
pub(super) fn string(text: &str, context: Context) -> String {
    if context != Context::Json && may_be_plain(text, context) {
        return text.to_owned();
    }
    double(text)
}

/// A string in a block, as whoever writes YAML anew writes it.
pub(crate) fn plain_or_quoted(text: &str) -> String {
    string(text, Context::Block)
}

/// In single quotes; nothing for what they cannot hold.
pub(super) fn single(text: &str) -> Option<String> {
    let printable = !text
        .chars()
        .any(|character| character == '\n' || must_escape(character));
    printable.then(|| format!("'{}'", text.replace('\'', "''")))
}

/// In double quotes, as in JSON, which is YAML too.
pub(super) fn double(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other if must_escape(other) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(other)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// The lines of a literal block, and its header; nothing for a text that does not look better in one.
pub(super) fn literal(text: &str) -> Option<(&'static str, Vec<&str>)> {
    let body = text.trim_end_matches('\n');
    let (header, lines) = match text.len() - body.len() {
        0 => ("|-", body),
        1 => ("|", body),
        // The last line break of a text belongs to its last line.
        _ => ("|+", text.strip_suffix('\n').unwrap_or(text)),
    };
    let harmless = |line: &str| {
        !line.starts_with(['\t', ' '])
            && !line.ends_with([' ', '\t'])
            && !line
                .chars()
                .any(|character| character != '\t' && must_escape(character))
    };
    let lines: Vec<&str> = lines.split('\n').collect();
    let first_is_text = lines.first().is_some_and(|line| !line.is_empty());
    let indented = |line: &&str| harmless(line.trim_start_matches(' ')) || line.is_empty();
    let fits = text.contains('\n')
        && first_is_text
        && harmless(lines[0])
        && lines
            .iter()
            .all(|line| indented(line) && (line.is_empty() || !line.trim().is_empty()));
    fits.then_some((header, lines))
}

/// Control characters, line breaks of other standards, and what turns the direction of the text around.
fn must_escape(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{200E}' | '\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn may_be_plain(text: &str, context: Context) -> bool {
    let harmless = |character: char| {
        character == ' '
            || character.is_ascii_graphic()
            || (!character.is_ascii() && character.is_alphanumeric())
    };
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return false;
    };
    let starts_well = match first {
        '-' => characters.next().is_some_and(|second| second != ' ') && !text.starts_with("---"),
        ' ' => false,
        _ => !"?:,[]{}#&*!|>'\"%@`=".contains(first),
    };
    let in_brackets = context == Context::Flow
        && text.contains([',', '[', ']', '{', '}', '?', ':', '"', '\'', '#']);
    starts_well
        && is_text(text)
        && !in_brackets
        && text.chars().all(harmless)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
}

/// Whether a plain scalar is a string to YAML 1.1 and 1.2 alike.
pub(super) fn is_text(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".inf", ".nan", "=", "<<",
    ];
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    !text.is_empty()
        && !WORDS.iter().any(|word| unsigned.eq_ignore_ascii_case(word))
        && !is_number(unsigned)
        && !is_time(text)
}

/// A whole number that reads back as the same text.
pub(super) fn is_decimal(text: &str) -> bool {
    text.parse::<i64>()
        .is_ok_and(|number| number.to_string() == text)
}

/// Every way to write a number in either standard, underscores and sexagesimals included.
fn is_number(unsigned: &str) -> bool {
    let digits = unsigned.replace('_', "");
    let lower = digits.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = lower.strip_prefix(prefix) {
            return !rest.is_empty() && rest.chars().all(|digit| digit.is_digit(radix));
        }
    }
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return false;
    }
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let all_digits = |part: &str| part.chars().all(|digit| digit.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let sexagesimal = whole
        .split(':')
        .all(|part| !part.is_empty() && all_digits(part));
    (sexagesimal || whole.is_empty())
        && mantissa.contains(|digit: char| digit.is_ascii_digit())
        && all_digits(fraction)
        && all_digits(exponent)
}

/// A date, or a date and a time.
fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 5
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[5..]
            .iter()
            .all(|byte| byte.is_ascii_digit() || b"-:.+TtZz \t".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_any_reader_takes_for_something_else_is_quoted() {
        for text in [
            "",
            "y",
            "N",
            "yes",
            "On",
            "off",
            "TRUE",
            "null",
            "~",
            "1",
            "-1",
            "+1",
            "1e3",
            "1E-3",
            "0x1F",
            "0o17",
            "0b1",
            "017",
            "1_000",
            "1.",
            ".5",
            "1:30",
            "190:20:30.15",
            ".inf",
            "-.INF",
            ".nan",
            "2001-01-01",
            "2001-12-14t21:59:43.10-05:00",
            "=",
            "<<",
            " a",
            "a ",
            "a: b",
            "a:",
            "a #b",
            "- a",
            "-",
            "---",
            "? a",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "'a'",
            "\"a\"",
            "[a]",
            "{a}",
            "|",
            ">",
            "#a",
            "a\tb",
            "a\u{85}b",
            "a\u{202e}b",
        ] {
            assert!(string(text, Context::Block).starts_with('"'), "{text:?}");
        }
    }

    #[test]
    fn what_is_a_string_to_all_stays_plain() {
        for text in [
            "a",
            "10Gi",
            "500m",
            "1.2.3",
            "v1",
            "--port=8080",
            "http://a/b",
            "a,b",
            "größe",
            "it's",
            "null-ish",
            "1 GiB",
            "1e",
        ] {
            // `1e` has no exponent digits in either standard, yet is not worth the doubt.
            let quoted = text == "1e";
            assert_eq!(
                string(text, Context::Block).starts_with('"'),
                quoted,
                "{text:?}"
            );
        }
        assert_eq!(string("a,b", Context::Flow), "\"a,b\"");
        assert_eq!(string("a", Context::Json), "\"a\"");
    }

    #[test]
    fn literal_blocks_hold_what_they_can() {
        assert_eq!(literal("a\nb"), Some(("|-", vec!["a", "b"])));
        assert_eq!(literal("a\n\n b\n"), Some(("|", vec!["a", "", " b"])));
        assert_eq!(literal("a\n\n"), Some(("|+", vec!["a", ""])));
        for text in [
            "a",
            "\na",
            " a\nb",
            "a\n  \nb",
            "a\u{7}\nb",
            "a\r\nb",
            "a\n\tb",
        ] {
            assert_eq!(literal(text), None, "{text:?}");
        }
    }
}
