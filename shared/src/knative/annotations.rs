//! The annotations that Knative reads, their older spellings, and how they are looked up.
//!
//! Source: knative/serving 1.23, pkg/apis/autoscaling/register.go and pkg/apis/serving/register.go; look-up:
//! knative.dev/pkg, kmap/lookup.go.

use std::collections::BTreeMap;

use super::release::{Behaviour, KnativeVersion};

/// The annotations of an object.
pub type Annotations = BTreeMap<String, String>;

/// The group of all autoscaling annotations.
pub const AUTOSCALING_GROUP: &str = "autoscaling.knative.dev";

/// The class of Knative's own autoscaler.
pub const KPA_CLASS: &str = "kpa.autoscaling.knative.dev";
/// The class that hands over to a HorizontalPodAutoscaler.
pub const HPA_CLASS: &str = "hpa.autoscaling.knative.dev";

/// An annotation: the spelling of today, and the older one that still counts where the first is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The spelling of today, which wins.
    pub canonical: &'static str,
    /// The older spelling, if there is one.
    pub alias: Option<&'static str>,
}

impl Key {
    const fn new(canonical: &'static str) -> Self {
        Self {
            canonical,
            alias: None,
        }
    }

    const fn aliased(canonical: &'static str, alias: &'static str) -> Self {
        Self {
            canonical,
            alias: Some(alias),
        }
    }

    /// The key as a release reads it. Before there were two spellings, the older one of today was the only one.
    #[must_use]
    pub fn at(self, release: KnativeVersion) -> Self {
        match self.alias {
            Some(alias) if release.has(Behaviour::CamelCaseKeys) => Self::new(alias),
            _ => self,
        }
    }

    /// The spelling that is there and its value. An alias beside the canonical spelling is never looked at.
    #[must_use]
    pub fn get(self, annotations: &Annotations) -> Option<(&'static str, &str)> {
        if let Some(value) = annotations.get(self.canonical) {
            return Some((self.canonical, value));
        }
        let alias = self.alias?;
        annotations.get(alias).map(|value| (alias, value.as_str()))
    }

    /// The value alone.
    #[must_use]
    pub fn value(self, annotations: &Annotations) -> Option<&str> {
        self.get(annotations).map(|(_, value)| value)
    }
}

/// Which autoscaler.
pub const CLASS: Key = Key::new("autoscaling.knative.dev/class");
/// What is measured.
pub const METRIC: Key = Key::new("autoscaling.knative.dev/metric");
/// How much of it a pod should have.
pub const TARGET: Key = Key::new("autoscaling.knative.dev/target");
/// The fewest pods.
pub const MIN_SCALE: Key = Key::aliased(
    "autoscaling.knative.dev/min-scale",
    "autoscaling.knative.dev/minScale",
);
/// The most pods; 0 is no limit.
pub const MAX_SCALE: Key = Key::aliased(
    "autoscaling.knative.dev/max-scale",
    "autoscaling.knative.dev/maxScale",
);
/// The pods that a new revision starts with.
pub const INITIAL_SCALE: Key = Key::aliased(
    "autoscaling.knative.dev/initial-scale",
    "autoscaling.knative.dev/initialScale",
);
/// The pods to start from zero with.
pub const ACTIVATION_SCALE: Key = Key::new("autoscaling.knative.dev/activation-scale");
/// How long load must be low before pods go.
pub const SCALE_DOWN_DELAY: Key = Key::aliased(
    "autoscaling.knative.dev/scale-down-delay",
    "autoscaling.knative.dev/scaleDownDelay",
);
/// How long the last pod stays at least.
pub const POD_RETENTION: Key = Key::aliased(
    "autoscaling.knative.dev/scale-to-zero-pod-retention-period",
    "autoscaling.knative.dev/scaleToZeroPodRetentionPeriod",
);
/// The span over which load is averaged.
pub const WINDOW: Key = Key::new("autoscaling.knative.dev/window");
/// Which percentage of the target to aim for.
pub const TARGET_UTILIZATION: Key = Key::aliased(
    "autoscaling.knative.dev/target-utilization-percentage",
    "autoscaling.knative.dev/targetUtilizationPercentage",
);
/// The burst that must fit without queueing.
pub const TARGET_BURST_CAPACITY: Key = Key::aliased(
    "autoscaling.knative.dev/target-burst-capacity",
    "autoscaling.knative.dev/targetBurstCapacity",
);
/// The panic window as a percentage of the window.
pub const PANIC_WINDOW: Key = Key::aliased(
    "autoscaling.knative.dev/panic-window-percentage",
    "autoscaling.knative.dev/panicWindowPercentage",
);
/// The load that starts a panic, in percent of what the pods can take.
pub const PANIC_THRESHOLD: Key = Key::aliased(
    "autoscaling.knative.dev/panic-threshold-percentage",
    "autoscaling.knative.dev/panicThresholdPercentage",
);
/// How the load in the window is averaged.
pub const AGGREGATION: Key = Key::aliased(
    "autoscaling.knative.dev/metric-aggregation-algorithm",
    "autoscaling.knative.dev/metricAggregationAlgorithm",
);

/// All autoscaling annotations that the newest release reads; [`autoscaling`] tells those of another.
pub const AUTOSCALING: [Key; 15] = [
    CLASS,
    METRIC,
    TARGET,
    MIN_SCALE,
    MAX_SCALE,
    INITIAL_SCALE,
    ACTIVATION_SCALE,
    SCALE_DOWN_DELAY,
    POD_RETENTION,
    WINDOW,
    TARGET_UTILIZATION,
    TARGET_BURST_CAPACITY,
    PANIC_WINDOW,
    PANIC_THRESHOLD,
    AGGREGATION,
];

/// What [`AGGREGATION`] may say under the class of Knative's own autoscaler; under another nobody looks.
pub const AGGREGATIONS: [&str; 4] = ["", "linear", "weighted-exponential", "weightedExponential"];

/// The autoscaling annotations that only Knative's own autoscaler reads. The webhook checks them whatever the class.
pub const KPA_ONLY: [Key; 8] = [
    TARGET_UTILIZATION,
    TARGET_BURST_CAPACITY,
    PANIC_WINDOW,
    PANIC_THRESHOLD,
    SCALE_DOWN_DELAY,
    POD_RETENTION,
    ACTIVATION_SCALE,
    AGGREGATION,
];

/// The autoscaling annotations that a release reads, as it reads them.
pub fn autoscaling(release: KnativeVersion) -> impl Iterator<Item = Key> {
    AUTOSCALING
        .into_iter()
        .filter(move |key| *key != ACTIVATION_SCALE || release.has(Behaviour::ActivationScale))
        .map(move |key| key.at(release))
}

/// The annotation that a release reads under a name: as the newest release has it, and as that one does. None where that
/// release reads nothing of this name.
#[must_use]
pub fn read_as(name: &str, release: KnativeVersion) -> Option<(Key, Key)> {
    let read = |key: Key| key.at(release);
    let is_it = |key: Key| key.canonical == name || key.alias == Some(name);
    AUTOSCALING
        .into_iter()
        .filter(|key| *key != ACTIVATION_SCALE || release.has(Behaviour::ActivationScale))
        .map(|key| (key, read(key)))
        .find(|(_, read)| is_it(*read))
}

/// How slowly traffic moves to a new revision; on the Service or Route itself.
pub const ROLLOUT_DURATION: Key = Key::aliased(
    "serving.knative.dev/rollout-duration",
    "serving.knative.dev/rolloutDuration",
);
/// How long a new revision may take.
pub const PROGRESS_DEADLINE: Key = Key::new("serving.knative.dev/progress-deadline");
/// Deprecated: the share of the user container's resources that queue-proxy gets, in percent.
pub const QUEUE_RESOURCE_PERCENTAGE: Key = Key::aliased(
    "queue.sidecar.serving.knative.dev/resource-percentage",
    "queue.sidecar.serving.knative.dev/resourcePercentage",
);
/// The CPU that queue-proxy requests.
pub const QUEUE_CPU_REQUEST: Key =
    Key::new("queue.sidecar.serving.knative.dev/cpu-resource-request");
/// The CPU that queue-proxy is limited to.
pub const QUEUE_CPU_LIMIT: Key = Key::new("queue.sidecar.serving.knative.dev/cpu-resource-limit");
/// The memory that queue-proxy requests.
pub const QUEUE_MEMORY_REQUEST: Key =
    Key::new("queue.sidecar.serving.knative.dev/memory-resource-request");
/// The memory that queue-proxy is limited to.
pub const QUEUE_MEMORY_LIMIT: Key =
    Key::new("queue.sidecar.serving.knative.dev/memory-resource-limit");
/// The disk that queue-proxy requests.
pub const QUEUE_STORAGE_REQUEST: Key =
    Key::new("queue.sidecar.serving.knative.dev/ephemeral-storage-resource-request");
/// The disk that queue-proxy is limited to.
pub const QUEUE_STORAGE_LIMIT: Key =
    Key::new("queue.sidecar.serving.knative.dev/ephemeral-storage-resource-limit");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_spelling_wins() {
        let mut annotations = Annotations::from([(
            "autoscaling.knative.dev/minScale".to_owned(),
            "1".to_owned(),
        )]);
        assert_eq!(
            MIN_SCALE.get(&annotations),
            Some(("autoscaling.knative.dev/minScale", "1"))
        );
        annotations.insert(MIN_SCALE.canonical.to_owned(), "2".to_owned());
        assert_eq!(
            MIN_SCALE.get(&annotations),
            Some((MIN_SCALE.canonical, "2"))
        );
        assert_eq!(MAX_SCALE.value(&annotations), None);
    }
}
