//! Knative Serving's releases, and the one table of what changed between them.
//!
//! Everything else in [`crate::knative`] asks [`KnativeVersion::has`] and never compares version numbers itself, so that
//! the differences between releases stand in one place and can be read as a list.

mod in_play;
mod minimum;

use std::fmt;

use crate::dated::behaviours;

pub use in_play::InPlay;

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
    /// The oldest release this crate predicts.
    pub const OLDEST: Self = Self::new(1, 0, 0);

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

    /// Whether this is a release whose rules this crate states: 1.0 to the minor release of [`Self::NEWEST`].
    #[must_use]
    pub fn is_supported(self) -> bool {
        self >= Self::OLDEST && self.major == Self::NEWEST.major && self.minor <= Self::NEWEST.minor
    }

    /// The API version of the HorizontalPodAutoscalers that the HPA class of this release makes, and watches. Kubernetes
    /// serves `autoscaling/v2beta1` up to 1.24 and `autoscaling/v2beta2` up to 1.25.
    ///
    /// Source: pkg/reconciler/autoscaling/hpa/resources/hpa.go.
    #[must_use]
    pub fn hpa_api_version(self) -> &'static str {
        if self.has(Behaviour::HpaV2beta1) {
            "autoscaling/v2beta1"
        } else if self.has(Behaviour::HpaV2beta2) {
            "autoscaling/v2beta2"
        } else {
            "autoscaling/v2"
        }
    }
}

impl Default for KnativeVersion {
    /// The release that counts where nobody knows: [`Self::NEWEST`].
    fn default() -> Self {
        Self::NEWEST
    }
}

impl fmt::Display for KnativeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

const fn at(minor: u16, patch: u16) -> KnativeVersion {
    KnativeVersion::new(1, minor, patch)
}
const ALWAYS: KnativeVersion = KnativeVersion::new(0, 0, 0);

behaviours! {
    /// A way in which Knative releases differ. The documentation of each says what it changes; the releases stand in
    /// [`BEHAVIOURS`]. Dated by reading every tag of knative/serving from 1.0.0 to 1.23.0, patches among them, and by
    /// running the code of the releases on both sides of a change on the same inputs.
    KnativeVersion;

    /// counts container ports once per container, and words it so
    PortsPerContainer: ALWAYS, Some(at(0, 1));
    /// reads annotations of several words in camel case alone (`minScale`), and writes its messages so
    CamelCaseKeys: ALWAYS, Some(at(1, 0));
    /// reads `min-scale` from config-autoscaler
    ClusterMinScale: at(1, 0), None;
    /// accepts any metric under the HPA class and makes a metric of the pods of it; before, `cpu` and `memory` alone
    CustomHpaMetrics: at(1, 0), None;
    /// accepts `window` under the HPA class and makes stabilisation windows of it
    HpaWindow: at(1, 0), None;
    /// makes HorizontalPodAutoscalers of `autoscaling/v2beta1`
    HpaV2beta1: ALWAYS, Some(at(1, 0));
    /// makes HorizontalPodAutoscalers of `autoscaling/v2beta2`
    HpaV2beta2: at(1, 0), Some(at(8, 0));
    /// refuses two containers of one name
    UniqueContainerNames: at(2, 0), None;
    /// tells a `target` that is no number from one that is too small, and says why it refuses an `initial-scale`
    PreciseErrors: at(3, 0), None;
    /// has a `target-burst-capacity` of 211 by default; before, 200
    BurstOf211: at(4, 0), None;
    /// knows the annotation `serving.knative.dev/progress-deadline`
    ProgressDeadline: at(4, 0), None;
    /// has the feature `kubernetes.podspec-topologyspreadconstraints`
    TopologySpread: at(4, 0), None;
    /// has the features `kubernetes.podspec-dnsconfig` and `kubernetes.podspec-dnspolicy`
    Dns: at(5, 0), None;
    /// keeps fields of the pod that its CRD does not list, so that its webhook refuses them; since, the API server drops them
    KeepsPodFields: ALWAYS, Some(at(6, 0));
    /// knows the annotation `activation-scale`
    ActivationScale: at(7, 0), None;
    /// reads `revision-response-start-timeout-seconds` and `revision-idle-timeout-seconds` from config-defaults
    ResponseTimeouts: at(7, 0), None;
    /// has a `revision-response-start-timeout-seconds` of 300 by default, so that a lower `revision-timeout-seconds` is refused
    FixedResponseTimeout: at(7, 0), Some(at(7, 1));
    /// has the feature `secure-pod-defaults`
    SecurePodDefaults: at(9, 0), None;
    /// judges a `metric` without a class by the default class of the cluster; before, by Knative's own autoscaler
    MetricOfDefaultClass: at(11, 0), None;
    /// knows annotations for the resources of queue-proxy one by one
    QueueResources: at(11, 0), None;
    /// has the feature `queueproxy.resource-defaults`
    QueueDefaults: at(11, 0), None;
    /// has the feature `kubernetes.podspec-shareprocessnamespace`
    ShareProcessNamespace: at(12, 0), None;
    /// has the features `kubernetes.podspec-hostipc`, `-hostpid` and `-hostnetwork`
    HostNamespaces: at(16, 0), None;
    /// trims blanks around texts in ConfigMaps, and names the key of a truth value that it cannot read
    TrimsConfigTexts: at(19, 0), None;
    /// knows the word `AllowRootBounded` for `secure-pod-defaults`, and no longer `Allowed`
    AllowRootBounded: at(20, 0), None;
    /// refuses unknown `networking.knative.dev` annotations on the template
    NetworkingKeys: at(21, 0), None;
}

/// The releases at which something changes, oldest first: between two of them every answer is the same.
#[must_use]
pub fn milestones() -> Vec<KnativeVersion> {
    InPlay::ALL.milestones()
}

#[cfg(test)]
mod tests;
