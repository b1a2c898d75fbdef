//! What the simulation is told: the prediction's numbers, and what else the controllers look up.

use crate::go::{self, Duration};
use crate::knative::annotations::PROGRESS_DEADLINE;
use crate::knative::kpa::KpaSettings;
use crate::knative::{
    Annotations, AutoscalerConfig, Behaviour, Bounds, DeploymentConfig, KnativeVersion,
};

/// What the autoscaler of a revision works with. Source: pkg/reconciler/autoscaling/kpa/resources/decider.go.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The numbers that the prediction gives.
    pub kpa: KpaSettings,
    /// False once no route leads to the revision.
    pub reachable: bool,
}

impl Settings {
    /// The settings of a revision.
    #[must_use]
    pub fn new(kpa: &KpaSettings, reachable: bool) -> Self {
        Self {
            kpa: kpa.clone(),
            reachable,
        }
    }
}

/// What bounds the replicas of a revision, and holds back the step to zero. Source:
/// pkg/reconciler/autoscaling/kpa/scaler.go.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The fewest and the most pods; an unreachable revision has no fewest.
    pub bounds: Bounds,
    /// Pods that must have been ready once before fewer are allowed; a route must lead to the revision.
    pub initial_scale: i32,
    /// `enable-scale-to-zero` of the cluster.
    pub scale_to_zero: bool,
    /// How long a revision must have been active before it can become inactive.
    pub stable_window: Duration,
    /// `scale-to-zero-grace-period`: how long the activator must have been in the path.
    pub grace_period: Duration,
    /// How long the last pod stays after the revision became inactive.
    pub pod_retention: Duration,
    /// `target-burst-capacity`; with -1 the activator is in the path without asking.
    pub target_burst_capacity: f64,
    /// How long pods may take to become ready before the attempt is given up.
    pub progress_deadline: Duration,
    /// False once no route leads to the revision.
    pub reachable: bool,
}

impl Policy {
    /// The policy of a revision. `pod_retention` is what its annotation says, `progress_deadline` see
    /// [`progress_deadline`].
    #[must_use]
    pub fn new(
        settings: &Settings,
        bounds: Bounds,
        pod_retention: Option<Duration>,
        config: &AutoscalerConfig,
        progress_deadline: Duration,
    ) -> Self {
        let reachable = settings.reachable;
        Self {
            bounds: Bounds {
                min: if reachable { bounds.min } else { 0 },
                max: bounds.max,
            },
            initial_scale: settings.kpa.initial_scale,
            scale_to_zero: config.enable_scale_to_zero,
            stable_window: settings.kpa.stable_window,
            grace_period: config.scale_to_zero_grace_period,
            pod_retention: if reachable {
                pod_retention.unwrap_or(config.scale_to_zero_pod_retention)
            } else {
                Duration::ZERO
            },
            target_burst_capacity: settings.kpa.target_burst_capacity,
            progress_deadline,
            reachable,
        }
    }

    /// The ready pods from which on a revision is active.
    pub(super) fn active_threshold(&self, initialized: bool) -> i32 {
        let least = if initialized { 1 } else { self.initial_scale };
        self.bounds.min.max(least)
    }
}

/// How long pods of a revision may take to become ready: the annotation `serving.knative.dev/progress-deadline`, else
/// what `config-deployment` says.
#[must_use]
pub fn progress_deadline(
    annotations: &Annotations,
    config: &DeploymentConfig,
    release: KnativeVersion,
) -> Duration {
    PROGRESS_DEADLINE
        .value(annotations)
        .filter(|_| release.has(Behaviour::ProgressDeadline))
        .and_then(|text| go::parse_duration(text).ok())
        .unwrap_or(config.progress_deadline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_progress_deadline_is_the_annotation_s_where_the_release_knows_it() {
        let annotations: Annotations = [(
            "serving.knative.dev/progress-deadline".to_owned(),
            "2m".to_owned(),
        )]
        .into();
        let deadline = |annotations: &Annotations, minor| {
            let release = KnativeVersion::new(1, minor, 0);
            progress_deadline(annotations, &DeploymentConfig::default(), release)
        };
        assert_eq!(deadline(&annotations, 23), Duration::from_secs(120));
        assert_eq!(deadline(&annotations, 3), Duration::from_secs(600));
        assert_eq!(deadline(&Annotations::new(), 23), Duration::from_secs(600));
    }
}
