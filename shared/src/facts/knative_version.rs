//! Knative Serving's releases.

use std::fmt;

/// A release of Knative Serving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnativeVersion {
    /// Major version.
    pub major: u16,
    /// Minor version.
    pub minor: u16,
    /// Patch version.
    pub patch: u16,
}

impl KnativeVersion {
    /// The newest release this crate knows: 1.23.0.
    pub const NEWEST: Self = Self::new(1, 23, 0);

    /// A release by its numbers.
    #[must_use]
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }

    /// Reads `1.21.3`, `v1.21.3`, `knative-v1.21`, with or without a suffix such as `-gke.6`.
    ///
    /// # Errors
    /// It is none of these.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bare = text.trim();
        let bare = bare.strip_prefix("knative-").unwrap_or(bare);
        let bare = bare.strip_prefix('v').unwrap_or(bare);
        let core = bare.split(['-', '+']).next().unwrap_or(bare);
        let parts: Vec<Option<u16>> = core.split('.').map(|part| part.parse().ok()).collect();
        match parts.as_slice() {
            [Some(major), Some(minor)] => Ok(Self::new(*major, *minor, 0)),
            [Some(major), Some(minor), Some(patch)] => Ok(Self::new(*major, *minor, *patch)),
            _ => Err(format!(
                "\"{text}\" is not a Knative version; write it like 1.23.0"
            )),
        }
    }

    /// Whether this is a release whose rules this crate states: 1.0 and later. The rules themselves are those of
    /// [`Self::NEWEST`]; the dated differences stand in the documentation of what they touch.
    #[must_use]
    pub fn is_supported(self) -> bool {
        self >= Self::new(1, 0, 0) && self.major == 1 && self.minor <= Self::NEWEST.minor
    }
}

impl fmt::Display for KnativeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_they_are_found() {
        for text in ["1.21.3", "v1.21.3", "knative-v1.21.3", "1.21.3-gke.6"] {
            assert_eq!(
                KnativeVersion::parse(text),
                Ok(KnativeVersion::new(1, 21, 3)),
                "{text}"
            );
        }
        for text in ["devel", "", "1", "1.x"] {
            assert!(KnativeVersion::parse(text).is_err(), "{text}");
        }
    }
}
