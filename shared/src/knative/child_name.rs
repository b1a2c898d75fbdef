//! Names of what Knative makes for an object: the parent's name and a suffix, shortened if need be.
//!
//! Source: knative.dev/pkg as vendored by knative/serving 1.23, kmeta/names.go.

use crate::go;

const LONGEST: usize = 63;
const HASH: usize = 32;

/// `parent` and `suffix` in one, at most 63 bytes long; what is cut off lives on as an MD5 sum.
#[must_use]
pub fn child_name(parent: &str, suffix: &str) -> String {
    if parent.len() + suffix.len() <= LONGEST {
        return format!("{parent}{suffix}");
    }
    let head = LONGEST - HASH;
    if suffix.len() >= head {
        let hash = go::md5_hex(format!("{parent}{suffix}").as_bytes());
        let mut name = format!("{}{hash}", cut(parent, head));
        let room = LONGEST.saturating_sub(name.len());
        name.push_str(cut(suffix, room));
        return name
            .trim_end_matches(|c: char| !c.is_ascii_alphanumeric())
            .to_owned();
    }
    format!(
        "{}{}{suffix}",
        cut(parent, head - suffix.len()),
        go::md5_hex(parent.as_bytes())
    )
}

/// The first `length` bytes; names are ASCII, and others end at the character before.
fn cut(text: &str, length: usize) -> &str {
    let end = (0..=length.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_what_is_too_long() {
        assert_eq!(child_name("app", "-00001"), "app-00001");
        // From upstream's test.
        let long = "f".repeat(63);
        assert_eq!(
            child_name(&long, "-deployment"),
            "ffffffffffffffffffff105d7597f637e83cc711605ac3ea4957-deployment"
        );
    }
}
