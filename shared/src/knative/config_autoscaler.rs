//! ConfigMap `config-autoscaler`: the defaults of every autoscaling setting.
//!
//! Source: knative/serving 1.23, pkg/autoscaler/config/config.go and autoscalerconfig/autoscalerconfig.go.

use std::collections::BTreeMap;

use super::annotations::KPA_CLASS;
use super::config_map::Data;
use super::release::{Behaviour, KnativeVersion};
use crate::go::{Duration, fixed_float, format_float};

/// The lowest target that a pod can have.
pub const TARGET_MIN: f64 = 0.01;
/// The shortest stable window.
pub const WINDOW_MIN: Duration = Duration::from_secs(6);
/// The longest stable window.
pub const WINDOW_MAX: Duration = Duration::from_secs(3600);
/// The smallest panic window, in percent of the stable window.
pub const PANIC_WINDOW_MIN: f64 = 1.0;
/// The largest panic window, in percent of the stable window.
pub const PANIC_WINDOW_MAX: f64 = 100.0;
/// The share of the target that is aimed for unless something else is said.
const DEFAULT_UTILIZATION: f64 = 0.7;

/// What `config-autoscaler` says, with defaults for what it does not say.
#[derive(Debug, Clone, PartialEq)]
pub struct AutoscalerConfig {
    /// The release that reads the ConfigMap. No key sets it; it stands here because all that reads this configuration
    /// behaves as its release does.
    pub release: KnativeVersion,
    /// `pod-autoscaler-class`: the class of what names none.
    pub pod_autoscaler_class: String,
    /// `enable-scale-to-zero`.
    pub enable_scale_to_zero: bool,
    /// `allow-zero-initial-scale`.
    pub allow_zero_initial_scale: bool,
    /// `initial-scale`: pods that a new revision starts with.
    pub initial_scale: i32,
    /// `min-scale`: the fewest pods.
    pub min_scale: i32,
    /// `max-scale`: the most pods; 0 is no limit.
    pub max_scale: i32,
    /// `max-scale-limit`: the highest `max-scale` that anyone may ask for; 0 is no limit.
    pub max_scale_limit: i32,
    /// `container-concurrency-target-percentage`, as a fraction: the ConfigMap's `70` and `0.7` are both 0.7.
    pub concurrency_utilization: f64,
    /// `container-concurrency-target-default`: requests at once per pod.
    pub concurrency_target: f64,
    /// The share of the target aimed for with other metrics than concurrency, as a fraction. No key sets it.
    pub other_utilization: f64,
    /// `requests-per-second-target-default`: per pod.
    pub rps_target: f64,
    /// `target-burst-capacity`: requests; -1 is without end.
    pub target_burst_capacity: f64,
    /// `activator-capacity`: requests at once per activator.
    pub activator_capacity: f64,
    /// `max-scale-up-rate`: as a factor.
    pub max_scale_up_rate: f64,
    /// `max-scale-down-rate`: as a factor.
    pub max_scale_down_rate: f64,
    /// `stable-window`.
    pub stable_window: Duration,
    /// `panic-window-percentage`: percent of the stable window.
    pub panic_window_percentage: f64,
    /// `panic-threshold-percentage`: percent of what the pods can take.
    pub panic_threshold_percentage: f64,
    /// `scale-down-delay`.
    pub scale_down_delay: Duration,
    /// `scale-to-zero-grace-period`.
    pub scale_to_zero_grace_period: Duration,
    /// `scale-to-zero-pod-retention-period`.
    pub scale_to_zero_pod_retention: Duration,
}

impl Default for AutoscalerConfig {
    fn default() -> Self {
        Self {
            release: KnativeVersion::NEWEST,
            pod_autoscaler_class: KPA_CLASS.to_owned(),
            enable_scale_to_zero: true,
            allow_zero_initial_scale: false,
            initial_scale: 1,
            min_scale: 0,
            max_scale: 0,
            max_scale_limit: 0,
            concurrency_utilization: DEFAULT_UTILIZATION,
            concurrency_target: 100.0,
            other_utilization: DEFAULT_UTILIZATION,
            rps_target: 200.0,
            target_burst_capacity: 211.0,
            activator_capacity: 100.0,
            max_scale_up_rate: 1000.0,
            max_scale_down_rate: 2.0,
            stable_window: Duration::from_secs(60),
            panic_window_percentage: 10.0,
            panic_threshold_percentage: 200.0,
            scale_down_delay: Duration::ZERO,
            scale_to_zero_grace_period: Duration::from_secs(30),
            scale_to_zero_pod_retention: Duration::ZERO,
        }
    }
}

impl AutoscalerConfig {
    /// The defaults of a release.
    #[must_use]
    pub fn shipped(release: KnativeVersion) -> Self {
        let mut config = Self {
            release,
            ..Self::default()
        };
        if !release.has(Behaviour::BurstOf211) {
            config.target_burst_capacity = 200.0;
        }
        config
    }

    /// Reads the `data` of the ConfigMap as the newest release does. Unknown keys and `_example` have no effect.
    ///
    /// # Errors
    /// The text of the first thing that Knative refuses. Running components then keep the last good configuration, and
    /// new ones do not start.
    pub fn parse(data: &BTreeMap<String, String>) -> Result<Self, String> {
        Self::parse_at(data, KnativeVersion::NEWEST)
    }

    /// Reads the `data` of the ConfigMap as a release does.
    ///
    /// # Errors
    /// The text of the first thing that Knative refuses.
    pub fn parse_at(
        data: &BTreeMap<String, String>,
        release: KnativeVersion,
    ) -> Result<Self, String> {
        let mut config = Self::shipped(release);
        config
            .read(Data::new(data, release))
            .map_err(|error| format!("failed to parse data: {error}"))?;
        // A percentage; but values up to 1 have always been taken for fractions.
        if config.concurrency_utilization > 1.0 {
            config.concurrency_utilization /= 100.0;
        }
        config.check_times()?;
        config.check_rates()?;
        config.check_windows()?;
        config.check_scales()?;
        Ok(config)
    }

    /// In upstream's order, since the first error is the only one told.
    fn read(&mut self, data: Data<'_>) -> Result<(), String> {
        data.text("pod-autoscaler-class", &mut self.pod_autoscaler_class);
        data.bool("enable-scale-to-zero", &mut self.enable_scale_to_zero)?;
        data.bool(
            "allow-zero-initial-scale",
            &mut self.allow_zero_initial_scale,
        )?;
        data.float("max-scale-up-rate", &mut self.max_scale_up_rate)?;
        data.float("max-scale-down-rate", &mut self.max_scale_down_rate)?;
        data.float(
            "container-concurrency-target-percentage",
            &mut self.concurrency_utilization,
        )?;
        data.float(
            "container-concurrency-target-default",
            &mut self.concurrency_target,
        )?;
        data.float("requests-per-second-target-default", &mut self.rps_target)?;
        data.float("target-burst-capacity", &mut self.target_burst_capacity)?;
        data.float("panic-window-percentage", &mut self.panic_window_percentage)?;
        data.float("activator-capacity", &mut self.activator_capacity)?;
        data.float(
            "panic-threshold-percentage",
            &mut self.panic_threshold_percentage,
        )?;
        data.int32("initial-scale", &mut self.initial_scale)?;
        if self.release.has(Behaviour::ClusterMinScale) {
            data.int32("min-scale", &mut self.min_scale)?;
        }
        data.int32("max-scale", &mut self.max_scale)?;
        data.int32("max-scale-limit", &mut self.max_scale_limit)?;
        data.duration("stable-window", &mut self.stable_window)?;
        data.duration("scale-down-delay", &mut self.scale_down_delay)?;
        data.duration(
            "scale-to-zero-grace-period",
            &mut self.scale_to_zero_grace_period,
        )?;
        data.duration(
            "scale-to-zero-pod-retention-period",
            &mut self.scale_to_zero_pod_retention,
        )
    }

    fn check_times(&self) -> Result<(), String> {
        if self.scale_to_zero_grace_period <= Duration::ZERO {
            let was = self.scale_to_zero_grace_period;
            return Err(format!(
                "scale-to-zero-grace-period must be positive, was: {was}"
            ));
        }
        let delay = self.scale_down_delay;
        if delay < Duration::ZERO {
            return Err(format!("scale-down-delay cannot be negative, was: {delay}"));
        }
        if !delay.is_whole_seconds() {
            return Err(format!(
                "scale-down-delay = {delay}, must be specified with at most second precision"
            ));
        }
        let retention = self.scale_to_zero_pod_retention;
        if retention < Duration::ZERO {
            return Err(format!(
                "scale-to-zero-pod-retention-period cannot be negative, was: {retention}"
            ));
        }
        Ok(())
    }

    // Written so that NaN passes where it passes upstream.
    fn check_rates(&self) -> Result<(), String> {
        let burst = self.target_burst_capacity;
        if burst < 0.0 && burst != -1.0 {
            let was = fixed_float(burst);
            return Err(format!(
                "target-burst-capacity must be either non-negative or -1 (for unlimited), was: {was}"
            ));
        }
        let share = self.concurrency_utilization;
        if share <= 0.0 || share > 1.0 {
            let was = fixed_float(share);
            return Err(format!(
                "container-concurrency-target-percentage = {was} is outside of valid range of (0, 100]"
            ));
        }
        let target = share * self.concurrency_target;
        if target < TARGET_MIN {
            return Err(format!(
                "container-concurrency-target-percentage and container-concurrency-target-default yield target \
                 concurrency of {}, can't be less than 0.01",
                format_float(target)
            ));
        }
        if self.rps_target < TARGET_MIN {
            let was = format_float(self.rps_target);
            return Err(format!(
                "requests-per-second-target-default must be at least 0.01, was: {was}"
            ));
        }
        if self.activator_capacity < 1.0 {
            let was = format_float(self.activator_capacity);
            return Err(format!("activator-capacity = {was}, must be at least 1"));
        }
        for (key, rate) in [
            ("max-scale-up-rate", self.max_scale_up_rate),
            ("max-scale-down-rate", self.max_scale_down_rate),
        ] {
            if rate <= 1.0 {
                return Err(format!(
                    "{key} = {}, must be greater than 1.0",
                    format_float(rate)
                ));
            }
        }
        Ok(())
    }

    fn check_windows(&self) -> Result<(), String> {
        let window = self.stable_window;
        if !(WINDOW_MIN..=WINDOW_MAX).contains(&window) {
            return Err(format!(
                "stable-window = {window}, must be in [{WINDOW_MIN}; {WINDOW_MAX}] range"
            ));
        }
        if !window.is_whole_seconds() {
            return Err(format!(
                "stable-window = {window}, must be specified with at most second precision"
            ));
        }
        let panic = self.panic_window_percentage;
        let (too_small, too_large) = (panic < PANIC_WINDOW_MIN, panic > PANIC_WINDOW_MAX);
        if too_small || too_large {
            let was = format_float(panic);
            return Err(format!(
                "panic-window-percentage = {was}, must be in [1, 100] interval"
            ));
        }
        Ok(())
    }

    fn check_scales(&self) -> Result<(), String> {
        let (initial, min, max, limit) = (
            self.initial_scale,
            self.min_scale,
            self.max_scale,
            self.max_scale_limit,
        );
        if initial < 0 || (initial == 0 && !self.allow_zero_initial_scale) {
            return Err(format!(
                "initial-scale = {initial}, must be at least 0 (or at least 1 when allow-zero-initial-scale is false)"
            ));
        }
        if min < 0 {
            return Err(format!("min-scale = {min}, must be at least 0"));
        }
        // With a limit, "no limit" is no allowed default any more.
        let lowest = i32::from(limit > 0);
        if max < lowest || (limit > 0 && max > limit) {
            return Err(format!(
                "max-scale = {max}, must be in [{lowest}, max-scale-limit({limit})] range"
            ));
        }
        if limit < 0 {
            return Err(format!("max-scale-limit = {limit}, must be at least 0"));
        }
        if min > max && max > 0 {
            return Err(format!(
                "min-scale ({min}) must be less than max-scale ({max})"
            ));
        }
        Ok(())
    }
}

mod settings;
#[cfg(test)]
mod tests;
