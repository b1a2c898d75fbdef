//! Names of sources as URI references (RFC 3986).

use std::fmt::Write as _;

/// A path becomes a relative reference, or a `file:` URI where it is absolute; an address stays one.
pub(super) fn uri(name: &str) -> String {
    if name.starts_with("http://") || name.starts_with("https://") {
        return escaped(name, "/:?#[]@!$&'()*+,;=%");
    }
    let path = name.replace('\\', "/");
    let mut segments = escaped(&path, "/:@!$&'()*+,;=");
    if path.starts_with('/') {
        segments.insert_str(0, "file://");
    } else if path
        .split('/')
        .next()
        .is_some_and(|first| first.contains(':'))
    {
        // `C:/x` is a path of Windows; any other colon in the first segment would read as a scheme.
        let drive = path.as_bytes().get(1..3) == Some(b":/");
        segments.insert_str(0, if drive { "file:///" } else { "./" });
    }
    segments
}

/// Everything is escaped but letters, digits, `-._~` and what is `kept`.
fn escaped(text: &str, kept: &str) -> String {
    let mut uri = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_alphanumeric()
            || "-._~".contains(character)
            || kept.contains(character)
        {
            uri.push(character);
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a String cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_and_addresses_are_references() {
        for (name, reference) in [
            ("a/b c.yaml", "a/b%20c.yaml"),
            ("größe#1.yaml", "gr%C3%B6%C3%9Fe%231.yaml"),
            ("/a/b%.yaml", "file:///a/b%25.yaml"),
            ("a\\b.yaml", "a/b.yaml"),
            ("C:/x.yaml", "file:///C:/x.yaml"),
            ("a:b.yaml", "./a:b.yaml"),
            ("https://h/p?q=a b", "https://h/p?q=a%20b"),
            ("<stdin>", "%3Cstdin%3E"),
        ] {
            assert_eq!(uri(name), reference);
        }
    }
}
