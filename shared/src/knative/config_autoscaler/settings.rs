//! `config-autoscaler` key by key, as people read it.

use super::AutoscalerConfig;
use crate::go::format_float;

impl AutoscalerConfig {
    /// The value of every key, in the order of the alphabet, as it could be written.
    ///
    /// ```
    /// use kscale_rules::knative::AutoscalerConfig;
    ///
    /// let data = [("max-scale".to_owned(), "3".to_owned())].into();
    /// let (read, shipped) = (AutoscalerConfig::parse(&data)?, AutoscalerConfig::default());
    /// let (read, shipped) = (read.settings(), shipped.settings());
    /// let differ: Vec<_> = read.iter().zip(&shipped).filter(|(a, b)| a != b).collect();
    /// assert_eq!(differ, [(&("max-scale", "3".to_owned()), &("max-scale", "0".to_owned()))]);
    /// # Ok::<(), String>(())
    /// ```
    #[must_use]
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        // A fraction is kept with the noise of its division.
        let percentage = (self.concurrency_utilization * 100.0 * 1e6).round() / 1e6;
        vec![
            ("activator-capacity", format_float(self.activator_capacity)),
            (
                "allow-zero-initial-scale",
                self.allow_zero_initial_scale.to_string(),
            ),
            (
                "container-concurrency-target-default",
                format_float(self.concurrency_target),
            ),
            (
                "container-concurrency-target-percentage",
                format_float(percentage),
            ),
            (
                "enable-scale-to-zero",
                self.enable_scale_to_zero.to_string(),
            ),
            ("initial-scale", self.initial_scale.to_string()),
            ("max-scale", self.max_scale.to_string()),
            (
                "max-scale-down-rate",
                format_float(self.max_scale_down_rate),
            ),
            ("max-scale-limit", self.max_scale_limit.to_string()),
            ("max-scale-up-rate", format_float(self.max_scale_up_rate)),
            ("min-scale", self.min_scale.to_string()),
            (
                "panic-threshold-percentage",
                format_float(self.panic_threshold_percentage),
            ),
            (
                "panic-window-percentage",
                format_float(self.panic_window_percentage),
            ),
            ("pod-autoscaler-class", self.pod_autoscaler_class.clone()),
            (
                "requests-per-second-target-default",
                format_float(self.rps_target),
            ),
            ("scale-down-delay", self.scale_down_delay.to_string()),
            (
                "scale-to-zero-grace-period",
                self.scale_to_zero_grace_period.to_string(),
            ),
            (
                "scale-to-zero-pod-retention-period",
                self.scale_to_zero_pod_retention.to_string(),
            ),
            ("stable-window", self.stable_window.to_string()),
            (
                "target-burst-capacity",
                format_float(self.target_burst_capacity),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_out_reads_as_the_same() {
        let shipped = AutoscalerConfig::default();
        let written = shipped.settings().into_iter();
        let data = written
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        assert_eq!(AutoscalerConfig::parse(&data), Ok(shipped));
    }

    #[test]
    fn a_percentage_and_a_fraction_are_one_value() {
        let key = "container-concurrency-target-percentage";
        for text in ["55", "0.55"] {
            let data = [(key.to_owned(), text.to_owned())].into();
            let settings = AutoscalerConfig::parse(&data).unwrap().settings();
            assert!(settings.contains(&(key, "55".to_owned())), "{settings:?}");
        }
    }
}
