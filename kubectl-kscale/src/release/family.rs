//! How the manifests of the releases differ, beside version and digest.

use kscale_rules::facts::KnativeVersion;

/// What is in the manifest of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Family {
    /// Labels name the extension as an application of its own, and the pods carry none of them.
    pub(super) named_alone: bool,
    /// The label `serving.knative.dev/release` stands beside the usual one.
    pub(super) release_label: bool,
    /// The autoscaler of the nodes is told that it may move the pods.
    pub(super) safe_to_evict: bool,
    /// Metrics carry the domain of Knative Serving.
    pub(super) metrics_domain: bool,
    /// The container has a seccomp profile, and drops its capabilities by the name that Kubernetes checks.
    pub(super) restricted: bool,
    /// The container is probed.
    pub(super) probed: bool,
}

impl Family {
    /// The family of a release.
    pub(super) fn of(release: KnativeVersion) -> Self {
        let before = |minor, patch| release < KnativeVersion::new(1, minor, patch);
        Self {
            named_alone: before(1, 0),
            release_label: before(4, 0),
            // Taken out of 1.9 and 1.10 by patch releases.
            safe_to_evict: before(9, 4) || (!before(10, 0) && before(10, 2)),
            metrics_domain: before(20, 0),
            restricted: !before(8, 0),
            probed: !before(10, 0),
        }
    }
}
