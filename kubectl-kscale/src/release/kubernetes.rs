//! What each release asks of Kubernetes.

use std::fmt;

use kscale_rules::facts::KnativeVersion;

/// A minor release of Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kubernetes {
    /// Major version.
    pub(crate) major: u16,
    /// Minor version.
    pub(crate) minor: u16,
}

impl Kubernetes {
    /// Reads what `/version` says as `gitVersion`: `v1.27.3-gke.100`. Patches and what follows them do not count: a release of
    /// Knative takes pre-releases of what it asks for, too.
    pub(crate) fn read(git_version: &str) -> Option<Self> {
        let bare = git_version.strip_prefix('v').unwrap_or(git_version);
        let mut parts = bare.split(['.', '-', '+']);
        let mut number = || parts.next()?.parse().ok();
        Some(Self {
            major: number()?,
            minor: number()?,
        })
    }
}

impl fmt::Display for Kubernetes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The minor release of Kubernetes 1 below which the programs of Knative 1.x exit when they start, by x.
///
/// Source: `version/version.go` of the knative/pkg that each tag of knative/serving is built with.
const LEAST: [u16; 24] = [
    20, 20, 21, 21, 22, 22, 22, 22, 23, 24, 24, 25, 26, 27, 28, 28, 28, 30, 31, 32, 32, 33, 34, 34,
];

/// The oldest Kubernetes on which a release starts; none where that is not known.
pub(crate) fn least_kubernetes(release: KnativeVersion) -> Option<Kubernetes> {
    let minor = LEAST.get(usize::from(release.minor))?;
    (release.major == 1).then_some(Kubernetes {
        major: 1,
        minor: *minor,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_servers_are_read_as_they_are_found() {
        for (text, expected) in [
            ("v1.20.2", Some("1.20")),
            ("v1.27.3-gke.100", Some("1.27")),
            ("v1.36.0-alpha.1+abc", Some("1.36")),
            ("1.30", Some("1.30")),
            ("v1", None),
            ("", None),
        ] {
            let read = Kubernetes::read(text).map(|version| version.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn every_release_that_is_known_says_what_it_asks_for() {
        assert_eq!(LEAST.len(), usize::from(KnativeVersion::NEWEST.minor) + 1);
        assert!(LEAST.is_sorted());
        let least = |minor| least_kubernetes(KnativeVersion::new(1, minor, 4)).unwrap();
        assert_eq!(least(12).to_string(), "1.26");
        assert_eq!(least(21).to_string(), "1.33");
        assert_eq!(least_kubernetes(KnativeVersion::new(1, 24, 0)), None);
        assert_eq!(least_kubernetes(KnativeVersion::new(0, 23, 0)), None);
    }
}
