//! ConfigMap `config-deployment`: the queue-proxy beside every user container, and how long a rollout may take.
//!
//! Source: knative/serving 1.23, pkg/deployment/config.go.

use std::collections::BTreeMap;

use super::config_map::Data;
use super::release::KnativeVersion;
use crate::go::Duration;
use crate::kubernetes::{Format, Quantity};

/// What `config-deployment` says, as far as it bears on autoscaling, with defaults for what it does not say.
#[derive(Debug, Clone, PartialEq)]
pub struct DeploymentConfig {
    /// `progress-deadline`.
    pub progress_deadline: Duration,
    /// `queue-sidecar-cpu-request`.
    pub queue_cpu_request: Option<Quantity>,
    /// `queue-sidecar-cpu-limit`.
    pub queue_cpu_limit: Option<Quantity>,
    /// `queue-sidecar-memory-request`.
    pub queue_memory_request: Option<Quantity>,
    /// `queue-sidecar-memory-limit`.
    pub queue_memory_limit: Option<Quantity>,
    /// True if `queue-sidecar-cpu-request` is written there.
    pub queue_cpu_request_is_set: bool,
}

impl Default for DeploymentConfig {
    fn default() -> Self {
        Self {
            progress_deadline: Duration::from_secs(600),
            queue_cpu_request: Some(Quantity::from_milli(25, Format::DecimalSi)),
            queue_cpu_limit: None,
            queue_memory_request: None,
            queue_memory_limit: None,
            queue_cpu_request_is_set: false,
        }
    }
}

impl DeploymentConfig {
    /// Reads the `data` of the ConfigMap; of two spellings of a key the one with dashes wins.
    ///
    /// # Errors
    /// The text of the first thing that Knative refuses, among the keys that are read here.
    pub fn parse(data: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut config = Self::default();
        // Nothing of what is read here has changed since 1.0.
        let data = Data::new(data, KnativeVersion::NEWEST);
        data.duration("progressDeadline", &mut config.progress_deadline)?;
        data.quantity("queueSidecarCPURequest", &mut config.queue_cpu_request)?;
        data.quantity(
            "queueSidecarMemoryRequest",
            &mut config.queue_memory_request,
        )?;
        data.quantity("queueSidecarCPULimit", &mut config.queue_cpu_limit)?;
        data.quantity("queueSidecarMemoryLimit", &mut config.queue_memory_limit)?;
        data.duration("progress-deadline", &mut config.progress_deadline)?;
        data.quantity("queue-sidecar-cpu-request", &mut config.queue_cpu_request)?;
        data.quantity(
            "queue-sidecar-memory-request",
            &mut config.queue_memory_request,
        )?;
        data.quantity("queue-sidecar-cpu-limit", &mut config.queue_cpu_limit)?;
        data.quantity("queue-sidecar-memory-limit", &mut config.queue_memory_limit)?;
        config.queue_cpu_request_is_set = ["queueSidecarCPURequest", "queue-sidecar-cpu-request"]
            .iter()
            .any(|key| data.has(key));
        let deadline = config.progress_deadline;
        if deadline <= Duration::ZERO {
            return Err(format!(
                "progress-deadline cannot be a non-positive duration, was {deadline}"
            ));
        }
        if !deadline.is_whole_seconds() {
            return Err(format!(
                "progress-deadline must be rounded to a whole second, was: {deadline}"
            ));
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dashed_spelling_wins() {
        let data = [
            ("queueSidecarCPURequest", "50m"),
            ("queue-sidecar-cpu-request", "100m"),
            ("progress-deadline", "1m"),
        ];
        let data = data
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        let config = DeploymentConfig::parse(&data).unwrap();
        assert_eq!(config.queue_cpu_request, Quantity::parse("100m").ok());
        assert!(config.queue_cpu_request_is_set);
        let data = BTreeMap::from([("progress-deadline".to_owned(), "1500ms".to_owned())]);
        let want = "progress-deadline must be rounded to a whole second, was: 1.5s";
        assert_eq!(DeploymentConfig::parse(&data), Err(want.to_owned()));
    }
}
