//! Text from a manifest, made safe to show.

use std::borrow::Cow;

/// `text` with every character that could act on a terminal, or hide what is written, spelled out.
///
/// Escaped are the C0 and C1 controls and DEL (a manifest may hold `ESC ]0;…` in a quoted string), the bidirectional
/// overrides and isolates (Trojan Source, CVE-2021-42574), zero-width characters, letters and fillers that show nothing, the byte
/// order mark and the line and paragraph separators. Everything else is left as it is, so the common case borrows.
///
/// Every renderer passes whatever it did not write itself through here; values are never altered at the time they are
/// read.
///
/// ```
/// use kubectl_kscale::input::visible;
/// assert_eq!(visible("bert"), "bert");
/// assert_eq!(visible("a\u{1b}[31mb\n"), "a\\u{1b}[31mb\\n");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(hidden) else {
        return Cow::Borrowed(text);
    };
    let mut shown = String::with_capacity(text.len() + 16);
    shown.push_str(&text[..first]);
    for character in text[first..].chars() {
        if hidden(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

fn hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{00AD}'
                | '\u{034F}'
                | '\u{061C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(
            visible("größe 模型 🦀"),
            Cow::Borrowed("größe 模型 🦀")
        ));
    }

    #[test]
    fn what_acts_on_a_terminal_is_escaped() {
        for (raw, shown) in [
            ("a\tb", "a\\tb"),
            ("a\r\nb", "a\\r\\nb"),
            ("\u{1b}]0;x\u{7}", "\\u{1b}]0;x\\u{7}"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("\u{7f}", "\\u{7f}"),
            ("\u{202e}gpj.exe", "\\u{202e}gpj.exe"),
            ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
            ("a\u{feff}b", "a\\u{feff}b"),
            ("a\u{200b}b", "a\\u{200b}b"),
            ("a\u{ad}b\u{3164}", "a\\u{ad}b\\u{3164}"),
            ("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}"),
        ] {
            assert_eq!(visible(raw), shown);
        }
    }
}
