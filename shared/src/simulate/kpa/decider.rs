//! An autoscaler with its load and its last word: what runs for one revision.
//!
//! Source: knative/serving 1.23, pkg/autoscaler/scaling/multiscaler.go.

use super::autoscaler::{Autoscaler, Scaled};
use super::collector::{Collector, Stat};
use super::settings::Settings;
use super::time::Time;
use crate::go::{self, Duration};

/// How often a decision is made. The first one is due a tick after the start.
pub const TICK: Duration = Duration::from_secs(2);

/// The last valid decision, which the reconciler acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeciderStatus {
    /// Pods that the load wants; -1 before the first decision.
    pub desired: i32,
    /// See [`Scaled::excess_burst_capacity`]; before the first decision, an estimate for the pods of the start.
    pub excess_burst_capacity: i32,
}

/// What became of a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// False if there is no data to decide on; the last decision then stands.
    pub valid: bool,
    /// Whether the reconciler is woken: other pods are wanted, or requests begin or cease to fit.
    pub wakes: bool,
}

/// What runs for one revision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decider {
    /// What it works with.
    pub settings: Settings,
    /// The load it has seen.
    pub collector: Collector,
    /// Its memory.
    pub autoscaler: Autoscaler,
    /// Its last valid decision.
    pub status: DeciderStatus,
}

impl Decider {
    /// Starts beside `ready` pods.
    #[must_use]
    pub fn new(settings: Settings, ready: i32, now: Time) -> Self {
        let status = DeciderStatus {
            desired: -1,
            excess_burst_capacity: first_estimate(&settings),
        };
        Self {
            collector: Collector::new(&settings),
            autoscaler: Autoscaler::new(&settings, ready, now),
            settings,
            status,
        }
    }

    /// Takes what was seen in a second.
    pub fn record(&mut self, now: Time, stat: Stat) {
        self.collector.record(now, stat);
    }

    /// Decides. `ready` are the pods that are ready now.
    ///
    /// If the pods cannot be counted, upstream decides nothing: do not call it then.
    pub fn tick(&mut self, now: Time, ready: i32) -> Tick {
        let metric = &self.settings.kpa.scaling_metric;
        let Some(observed) = self.collector.observe(metric, now) else {
            return Tick {
                valid: false,
                wakes: false,
            };
        };
        let scaled = self.autoscaler.scale(&self.settings, now, ready, observed);
        let wakes = self.take(scaled);
        Tick { valid: true, wakes }
    }

    fn take(&mut self, scaled: Scaled) -> bool {
        let before = self.status;
        self.status = DeciderStatus {
            desired: scaled.desired,
            excess_burst_capacity: scaled.excess_burst_capacity,
        };
        let fits = |status: DeciderStatus| status.excess_burst_capacity >= 0;
        before.desired != scaled.desired || fits(before) != fits(self.status)
    }

    /// An activator reports requests: if no pod is wanted so far, a decision is made at once rather than with the next
    /// tick. The report must have been [recorded](Self::record) before.
    pub fn poke(&mut self, now: Time, ready: i32, stat: Stat) -> Option<Tick> {
        (self.status.desired == 0 && stat.concurrency != 0.0).then(|| self.tick(now, ready))
    }

    /// Takes changed settings over. The last decision stands until the next tick; the delay and the way of averaging stay
    /// those of the start.
    pub fn update(&mut self, settings: Settings, now: Time) {
        self.collector.update(&settings, now);
        self.settings = settings;
    }
}

/// Whether a burst would fit the pods of the start.
fn first_estimate(settings: &Settings) -> i32 {
    let burst = settings.kpa.target_burst_capacity;
    if burst == -1.0 || burst == 0.0 {
        return go::float_to_i32(burst);
    }
    let capacity = f64::from(settings.kpa.initial_scale) * settings.kpa.resolved.total;
    go::float_to_i32(capacity - burst)
}

#[cfg(test)]
#[path = "decider_tests.rs"]
mod tests;
