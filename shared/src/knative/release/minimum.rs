//! The Kubernetes that a release of Knative starts on.

use super::KnativeVersion;

/// The oldest Kubernetes 1.x of each Knative 1.x, from 1.0 on. Read from `vendor/knative.dev/pkg/version/version.go` at every
/// tag from knative-v1.0.0 to knative-v1.23.0; all patches of a minor release have the same.
const MINIMUM: [u16; 24] = [
    20, 20, 21, 21, 22, 22, 22, 22, 23, 24, 24, 25, 26, 27, 28, 28, 28, 30, 31, 32, 32, 33, 34, 34,
];

impl KnativeVersion {
    /// The oldest Kubernetes, major and minor, on which the components of this release start; none for a release that this
    /// crate does not know. Each of them looks when it starts, and ends where the cluster is older
    /// (`KUBERNETES_MIN_VERSION` in its environment counts instead).
    #[must_use]
    pub fn minimum_kubernetes(self) -> Option<(u16, u16)> {
        let minor = MINIMUM.get(usize::from(self.minor))?;
        (self.major == 1).then_some((1, *minor))
    }

    /// What a component of Knative writes to its log before it ends on a Kubernetes that is too old. `found` is the
    /// `gitVersion` of the API server.
    ///
    /// Source: knative.dev/pkg 1.0–1.23, version/version.go.
    #[must_use]
    pub fn too_old_kubernetes(found: &str, least: &str) -> String {
        let bare = |text: &str| text.strip_prefix('v').unwrap_or(text).to_owned();
        let (found, mut least) = (bare(found), bare(least));
        // Pre-releases of the least version are allowed, and stand in the text.
        if !least.contains('-') {
            least.push_str("-0");
        }
        format!(
            "kubernetes version \"{found}\" is not compatible, need at least \"{least}\" (this can be overridden with the env var \
             \"KUBERNETES_MIN_VERSION\")"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_that_is_known_has_its_minimum() {
        for minor in 0..=KnativeVersion::NEWEST.minor {
            let version = KnativeVersion::new(1, minor, 0);
            assert!(version.minimum_kubernetes().is_some(), "{version}");
        }
        assert_eq!(KnativeVersion::new(1, 99, 0).minimum_kubernetes(), None);
        assert_eq!(KnativeVersion::new(0, 22, 3).minimum_kubernetes(), None);
        assert_eq!(
            KnativeVersion::new(1, 12, 4).minimum_kubernetes(),
            Some((1, 26))
        );
        assert_eq!(KnativeVersion::NEWEST.minimum_kubernetes(), Some((1, 34)));
    }

    #[test]
    fn the_text_is_knative_s() {
        assert_eq!(
            KnativeVersion::too_old_kubernetes("v1.30.2", "v1.34.0"),
            "kubernetes version \"1.30.2\" is not compatible, need at least \"1.34.0-0\" (this can be overridden with the env \
             var \"KUBERNETES_MIN_VERSION\")"
        );
    }
}
