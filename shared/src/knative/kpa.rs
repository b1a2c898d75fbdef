//! The numbers with which Knative's own autoscaler works for a revision.
//!
//! Source: knative/serving 1.23: pkg/reconciler/autoscaling/resources/{target,metric}.go,
//! pkg/reconciler/autoscaling/kpa/resources/decider.go, pkg/apis/autoscaling/v1alpha1/pa_lifecycle.go.

use serde::{Serialize, Serializer};

use super::annotations::{
    ACTIVATION_SCALE, AGGREGATION, Annotations, INITIAL_SCALE, Key, PANIC_THRESHOLD, PANIC_WINDOW,
    SCALE_DOWN_DELAY, TARGET, TARGET_BURST_CAPACITY, TARGET_UTILIZATION, WINDOW,
};
use super::config_autoscaler::{AutoscalerConfig, TARGET_MIN};
use super::release::Behaviour;
use crate::go::{self, Duration};

/// What a pod is meant to carry.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ResolvedTarget {
    /// What the autoscaler aims for, per pod, in the unit of the metric.
    pub target: f64,
    /// What a pod can carry in all; the target is a share of it.
    pub total: f64,
}

/// Everything that the autoscaler is told about a revision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KpaSettings {
    /// The metric: `concurrency` or `rps`.
    pub scaling_metric: String,
    /// Target and total per pod.
    pub resolved: ResolvedTarget,
    /// Pods to start from zero with; 0 is off.
    pub activation_scale: i32,
    /// Requests at once per activator.
    pub activator_capacity: f64,
    /// `linear`, `weighted-exponential`, `weightedExponential` or empty, which is linear.
    pub aggregation_algorithm: String,
    /// Pods that the revision starts with.
    pub initial_scale: i32,
    /// By which factor pods may go down in a step.
    pub max_scale_down_rate: f64,
    /// By which factor pods may go up in a step.
    pub max_scale_up_rate: f64,
    /// By which factor load must exceed what the pods can take to start a panic.
    pub panic_threshold: f64,
    /// The panic window, in seconds when written as JSON.
    #[serde(rename = "panic_window_s", serialize_with = "as_seconds")]
    pub panic_window: Duration,
    /// How long load must be low before pods go, in seconds when written as JSON.
    #[serde(rename = "scale_down_delay_s", serialize_with = "as_seconds")]
    pub scale_down_delay: Duration,
    /// The stable window, in seconds when written as JSON.
    #[serde(rename = "stable_window_s", serialize_with = "as_seconds")]
    pub stable_window: Duration,
    /// Requests that must fit without queueing; -1 is without end.
    pub target_burst_capacity: f64,
}

// Serde calls it with a reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn as_seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.seconds())
}

/// Works the numbers out. What does not parse counts as absent, as upstream; the webhook has refused it before.
///
/// `container_concurrency` is the revision's, 0 for no limit.
#[must_use]
pub fn settings(
    config: &AutoscalerConfig,
    annotations: &Annotations,
    metric: &str,
    container_concurrency: i64,
) -> KpaSettings {
    let release = config.release;
    let stable_window = duration(annotations, WINDOW).unwrap_or(config.stable_window);
    KpaSettings {
        scaling_metric: metric.to_owned(),
        resolved: resolve_target(config, annotations, metric, container_concurrency),
        activation_scale: int32(annotations, ACTIVATION_SCALE)
            .filter(|_| release.has(Behaviour::ActivationScale))
            .unwrap_or(0),
        activator_capacity: config.activator_capacity,
        aggregation_algorithm: AGGREGATION
            .at(release)
            .value(annotations)
            .unwrap_or_default()
            .to_owned(),
        initial_scale: initial_scale(config, annotations),
        max_scale_down_rate: config.max_scale_down_rate,
        max_scale_up_rate: config.max_scale_up_rate,
        panic_threshold: float(annotations, PANIC_THRESHOLD.at(release))
            .unwrap_or(config.panic_threshold_percentage)
            / 100.0,
        panic_window: panic_window(config, annotations, stable_window),
        scale_down_delay: duration(annotations, SCALE_DOWN_DELAY.at(release))
            .unwrap_or(config.scale_down_delay),
        stable_window,
        target_burst_capacity: float(annotations, TARGET_BURST_CAPACITY.at(release))
            .unwrap_or(config.target_burst_capacity),
    }
}

/// Target and total per pod.
#[must_use]
pub fn resolve_target(
    config: &AutoscalerConfig,
    annotations: &Annotations,
    metric: &str,
    container_concurrency: i64,
) -> ResolvedTarget {
    let limit = container_concurrency as f64;
    let (mut total, mut share) = if metric == "rps" {
        // The ConfigMap's percentage is for concurrency alone.
        (config.rps_target, config.other_utilization)
    } else {
        (
            if container_concurrency == 0 {
                config.concurrency_target
            } else {
                limit
            },
            config.concurrency_utilization,
        )
    };
    if let Some(target) = float(annotations, TARGET) {
        let capped = metric == "concurrency" && container_concurrency != 0;
        total = if capped {
            go::min(target, limit)
        } else {
            target
        };
    }
    if let Some(percentage) = float(annotations, TARGET_UTILIZATION.at(config.release)) {
        share = percentage / 100.0;
    }
    ResolvedTarget {
        target: go::max(TARGET_MIN, total * share),
        total,
    }
}

/// The pods that a revision starts with; an annotation of 0 counts only where the cluster allows it.
#[must_use]
pub fn initial_scale(config: &AutoscalerConfig, annotations: &Annotations) -> i32 {
    match int32(annotations, INITIAL_SCALE.at(config.release)) {
        Some(scale) if scale != 0 || config.allow_zero_initial_scale => scale,
        _ => config.initial_scale,
    }
}

fn panic_window(
    config: &AutoscalerConfig,
    annotations: &Annotations,
    stable: Duration,
) -> Duration {
    let key = PANIC_WINDOW.at(config.release);
    let percentage = float(annotations, key).unwrap_or(config.panic_window_percentage);
    let nanos = go::float_to_i64(stable.0 as f64 * percentage / 100.0);
    // Load is counted in buckets of a second.
    Duration(nanos)
        .round_to_second()
        .max(Duration::from_secs(1))
}

pub(super) fn int32(annotations: &Annotations, key: Key) -> Option<i32> {
    // Parsed to 32 bits, so nothing is lost.
    go::parse_int(key.value(annotations)?, 32)
        .ok()
        .map(|value| value as i32)
}

pub(super) fn float(annotations: &Annotations, key: Key) -> Option<f64> {
    go::parse_float(key.value(annotations)?).ok()
}

pub(super) fn duration(annotations: &Annotations, key: Key) -> Option<Duration> {
    go::parse_duration(key.value(annotations)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annotations(pairs: &[(&str, &str)]) -> Annotations {
        pairs
            .iter()
            .map(|(k, v)| (format!("autoscaling.knative.dev/{k}"), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn the_target_is_a_share_of_the_total() {
        let config = AutoscalerConfig::default();
        let resolve = |pairs: &[(&str, &str)], metric: &str, limit: i64| {
            let resolved = resolve_target(&config, &annotations(pairs), metric, limit);
            (resolved.target, resolved.total)
        };
        assert_eq!(resolve(&[], "concurrency", 0), (70.0, 100.0));
        assert_eq!(resolve(&[], "concurrency", 10), (7.0, 10.0));
        assert_eq!(resolve(&[("target", "50")], "concurrency", 10), (7.0, 10.0));
        assert_eq!(resolve(&[("target", "5")], "concurrency", 10), (3.5, 5.0));
        assert_eq!(resolve(&[], "rps", 10), (140.0, 200.0));
        assert_eq!(
            resolve(
                &[("target", "50"), ("target-utilization-percentage", "80")],
                "rps",
                10
            ),
            (40.0, 50.0)
        );
        assert_eq!(
            resolve(&[("target", "0.01")], "concurrency", 0),
            (0.01, 0.01)
        );
    }

    #[test]
    fn the_panic_window_is_rounded_and_at_least_a_bucket() {
        let config = AutoscalerConfig::default();
        let window = |pairs: &[(&str, &str)]| {
            settings(&config, &annotations(pairs), "concurrency", 0).panic_window
        };
        assert_eq!(window(&[]), Duration::from_secs(6));
        assert_eq!(window(&[("window", "25s")]), Duration::from_secs(3));
        assert_eq!(
            window(&[("window", "6s"), ("panic-window-percentage", "1")]),
            Duration::from_secs(1)
        );
    }

    #[test]
    fn an_initial_scale_of_zero_needs_leave() {
        let mut config = AutoscalerConfig {
            initial_scale: 3,
            ..AutoscalerConfig::default()
        };
        assert_eq!(
            initial_scale(&config, &annotations(&[("initial-scale", "0")])),
            3
        );
        config.allow_zero_initial_scale = true;
        assert_eq!(
            initial_scale(&config, &annotations(&[("initialScale", "0")])),
            0
        );
    }
}
