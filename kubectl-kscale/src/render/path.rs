//! JSON pointers, as people write paths.

use std::fmt::Write as _;

/// `/metadata/annotations/a~1b` is `annotation a/b`, `/spec/containers/0/image` is `spec.containers[0].image`.
pub(crate) fn readable(pointer: &str) -> String {
    for (start, what) in [
        ("/metadata/annotations/", "annotation"),
        ("/metadata/labels/", "label"),
    ] {
        if let Some(key) = pointer.strip_prefix(start) {
            return format!("{what} {}", unescaped(key));
        }
    }
    let mut path = String::new();
    for token in pointer.split('/').skip(1).map(unescaped) {
        let index = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
        // Writing to a String cannot fail.
        let _ = match (index, token.contains(['.', '/'])) {
            (true, _) => write!(path, "[{token}]"),
            (_, true) => write!(path, "[\"{token}\"]"),
            _ if path.is_empty() => write!(path, "{token}"),
            _ => write!(path, ".{token}"),
        };
    }
    if path.is_empty() {
        "the object".to_owned()
    } else {
        path
    }
}

fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn pointers_read_as_paths() {
        for (pointer, path) in [
            ("", "the object"),
            (
                "/spec/predictor/containers/0/image",
                "spec.predictor.containers[0].image",
            ),
            (
                "/metadata/annotations/a.io~1b~0c/d",
                "annotation a.io/b~c/d",
            ),
            (
                "/spec/template/metadata/annotations/a.io~1b",
                "spec.template.metadata.annotations[\"a.io/b\"]",
            ),
        ] {
            assert_eq!(readable(pointer), path);
        }
    }
}
