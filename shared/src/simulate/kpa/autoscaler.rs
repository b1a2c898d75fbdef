//! One decision: how many pods a load wants.
//!
//! Source: knative/serving 1.23, pkg/autoscaler/scaling/autoscaler.go.

use super::collector::Observed;
use super::delay::DelayWindow;
use super::settings::Settings;
use super::time::Time;
use crate::go;

/// What is remembered from one decision to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Autoscaler {
    /// When load last was so high as to panic; `None` outside of a panic.
    pub panic_since: Option<Time>,
    /// The most pods that were asked for in this panic. Before the first one, the pods that there were at the start.
    pub max_panic_pods: i32,
    delay: Option<DelayWindow>,
}

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scaled {
    /// Pods that the load wants, before any bounds.
    pub desired: i32,
    /// Requests that would still fit, beyond those that are to fit without queueing; negative if they do not fit. 0 if
    /// `target-burst-capacity` is 0, and -1 if it is -1.
    pub excess_burst_capacity: i32,
}

/// Pods by one of the two averages.
#[derive(Clone, Copy)]
struct Wanted {
    /// As the load has it.
    raw: f64,
    /// Within the rates at which pods may change.
    limited: i32,
}

impl Autoscaler {
    /// The state of an autoscaler that starts beside `ready` pods.
    ///
    /// Beside more than one it starts in a panic: it has forgotten the load, and must not take pods away before it has
    /// seen some. The delay is settled here; a later change of it has no effect.
    #[must_use]
    pub fn new(settings: &Settings, ready: i32, now: Time) -> Self {
        Self {
            panic_since: (ready > 1).then_some(now),
            max_panic_pods: ready,
            delay: DelayWindow::new(settings.kpa.scale_down_delay),
        }
    }

    /// Whether pods are only ever added for now.
    #[must_use]
    pub fn is_panicking(&self) -> bool {
        self.panic_since.is_some()
    }

    /// Decides on what was observed, beside `ready` pods.
    pub fn scale(
        &mut self,
        settings: &Settings,
        now: Time,
        ready: i32,
        observed: Observed,
    ) -> Scaled {
        // Without pods the rates would have nothing to multiply.
        let pods = go::max(1.0, f64::from(ready));
        let stable = wanted(settings, pods, observed.stable);
        let panic = wanted(settings, pods, observed.panic);
        // Asked of the load itself: rates do not keep a panic away.
        self.update_panic(settings, now, panic.raw / pods);
        let mut desired = stable.limited;
        if self.is_panicking() {
            self.max_panic_pods = desired.max(panic.limited).max(self.max_panic_pods);
            desired = self.max_panic_pods;
        }
        if let Some(delay) = self.delay.as_mut().filter(|_| settings.reachable) {
            desired = delay.record(now, desired);
        }
        Scaled {
            desired,
            excess_burst_capacity: excess_burst_capacity(settings, ready, observed.panic),
        }
    }

    /// Enters, extends or leaves a panic. It is left when the whole stable window lies behind the last moment of it.
    fn update_panic(&mut self, settings: &Settings, now: Time, overload: f64) {
        if overload >= settings.kpa.panic_threshold {
            self.panic_since = Some(now);
        } else if self
            .panic_since
            .is_some_and(|since| since + settings.kpa.stable_window < now)
        {
            self.panic_since = None;
            self.max_panic_pods = 0;
        }
    }
}

fn wanted(settings: &Settings, pods: f64, load: f64) -> Wanted {
    let kpa = &settings.kpa;
    let most = (kpa.max_scale_up_rate * pods).ceil();
    let fewest = if settings.reachable {
        (pods / kpa.max_scale_down_rate).floor()
    } else {
        0.0
    };
    let raw = (load / kpa.resolved.target).ceil();
    let mut limited = go::float_to_i32(go::min(go::max(raw, fewest), most));
    // Also beyond what the rate allows, but only under load: zero stays zero.
    if kpa.activation_scale > 1 && raw > 0.0 {
        limited = limited.max(kpa.activation_scale);
    }
    Wanted { raw, limited }
}

/// Counts the pods that there really are, and the load of the short window.
fn excess_burst_capacity(settings: &Settings, ready: i32, load: f64) -> i32 {
    let burst = settings.kpa.target_burst_capacity;
    let excess = if burst == 0.0 {
        0.0
    } else if burst > 0.0 {
        let capacity = f64::from(ready) * settings.kpa.resolved.total;
        (capacity - burst - load).floor()
    } else {
        -1.0
    };
    go::float_to_i32(excess)
}

#[cfg(test)]
#[path = "autoscaler_tests.rs"]
mod tests;
