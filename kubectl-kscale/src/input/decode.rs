//! Bytes into text.

use super::problem::{Problem, ProblemKind};

/// The bytes as text, a UTF-8 byte order mark included. Anything but UTF-8 is a problem that says where.
///
/// kubectl is laxer with files (`cli-runtime`: `FileVisitor`): UTF-16 with a mark is decoded, and bytes that are no UTF-8
/// become U+FFFD. The one would leave places that fit no file, the other changes values in silence.
pub(super) fn decode(name: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    if let Some(kind) = wide(&bytes) {
        let problem = Problem::of_source(
            name,
            ProblemKind::Encoding,
            format!("the text is {kind}; only UTF-8 is read here"),
        );
        return Err(problem.hint("save it as UTF-8: in PowerShell, `… | Out-File -Encoding utf8 FILE` instead of `> FILE`"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = bytes[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
        let byte = bytes.get(at).copied().unwrap_or_default();
        let message =
            format!("the text is not UTF-8: byte 0x{byte:02X} at offset {at}, on line {line}");
        let hint = if bytes.contains(&0) {
            "is this a text file?"
        } else {
            "save it as UTF-8; `iconv -f LATIN1 -t UTF-8` turns the usual suspect into it"
        };
        Problem::of_source(name, ProblemKind::Encoding, message).hint(hint)
    })
}

/// The byte order marks of what is not UTF-8; UTF-32 first, since its mark begins with that of UTF-16.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] => Some("UTF-16 (little-endian)"),
        [0xFE, 0xFF, ..] => Some("UTF-16 (big-endian)"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        decode("x.yaml", bytes.to_vec()).unwrap_err().message
    }

    #[test]
    fn utf8_passes_with_its_mark() {
        assert_eq!(decode("x", "\u{feff}ö".into()).unwrap(), "\u{feff}ö");
    }

    #[test]
    fn latin1_names_byte_offset_and_line() {
        assert_eq!(
            message(b"a: 1\nb: gr\xfc\xdfe\n"),
            "the text is not UTF-8: byte 0xFC at offset 10, on line 2"
        );
    }

    #[test]
    fn utf16_and_utf32_are_named() {
        assert!(message(b"\xff\xfea\0").contains("UTF-16 (little-endian)"));
        assert!(message(b"\xfe\xff\0a").contains("UTF-16 (big-endian)"));
        assert!(message(b"\xff\xfe\0\0a\0\0\0").contains("UTF-32"));
    }
}
