//! Earlier recommendations hold back a new one.
//!
//! Source: horizontal.go, `stabilizeRecommendation`, `stabilizeRecommendationWithBehaviors`.

use super::state::State;

/// What is left of a recommendation, and the words for it if it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stabilised {
    pub(super) replicas: i32,
    pub(super) reason: &'static str,
    pub(super) message: &'static str,
}

impl Stabilised {
    const fn down(replicas: i32) -> Self {
        Self {
            replicas,
            reason: "ScaleDownStabilized",
            message: "recent recommendations were higher than current one, applying the highest recent recommendation",
        }
    }

    const fn up(replicas: i32) -> Self {
        Self {
            replicas,
            reason: "ScaleUpStabilized",
            message: "recent recommendations were lower than current one, applying the lowest recent recommendation",
        }
    }
}

/// Without a behavior: the highest recommendation of the window, one exactly as old as the window included. Remembers
/// `desired`.
pub(super) fn plain(state: &mut State, desired: i32, window_ms: i64, now_ms: i64) -> Stabilised {
    let cutoff_ms = now_ms.saturating_sub(window_ms);
    let (mut highest, mut slot) = (desired, None);
    for (index, earlier) in state.recommendations.iter().enumerate() {
        if earlier.at_ms < cutoff_ms {
            slot = Some(index);
        } else {
            highest = highest.max(earlier.replicas);
        }
    }
    state.recommend(slot, desired, now_ms);
    Stabilised::down(highest)
}

/// The windows of a behavior, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Windows {
    pub(super) up_ms: i64,
    pub(super) down_ms: i64,
}

/// With a behavior: the current number, moved only as far as all recommendations of the window agree, one exactly as
/// old as the window left out. Remembers `desired`.
pub(super) fn by_windows(
    state: &mut State,
    current: i32,
    desired: i32,
    windows: Windows,
    now_ms: i64,
) -> Stabilised {
    let up_cutoff_ms = now_ms.saturating_sub(windows.up_ms);
    let down_cutoff_ms = now_ms.saturating_sub(windows.down_ms);
    let (mut lowest, mut highest, mut slot) = (desired, desired, None);
    for (index, earlier) in state.recommendations.iter().enumerate() {
        if earlier.at_ms > up_cutoff_ms {
            lowest = lowest.min(earlier.replicas);
        }
        if earlier.at_ms > down_cutoff_ms {
            highest = highest.max(earlier.replicas);
        }
        if earlier.at_ms < up_cutoff_ms && earlier.at_ms < down_cutoff_ms {
            slot = Some(index);
        }
    }
    state.recommend(slot, desired, now_ms);
    let replicas = current.max(lowest).min(highest);
    if desired >= current {
        Stabilised::up(replicas)
    } else {
        Stabilised::down(replicas)
    }
}
