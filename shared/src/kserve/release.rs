//! KServe releases, and the one table of what changed between them.
//!
//! Everything else in [`crate::kserve`] asks [`Release::has`] and never compares version numbers itself, so that
//! the differences between releases stand in one place and can be read as a list.

use std::fmt;

use crate::dated::behaviours;

/// A KServe release, ordered as releases are. Pre-releases and build suffixes count as the release they lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    major: u16,
    minor: u16,
    patch: u16,
}

impl Release {
    /// The newest release this crate knows: 0.20.0 (August 2026).
    pub const NEWEST: Self = Self::new(0, 20, 0);
    /// The oldest release this crate predicts.
    pub const OLDEST: Self = Self::new(0, 11, 0);
    /// The main branch after the newest release.
    pub const MAIN: Self = Self::new(0, 21, 0);

    /// A release by its numbers.
    #[must_use]
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }

    /// Reads `v0.15.2`, `0.15`, `0.15.2-rc1` or `main` (also `master`, `latest`, and with a commit: `main-aaac4e294`).
    ///
    /// # Errors
    /// None of these: the text is not a release.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim();
        // A commit may follow the branch's name, as in `master-aaac4e294`.
        let branch = trimmed.split(['-', '@']).next().unwrap_or(trimmed);
        if matches!(branch, "main" | "master" | "latest") {
            return Ok(Self::MAIN);
        }
        let bare = trimmed.strip_prefix('v').unwrap_or(trimmed);
        let core = bare.split(['-', '+']).next().unwrap_or(bare);
        let mut parts = core.split('.');
        let mut number = |needed: bool| match parts.next() {
            Some(part) => part.parse::<u16>().ok(),
            None if needed => None,
            None => Some(0),
        };
        match (number(true), number(true), number(false), parts.next()) {
            (Some(major), Some(minor), Some(patch), None) => Ok(Self::new(major, minor, patch)),
            _ => Err(format!(
                "\"{text}\" is not a KServe version; write it like 0.15.2, or main"
            )),
        }
    }

    /// Whether this release is one whose behaviour was proven (0.11 to main).
    #[must_use]
    pub fn is_supported(self) -> bool {
        (Self::OLDEST..=Self::MAIN).contains(&self)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::MAIN {
            return f.write_str("main");
        }
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

const fn at(minor: u16, patch: u16) -> Release {
    Release::new(0, minor, patch)
}
const ALWAYS: Release = Release::new(0, 0, 0);

behaviours! {
    /// A way in which KServe releases differ. The documentation of each says what it changes; the releases stand in
    /// [`BEHAVIOURS`]. Dated by running each release's code on the same inputs and by reading the tags between.
    Release;

    /// runs Knative's defaulting on the Knative Service itself, which stamps `containerConcurrency: 0`
    StampsContainerConcurrency: ALWAYS, Some(at(12, 0));
    /// has the framework field `huggingface`, and tells the model's container from others of its pod
    HuggingFace: at(12, 0), None;
    /// has the explainer `alibi`
    Alibi: ALWAYS, Some(at(13, 0));
    /// accepts the autoscaler class `external`
    ClassExternal: at(12, 0), None;
    /// refuses a storage URI on the transformer container of a predictor pod
    CollocationCheck: at(12, 0), None;
    /// refuses `deploymentStrategy` outside Standard mode
    DeploymentStrategy: at(13, 0), None;
    /// stops in Knative mode when Knative Serving is not installed
    KnativeGate: at(13, 0), None;
    /// words the errors about its ConfigMap with capitals and full stops
    OldConfigMessages: ALWAYS, Some(at(13, 0));
    /// names no class in its error about an unknown autoscaler class
    NamelessClassError: ALWAYS, Some(at(12, 0));
    /// makes a component's Service before its Deployment
    ServiceFirst: at(20, 0), None;
    /// starts the rps message with a capital
    CapitalRpsMessage: ALWAYS, Some(at(12, 0));
    /// words its messages with capitals and full stops
    OldMessages: ALWAYS, Some(at(14, 0));
    /// has `workerSpec`, for models over several nodes
    WorkerSpec: at(14, 0), None;
    /// accepts the autoscaler class `keda`
    ClassKeda: at(15, 0), None;
    /// has the fields `autoScaling`, `scaleMetricType` and pod-level `resources`, and counts replicas in 32 bits
    AutoScalingField: at(15, 0), None;
    /// leaves a Standard service without autoscalerClass `hpa` or `keda` unvalidated
    ValidatesByClass: at(15, 0), None;
    /// reads the annotations `targetUtilizationPercentage` and `metrics`, and gives every metric a default of 80 %
    AnnotationHpa: ALWAYS, Some(at(15, 0));
    /// validates multi-node services
    MultiNodeValidation: at(15, 0), None;
    /// reads `serviceAnnotationDisallowedList` from its ConfigMap
    DisallowedListConfig: at(15, 0), None;
    /// sets the replicas of a Deployment of class `external`, and wants that class for multi-node services
    ExternalSetsReplicas: at(15, 0), Some(at(15, 1));
    /// prints KEDA utilisation triggers as a memory address
    KedaPointerTarget: at(15, 0), Some(at(15, 1));
    /// makes one OpenTelemetry collector for every pod metric, named or not
    OtelPerMetric: at(15, 0), Some(at(16, 0));
    /// crashes on autoScaling entries without `resource` for the classes of the HPA path
    PanicsWithoutResource: at(15, 0), Some(at(16, 0));
    /// remembers the deployment mode in the status and refuses to change it
    StatusMode: at(15, 1), None;
    /// accepts the autoscaler class `none`, which fixes the replicas at minReplicas
    ClassNone: at(15, 1), None;
    /// drops an initial-scale that is no number, or zero where the cluster forbids zero
    InitialScaleCheck: at(15, 1), None;
    /// needs the ConfigMap config-autoscaler in Knative mode
    ConfigAutoscalerGate: at(15, 1), None;
    /// obeys the annotation `stop` in Knative mode
    StopKnative: at(15, 1), None;
    /// knows the mode names Standard and Knative
    NewModeNames: at(16, 0), None;
    /// judges the old mode name RawDeployment by the rules of Knative mode
    OldNameJudgedAsKnative: at(16, 0), Some(at(17, 0));
    /// takes stabilisation windows from its ConfigMap, plain numbers as thresholds, and knows authenticationRef and behavior
    KedaWindows: at(16, 0), None;
    /// obeys the annotation `stop` in Standard mode
    StopStandard: at(16, 0), None;
    /// leaves a service alone that is ready and has the annotation `disable-auto-update`
    AutoUpdateSwitch: at(16, 0), None;
    /// has the field `storageUris`
    StorageUris: at(16, 0), None;
    /// refuses a name on the model container
    ModelNameCheck: at(16, 0), None;
    /// accepts models from OCI images for multi-node services
    MultiNodeOci: at(16, 0), None;
    /// rewrites the old mode names to the new ones on every write
    NormalisesMode: at(17, 0), None;
    /// reads the mode annotation of each component again when it builds a Standard workload, and fails on unknown words
    ComponentModeCheck: at(17, 0), None;
    /// copies the model format into an annotation
    ModelFormatAnnotation: at(17, 0), None;
    /// refuses environment variables that could load foreign code
    BlockedEnvCheck: at(18, 0), None;
    /// makes a Service for the workers of a service over several nodes
    WorkerService: at(18, 0), None;
    /// crashes in its defaulting webhook on a predictor without any implementation
    PanicsWithoutPredictor: at(18, 0), None;
    /// takes an old mode name in the status for the new one
    NormalisesStatus: at(19, 0), None;
    /// takes an empty status for Standard when it compares modes on update
    EmptyStatusIsStandard: at(19, 0), Some(at(20, 0));
    /// validates nothing while the object is being deleted
    SkipsDeleting: at(19, 0), None;
    /// has `spec.canary` and `predictor.name`
    Canary: at(20, 0), None;
    /// leaves unknown fields to the CRD schema instead of removing them in its own webhook
    LeavesUnknownFields: at(20, 0), None;
    /// reduces the stable minReplicas by all canaries, ready or not
    CanaryReducesAtOnce: at(20, 0), Some(Release::MAIN);
    /// makes a canary's objects after those of the stable predictor, and only if those could be made
    CanaryAfterStable: at(20, 0), Some(Release::MAIN);
    /// crashes in its validating webhook on a KEDA memory metric of type AverageValue without a value
    PanicsWithoutAverageValue: at(15, 0), Some(at(16, 0));
    /// refuses quantities with a fraction unless they are written as text
    TextQuantities: at(16, 0), None;
}

/// The releases at which something changes, oldest first: between two of them every answer is the same.
#[must_use]
pub fn milestones() -> Vec<Release> {
    let mut all: Vec<Release> = BEHAVIOURS
        .iter()
        .flat_map(|row| [Some(row.since), row.until])
        .flatten()
        .filter(|release| *release > Release::OLDEST)
        .collect();
    all.push(Release::OLDEST);
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_people_write_them() {
        assert_eq!(Release::parse("v0.15.2"), Ok(Release::new(0, 15, 2)));
        assert_eq!(Release::parse("0.15"), Ok(Release::new(0, 15, 0)));
        assert_eq!(Release::parse("0.16.0-rc1"), Ok(Release::new(0, 16, 0)));
        assert_eq!(Release::parse("main"), Ok(Release::MAIN));
        assert_eq!(Release::parse("master-aaac4e294"), Ok(Release::MAIN));
        for wrong in ["", "v", "1", "0.x", "0.1.2.3", "newest"] {
            assert!(Release::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_behaviour_finds_its_own_row() {
        for row in BEHAVIOURS {
            assert_eq!(row.behaviour.row().what, row.what);
            assert!(
                row.until.is_none_or(|until| until > row.since),
                "{}",
                row.what
            );
        }
    }

    #[test]
    fn milestones_start_at_the_oldest() {
        let all = milestones();
        assert_eq!(all.first(), Some(&Release::OLDEST));
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
