//! Names of objects: which ones the API server and the webhooks accept.
//!
//! Source: k8s.io/apimachinery 0.34, pkg/util/validation/validation.go and pkg/api/validation/generic.go.

/// The longest label of DNS.
const LABEL_LENGTH: usize = 63;
/// The longest name of DNS.
const SUBDOMAIN_LENGTH: usize = 253;

/// What is wrong with a name that must be a label of RFC 1035: lower case, digits and dashes, a letter first.
///
/// Of a `prefix` (a `generateName`) the trailing dash is forgiven.
#[must_use]
pub fn dns1035_label_errors(name: &str, prefix: bool) -> Vec<String> {
    let masked;
    let name = match name.strip_suffix('-') {
        // Upstream replaces two characters by an `a`.
        Some(rest) if prefix && !rest.is_empty() => {
            let mut chars = rest.chars();
            chars.next_back();
            masked = format!("{}a", chars.as_str());
            masked.as_str()
        }
        _ => name,
    };
    let mut errors = Vec::new();
    if name.len() > LABEL_LENGTH {
        errors.push(format!("must be no more than {LABEL_LENGTH} characters"));
    }
    if !(name.starts_with(|c: char| c.is_ascii_lowercase()) && is_label(name)) {
        errors.push(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
             character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for \
             validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
                .to_owned(),
        );
    }
    errors
}

/// What is wrong with a name that must be a subdomain of RFC 1123: labels joined by dots.
#[must_use]
pub fn dns1123_subdomain_errors(name: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if name.len() > SUBDOMAIN_LENGTH {
        errors.push(format!(
            "must be no more than {SUBDOMAIN_LENGTH} characters"
        ));
    }
    if !name.split('.').all(is_label) {
        errors.push(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must \
             start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
             '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
                .to_owned(),
        );
    }
    errors
}

/// Lower case, digits and dashes, no dash first or last.
fn is_label(text: &str) -> bool {
    let edge = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = text.as_bytes();
    edge(bytes.first())
        && edge(bytes.last())
        && bytes
            .iter()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}

/// What is wrong with a text that must be one segment of a URL's path.
#[must_use]
pub fn path_segment_errors(text: &str) -> Vec<String> {
    if text == "." || text == ".." {
        return vec![format!("may not be '{text}'")];
    }
    ["/", "%"]
        .iter()
        .filter(|c| text.contains(**c))
        .map(|c| format!("may not contain '{c}'"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_labels() {
        assert_eq!(dns1035_label_errors("my-name", false), Vec::<String>::new());
        assert_eq!(dns1035_label_errors("my-name-", true), Vec::<String>::new());
        assert_eq!(dns1035_label_errors("my-name-", false).len(), 1);
        assert_eq!(dns1035_label_errors(&"A".repeat(64), false).len(), 2);
        assert_eq!(dns1035_label_errors("1a", false).len(), 1);
        assert_eq!(dns1123_subdomain_errors("1a.b-c"), Vec::<String>::new());
        assert_eq!(
            path_segment_errors("a/b%"),
            ["may not contain '/'", "may not contain '%'"]
        );
    }
}
