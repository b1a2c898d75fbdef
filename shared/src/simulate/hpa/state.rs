//! What the controller remembers of one HPA.
//!
//! Source: horizontal.go, `recommendations`, `scaleUpEvents`, `scaleDownEvents`, `storeScaleEvent`.

use super::outcome::Status;
use crate::kubernetes::hpa::{Behavior, ScalingRules};

/// What the metrics asked for at a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recommendation {
    /// Replicas before any limit, at least 0.
    pub replicas: i32,
    /// When, in milliseconds.
    pub at_ms: i64,
}

/// A change of the scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScaleEvent {
    /// By how many replicas, in the direction of the list that it is in.
    pub change: i32,
    /// When, in milliseconds.
    pub at_ms: i64,
    /// True once it was found to be too old; its slot is then free, whatever the policies become.
    pub outdated: bool,
}

/// The controller's memory, and the status that it carries from sync to sync. The lists are not in order of time: what
/// is too old is overwritten where it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// Earlier recommendations. The first one is the number of replicas at the first sync.
    pub recommendations: Vec<Recommendation>,
    /// Changes upwards, kept only while the spec has a behavior.
    pub scale_up_events: Vec<ScaleEvent>,
    /// Changes downwards, likewise.
    pub scale_down_events: Vec<ScaleEvent>,
    /// The status of the object.
    pub status: Status,
}

impl State {
    pub(super) fn record_first(&mut self, replicas: i32, at_ms: i64) {
        if self.recommendations.is_empty() {
            self.recommendations
                .push(Recommendation { replicas, at_ms });
        }
    }

    /// Takes the slot given, or a new one.
    pub(super) fn recommend(&mut self, slot: Option<usize>, replicas: i32, at_ms: i64) {
        put(
            &mut self.recommendations,
            slot,
            Recommendation { replicas, at_ms },
        );
    }

    /// Remembers a change of the scale.
    pub(super) fn scaled(&mut self, behavior: &Behavior, from: i32, to: i32, at_ms: i64) {
        let (events, rules, change) = if to > from {
            let rules = behavior.scale_up.as_ref();
            (&mut self.scale_up_events, rules, to.wrapping_sub(from))
        } else {
            let rules = behavior.scale_down.as_ref();
            (&mut self.scale_down_events, rules, from.wrapping_sub(to))
        };
        let cutoff_ms = at_ms.saturating_sub(longest_period_ms(rules));
        let mut slot = None;
        for (index, event) in events.iter_mut().enumerate() {
            event.outdated |= event.at_ms < cutoff_ms;
            if event.outdated {
                slot = Some(index);
            }
        }
        let event = ScaleEvent {
            change,
            at_ms,
            outdated: false,
        };
        put(events, slot, event);
    }
}

fn put<T>(list: &mut Vec<T>, slot: Option<usize>, item: T) {
    match slot.and_then(|slot| list.get_mut(slot)) {
        Some(old) => *old = item,
        None => list.push(item),
    }
}

fn longest_period_ms(rules: Option<&ScalingRules>) -> i64 {
    let policies = rules.and_then(|rules| rules.policies.as_deref());
    let seconds = policies
        .into_iter()
        .flatten()
        .map(|policy| policy.period_seconds)
        .fold(0, i32::max);
    i64::from(seconds) * 1000
}
