//! What scales a component, in short.

use serde_json::Value;

use super::types::Scaling;
use crate::explain::{ComponentExplanation, Unit};

impl Scaling {
    /// Of a component's explanation.
    #[must_use]
    pub fn of(component: &ComponentExplanation) -> Self {
        Self {
            autoscaler: component.autoscaler,
            class: component.class.clone(),
            metric: component.metric.clone(),
            target: component.target.clone(),
            min_replicas: component.min_replicas,
            max_replicas: component.max_replicas,
            scale_to_zero: component.scale_to_zero,
        }
    }

    /// In words: `kpa on concurrency 10, 1 to 5 pods`.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = self.autoscaler.as_str().to_owned();
        if let Some(metric) = &self.metric {
            words.push_str(&format!(" on {metric}"));
            if let Some(target) = &self.target {
                let value = match &target.value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                let unit = match target.unit {
                    Unit::PercentOfRequest => "%",
                    Unit::MebibytesPerPod => "Mi",
                    _ => "",
                };
                words.push_str(&format!(" {value}{unit}"));
            }
        }
        match (self.min_replicas, self.max_replicas) {
            (Some(min), Some(max)) if min == max => words.push_str(&format!(", {min} pods")),
            (Some(min), Some(max)) => words.push_str(&format!(", {min} to {max} pods")),
            (Some(min), None) => words.push_str(&format!(", from {min} pods on")),
            _ => {}
        }
        words
    }
}
