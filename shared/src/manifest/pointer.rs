//! JSON pointers (RFC 6901).

use std::borrow::Cow;

/// Escapes one segment of a JSON pointer: `~` becomes `~0`, `/` becomes `~1`.
#[must_use]
pub fn escape(segment: &str) -> Cow<'_, str> {
    if segment.contains(['~', '/']) {
        Cow::Owned(segment.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(segment)
    }
}

/// The pointer of a member of what `parent` points at.
#[must_use]
pub fn child(parent: &str, segment: &str) -> String {
    let escaped = escape(segment);
    let mut pointer = String::with_capacity(parent.len() + 1 + escaped.len());
    pointer.push_str(parent);
    pointer.push('/');
    pointer.push_str(&escaped);
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_escaped() {
        assert_eq!(
            child("/metadata/annotations", "autoscaling.knative.dev/class"),
            "/metadata/annotations/autoscaling.knative.dev~1class"
        );
        assert_eq!(child("", "a~b"), "/a~0b");
    }
}
