//! One run of the PodAutoscaler's reconciler.
//!
//! Source: knative/serving 1.23, pkg/reconciler/autoscaling/kpa/kpa.go and
//! pkg/reconciler/serverlessservice/serverlessservice.go.

use super::activity::{Active, Activity, Reason};
use super::decider::DeciderStatus;
use super::scaler::{self, Situation, UNKNOWN};
use super::settings::{Policy, Settings};
use super::time::Time;
use crate::go::{self, Duration};

/// The fewest activators that a revision is given.
const MIN_ACTIVATORS: i32 = 2;

/// Where a revision's requests are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To activators, which hold them until a pod has room.
    Proxy,
    /// To the pods.
    Serve,
}

/// The ServerlessService of a revision, which sends requests where its mode says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sks {
    /// The mode that is asked for.
    pub mode: Mode,
    /// Since when activators are in the path, to the second; `None` if they are not.
    pub proxying_since: Option<Time>,
}

impl Sks {
    /// How long activators have been in the path; zero if they are not.
    #[must_use]
    pub fn proxying_for(&self, now: Time) -> Duration {
        self.proxying_since
            .map_or(Duration::ZERO, |since| now - since)
    }

    /// Changes the mode. Activators are in the path in any mode as long as no pod is ready.
    fn turn(&mut self, mode: Mode, ready: i32, now: Time) {
        self.mode = mode;
        self.proxying_since = (mode == Mode::Proxy || ready == 0)
            .then(|| self.proxying_since.unwrap_or_else(|| now.truncate()));
    }
}

/// The pods of a revision as the reconciler finds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pods {
    /// Replicas that its Deployment asks for.
    pub replicas: i32,
    /// Pods that are ready.
    pub ready: i32,
    /// Whether the activator answers a probe under the revision's name: true as soon as requests really go there.
    pub activator_answers: bool,
}

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Replicas that are wanted, -1 if nobody can tell; 0 also while the last pod is still held.
    pub want: i32,
    /// What the Deployment's replicas are set to, if they change.
    pub replicas: Option<i32>,
    /// When the reconciler looks again at the latest, if it says so.
    pub again_after: Option<Duration>,
}

/// What a PodAutoscaler and its ServerlessService remember between runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reconciler {
    /// The condition `Active`.
    pub active: Active,
    /// The condition `ScaleTargetInitialized`: the revision once had as many ready pods as it starts with.
    pub initialized: bool,
    /// The ServerlessService.
    pub sks: Sks,
}

impl Reconciler {
    /// A new PodAutoscaler, after the first run, which does no more than make the ServerlessService.
    #[must_use]
    pub fn new(policy: &Policy, now: Time) -> Self {
        let mut new = Self {
            active: Active::new(now),
            initialized: false,
            sks: Sks {
                mode: Mode::Proxy,
                proxying_since: Some(now.truncate()),
            },
        };
        new.activate(policy.active_threshold(false), UNKNOWN, 0, now);
        new
    }

    /// Runs once: scales, says where requests go, and tells the condition anew.
    pub fn run(
        &mut self,
        policy: &Policy,
        decider: DeciderStatus,
        pods: Pods,
        now: Time,
    ) -> Outcome {
        let situation = Situation {
            policy,
            active: self.active,
            initialized: self.initialized,
            sks: self.sks,
            activator_answers: pods.activator_answers,
            now,
        };
        let decision = scaler::scale(&situation, decider.desired);
        // What is not known, or not wanted, is behind the activator.
        let mode = if decision.want > 0 && decider.excess_burst_capacity >= 0 {
            Mode::Serve
        } else {
            Mode::Proxy
        };
        self.sks.turn(mode, pods.ready, now);
        let threshold = policy.active_threshold(self.initialized);
        self.initialized |= pods.ready >= threshold;
        // The threshold may have become a lower one with that.
        self.activate(threshold, decision.want, pods.ready, now);
        Outcome {
            want: decision.want,
            replicas: Some(decision.want).filter(|want| decision.apply && *want != pods.replicas),
            again_after: decision.again_after,
        }
    }

    /// Tells the condition from the replicas that are wanted and the pods that are ready.
    fn activate(&mut self, threshold: i32, want: i32, ready: i32, now: Time) {
        let wanted = want > 0 || self.active.activity != Activity::Inactive;
        let (activity, reason) = if want == 0 || threshold == 0 {
            let timed_out = self.active.activity == Activity::Activating && threshold > 0;
            let reason = if timed_out {
                Reason::TimedOut
            } else {
                Reason::NoTraffic
            };
            (Activity::Inactive, reason)
        } else if ready >= threshold {
            if !wanted {
                return;
            }
            (Activity::Active, Reason::None)
        } else if wanted {
            (Activity::Activating, Reason::Queued)
        } else {
            (Activity::Inactive, Reason::NoTraffic)
        };
        self.active.mark(activity, reason, now);
    }
}

/// How many activators a revision with so many ready pods is given, to carry what the pods can and a burst.
#[must_use]
pub fn number_of_activators(settings: &Settings, ready: i32) -> i32 {
    let kpa = &settings.kpa;
    if kpa.target_burst_capacity == 0.0 {
        return MIN_ACTIVATORS;
    }
    let mut load = f64::from(ready) * kpa.resolved.total;
    if kpa.target_burst_capacity > 0.0 {
        load += kpa.target_burst_capacity;
    }
    let needed = (load / kpa.activator_capacity).ceil();
    go::float_to_i32(go::max(f64::from(MIN_ACTIVATORS), needed))
}

#[cfg(test)]
#[path = "reconciler_tests.rs"]
mod tests;
