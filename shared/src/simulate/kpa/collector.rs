//! What is known of the load of a revision.
//!
//! Source: knative/serving 1.23, pkg/autoscaler/metrics/collector.go.

use super::buckets::{Algorithm, Buckets};
use super::settings::Settings;
use super::time::Time;
use crate::go::Duration;

/// What was seen in one second: of all pods together, or of the activators.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Stat {
    /// Requests at once, on average.
    pub concurrency: f64,
    /// Of these, requests that came by way of an activator, which reports them itself. Activators report none here.
    pub proxied_concurrency: f64,
    /// Requests that came in the second.
    pub requests: f64,
    /// Of these, requests that came by way of an activator.
    pub proxied_requests: f64,
}

impl Stat {
    /// The same load in both units, all of it counted once: for callers to whom a number is whatever the metric is.
    #[must_use]
    pub fn of(load: f64) -> Self {
        Self {
            concurrency: load,
            requests: load,
            ..Self::default()
        }
    }
}

/// Load over the long and over the short window, in the unit of the metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// Over the stable window.
    pub stable: f64,
    /// Over the panic window.
    pub panic: f64,
}

/// The load of a revision, by metric and window.
#[derive(Debug, Clone, PartialEq)]
pub struct Collector {
    concurrency: Windows,
    requests: Windows,
    /// False if every request passes an activator, which reports it; pods are not asked then.
    scrapes: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Windows {
    stable: Buckets,
    panic: Buckets,
}

impl Windows {
    fn new(settings: &Settings) -> Self {
        let algorithm = Algorithm::named(&settings.kpa.aggregation_algorithm);
        Self {
            stable: Buckets::new(algorithm, settings.kpa.stable_window),
            panic: Buckets::new(algorithm, settings.kpa.panic_window),
        }
    }

    fn record(&mut self, now: Time, value: f64) {
        self.stable.record(now, value);
        self.panic.record(now, value);
    }

    fn resize(&mut self, stable: Duration, panic: Duration, now: Time) {
        self.stable.resize(stable, now);
        self.panic.resize(panic, now);
    }
}

impl Collector {
    /// A collector that has seen nothing.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            concurrency: Windows::new(settings),
            requests: Windows::new(settings),
            scrapes: scrapes(settings),
        }
    }

    /// Takes what was seen in a second; several in one second add up.
    pub fn record(&mut self, now: Time, stat: Stat) {
        self.concurrency
            .record(now, stat.concurrency - stat.proxied_concurrency);
        self.requests
            .record(now, stat.requests - stat.proxied_requests);
    }

    /// Load as of now by the metric of the settings; everything that is not `rps` is concurrency.
    ///
    /// `None` if nothing came for more than the stable window, unless pods are not asked: then silence means no load.
    #[must_use]
    pub fn observe(&self, metric: &str, now: Time) -> Option<Observed> {
        let windows = if metric == "rps" {
            &self.requests
        } else {
            &self.concurrency
        };
        if self.scrapes && windows.stable.is_empty(now) {
            return None;
        }
        Some(Observed {
            stable: windows.stable.average(now),
            panic: windows.panic.average(now),
        })
    }

    /// Takes new windows over; the algorithm stays that of the start.
    pub fn update(&mut self, settings: &Settings, now: Time) {
        let (stable, panic) = (settings.kpa.stable_window, settings.kpa.panic_window);
        self.concurrency.resize(stable, panic, now);
        self.requests.resize(stable, panic, now);
        self.scrapes = scrapes(settings);
    }
}

/// Source: pkg/reconciler/autoscaling/kpa/kpa.go, which leaves the address to scrape empty for this one value.
fn scrapes(settings: &Settings) -> bool {
    settings.kpa.target_burst_capacity != -1.0
}
