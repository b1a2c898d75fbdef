//! From the pods that load wants to replicas: bounds, and the way to zero.
//!
//! Source: knative/serving 1.23, pkg/reconciler/autoscaling/kpa/scaler.go.

use super::activity::{Active, Activity};
use super::reconciler::{Mode, Sks};
use super::settings::Policy;
use super::time::Time;
use crate::go::Duration;

/// "Not known": neither more nor fewer pods are asked for.
pub const UNKNOWN: i32 = -1;

/// How much longer than the progress deadline an activation may take, so that why it failed can be told first.
pub const ACTIVATION_BUFFER: Duration = Duration::from_secs(30);

/// How soon a revision that became inactive behind the activator is looked at again.
const RECHECK: Duration = Duration::from_secs(3);

/// What the scaler looks at.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// Bounds and periods.
    pub policy: &'a Policy,
    /// The condition as the last run left it.
    pub active: Active,
    /// Whether the revision once had as many ready pods as it starts with.
    pub initialized: bool,
    /// Where requests go.
    pub sks: Sks,
    /// Whether the activator answers a probe under the revision's name, that is, whether it is in the path.
    pub activator_answers: bool,
    /// The time.
    pub now: Time,
}

/// What the scaler makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Replicas that are wanted; [`UNKNOWN`] if nobody can tell. 0 also where the last pod is still held.
    pub want: i32,
    /// Whether the Deployment is set to that.
    pub apply: bool,
    /// When to look again at the latest, unless something happens before.
    pub again_after: Option<Duration>,
}

impl Decision {
    const fn apply(want: i32) -> Self {
        Self {
            want,
            apply: true,
            again_after: None,
        }
    }

    const fn hold(want: i32, again_after: Option<Duration>) -> Self {
        Self {
            want,
            apply: false,
            again_after,
        }
    }
}

/// Bounds what load wants, and settles what becomes of zero.
#[must_use]
pub fn scale(situation: &Situation<'_>, desired: i32) -> Decision {
    if desired < 0 && situation.active.activity != Activity::Activating {
        return Decision::hold(desired, None);
    }
    let policy = situation.policy;
    let mut min = policy.bounds.min;
    if policy.initial_scale > 1 && !situation.initialized && policy.reachable {
        // It may exceed the maximum, and wins.
        min = min.max(policy.initial_scale);
    }
    let bounded = apply_bounds(min, policy.bounds.max, desired);
    if bounded == 0 {
        to_zero(situation)
    } else {
        Decision::apply(bounded)
    }
}

/// The nearest number within bounds; the lower one wins where they cross, and an upper one of 0 is none.
#[must_use]
pub const fn apply_bounds(min: i32, max: i32, desired: i32) -> i32 {
    if desired < min {
        min
    } else if max != 0 && desired > max {
        max
    } else {
        desired
    }
}

/// Zero is wanted: three states must be walked through before the last pod goes.
fn to_zero(situation: &Situation<'_>) -> Decision {
    let policy = situation.policy;
    if !policy.scale_to_zero {
        return Decision::apply(1);
    }
    let age = situation.active.age(situation.now);
    match situation.active.activity {
        Activity::Activating => {
            let timeout = Duration(
                policy
                    .progress_deadline
                    .0
                    .saturating_add(ACTIVATION_BUFFER.0),
            );
            if age > timeout {
                Decision::apply(0)
            } else {
                Decision::hold(UNKNOWN, Some(timeout))
            }
        }
        Activity::Active if age >= policy.stable_window => {
            // It becomes inactive with this, and nothing else may happen that would wake the reconciler.
            let again = (situation.sks.mode == Mode::Proxy).then_some(RECHECK);
            Decision::hold(0, again)
        }
        Activity::Active => Decision {
            again_after: Some(left(policy.stable_window, age)),
            ..Decision::apply(1)
        },
        Activity::Inactive => last_pod(situation, age),
    }
}

/// The revision is inactive for `age`, and its last pod waits for the activator to have taken over everywhere.
fn last_pod(situation: &Situation<'_>, age: Duration) -> Decision {
    let policy = situation.policy;
    if policy.target_burst_capacity != -1.0 && !situation.activator_answers {
        // Probing goes on beside, and wakes the reconciler.
        return Decision::hold(0, None);
    }
    let (grace, retention) = (policy.grace_period, policy.pod_retention);
    if age >= grace.max(retention) {
        return Decision::apply(0);
    }
    if retention > Duration::ZERO && age < retention {
        return Decision::hold(0, Some(left(retention, age)));
    }
    // The activator may have been in the path for long already.
    let left = left(grace, situation.sks.proxying_for(situation.now));
    if left <= Duration::ZERO {
        return Decision::apply(0);
    }
    Decision::hold(0, Some(left))
}

fn left(period: Duration, passed: Duration) -> Duration {
    Duration(period.0.saturating_sub(passed.0))
}

#[cfg(test)]
#[path = "scaler_tests.rs"]
mod tests;
