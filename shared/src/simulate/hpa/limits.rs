//! How far one sync may change the scale.
//!
//! Source: horizontal.go, `convertDesiredReplicasWithRules`, `convertDesiredReplicasWithBehaviorRate`,
//! `calculateScaleUpLimitWithScalingRules`, `calculateScaleDownLimitWithBehaviors`.

use super::state::{ScaleEvent, State};
use crate::go;
use crate::kubernetes::hpa::{ScalingPolicy, ScalingRules};

/// Without a behavior the scale at most doubles, and up to this many replicas are always allowed.
const ALWAYS_ALLOWED: f64 = 4.0;
const AT_MOST_TIMES: f64 = 2.0;

/// What is left of a wish, and the words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limited {
    pub(super) replicas: i32,
    pub(super) reason: &'static str,
    pub(super) message: &'static str,
}

impl Limited {
    const fn new(replicas: i32, reason: &'static str, message: &'static str) -> Self {
        Self {
            replicas,
            reason,
            message,
        }
    }

    const fn within(replicas: i32) -> Self {
        let message = "the desired count is within the acceptable range";
        Self::new(replicas, "DesiredWithinRange", message)
    }

    const fn too_many(max: i32) -> Self {
        let message = "the desired replica count is more than the maximum replica count";
        Self::new(max, "TooManyReplicas", message)
    }

    const fn too_few(min: i32) -> Self {
        let message = "the desired replica count is less than the minimum replica count";
        Self::new(min, "TooFewReplicas", message)
    }

    const fn too_fast_up(limit: i32) -> Self {
        let message = "the desired replica count is increasing faster than the maximum scale rate";
        Self::new(limit, "ScaleUpLimit", message)
    }

    const fn too_fast_down(limit: i32) -> Self {
        let message = "the desired replica count is decreasing faster than the maximum scale rate";
        Self::new(limit, "ScaleDownLimit", message)
    }
}

/// The bounds of the spec.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) min: i32,
    pub(super) max: i32,
}

/// Without a behavior.
pub(super) fn plain(current: i32, desired: i32, bounds: Bounds) -> Limited {
    let limit = go::float_to_i32(go::max(AT_MOST_TIMES * f64::from(current), ALWAYS_ALLOWED));
    let most = if bounds.max > limit {
        Limited::too_fast_up(limit)
    } else {
        Limited::too_many(bounds.max)
    };
    if desired < bounds.min {
        Limited::too_few(bounds.min)
    } else if desired > most.replicas {
        most
    } else {
        Limited::within(desired)
    }
}

/// With a behavior. The bound on the other side of the change is not looked at.
pub(super) fn by_rules(
    current: i32,
    desired: i32,
    bounds: Bounds,
    (up, down): (&ScalingRules, &ScalingRules),
    state: &State,
    now_ms: i64,
) -> Limited {
    if desired > current {
        let limit = rate(current, up, Direction::Up, state, now_ms).max(current);
        let most = if bounds.max > limit {
            Limited::too_fast_up(limit)
        } else {
            Limited::too_many(bounds.max)
        };
        if desired > most.replicas {
            return most;
        }
    } else if desired < current {
        let limit = rate(current, down, Direction::Down, state, now_ms).min(current);
        let fewest = if bounds.min < limit {
            Limited::too_fast_down(limit)
        } else {
            Limited::too_few(bounds.min)
        };
        if desired < fewest.replicas {
            return fewest;
        }
    }
    Limited::within(desired)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

/// How far the policies let the scale go, starting from what it was when the period of each began.
fn rate(
    current: i32,
    rules: &ScalingRules,
    direction: Direction,
    state: &State,
    now_ms: i64,
) -> i32 {
    let select = rules.select_policy.as_deref();
    if select == Some("Disabled") {
        return current;
    }
    // `Min` is the least change: upwards the lowest number, downwards the highest.
    let lowest = (select == Some("Min")) == (direction == Direction::Up);
    let start = if lowest { i32::MAX } else { i32::MIN };
    let policies = rules.policies.as_deref().unwrap_or_default();
    policies.iter().fold(start, |limit, policy| {
        let added = change_since(policy, &state.scale_up_events, now_ms);
        let removed = change_since(policy, &state.scale_down_events, now_ms);
        let before = current.wrapping_sub(added).wrapping_add(removed);
        let allowed = step(before, policy, direction);
        if lowest {
            limit.min(allowed)
        } else {
            limit.max(allowed)
        }
    })
}

fn step(before: i32, policy: &ScalingPolicy, direction: Direction) -> i32 {
    let part = f64::from(policy.value) / 100.0;
    match (policy.kind == "Percent", direction) {
        (false, Direction::Up) => before.wrapping_add(policy.value),
        (false, Direction::Down) => before.wrapping_sub(policy.value),
        // Rounded up, or a small number would never grow.
        (true, Direction::Up) => go::float_to_i32((f64::from(before) * (1.0 + part)).ceil()),
        (true, Direction::Down) => go::float_to_i32(f64::from(before) * (1.0 - part)),
    }
}

/// The changes in the period of a policy. One that is exactly as old as the period is out.
fn change_since(policy: &ScalingPolicy, events: &[ScaleEvent], now_ms: i64) -> i32 {
    let cutoff_ms = now_ms.saturating_sub(i64::from(policy.period_seconds) * 1000);
    events
        .iter()
        .filter(|event| event.at_ms > cutoff_ms)
        .fold(0, |sum, event| sum.wrapping_add(event.change))
}
