//! The greatest number of pods asked for within a time, which is what `scale-down-delay` holds on to.
//!
//! Source: knative/serving 1.23, pkg/autoscaler/aggregation/max.

use std::collections::VecDeque;

use super::decider::TICK;
use super::time::Time;
use crate::go::Duration;

/// A sliding maximum over slots of a [`TICK`] each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelayWindow {
    /// How many slots it covers.
    slots: i64,
    /// Slots and their numbers of pods: slots rise, numbers fall, so that the first is the greatest.
    maxima: VecDeque<(i64, i32)>,
}

impl DelayWindow {
    /// An empty window; `None` if there is no delay.
    ///
    /// It has a slot for every started tick of the delay. With one slot it is not the same as no delay: of two numbers
    /// in one slot the greater stays.
    #[must_use]
    pub fn new(delay: Duration) -> Option<Self> {
        if delay <= Duration::ZERO {
            return None;
        }
        let slots = (delay.0 as f64 / TICK.0 as f64).ceil() as i64;
        Some(Self {
            slots,
            maxima: VecDeque::new(),
        })
    }

    /// Records a number and returns the greatest one in the window that ends with it. Time must not run backwards.
    pub fn record(&mut self, now: Time, pods: i32) -> i32 {
        let slot = now.unix() / (TICK.0 / 1_000_000_000);
        let mut pods = pods;
        // What is lower and older can never be the greatest again.
        while self.maxima.back().is_some_and(|&(_, last)| last <= pods) {
            self.maxima.pop_back();
        }
        while self
            .maxima
            .front()
            .is_some_and(|&(first, _)| slot - first >= self.slots)
        {
            self.maxima.pop_front();
        }
        if let Some(&(last, greater)) = self.maxima.back()
            && last == slot
        {
            pods = greater;
            self.maxima.pop_back();
        }
        self.maxima.push_back((slot, pods));
        self.maxima.front().map_or(pods, |&(_, greatest)| greatest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn play(delay: i64, steps: &[(i64, i32)]) -> Vec<i32> {
        let mut window = DelayWindow::new(Duration::from_secs(delay)).unwrap();
        steps
            .iter()
            .map(|&(second, pods)| window.record(Time::from_unix(second), pods))
            .collect()
    }

    #[test]
    fn the_greatest_stays_for_the_delay() {
        assert_eq!(
            play(6, &[(0, 3), (2, 1), (4, 2), (6, 1), (8, 1), (10, 1)]),
            [3, 3, 3, 2, 2, 1]
        );
    }

    #[test]
    fn a_started_tick_is_a_slot() {
        assert_eq!(play(3, &[(0, 3), (2, 1), (4, 1)]), [3, 3, 1]);
    }

    #[test]
    fn of_two_numbers_in_one_slot_the_greater_stays() {
        assert_eq!(play(1, &[(0, 5), (1, 2), (2, 2)]), [5, 5, 2]);
    }

    #[test]
    fn without_a_delay_there_is_no_window() {
        assert_eq!(DelayWindow::new(Duration::ZERO), None);
        assert_eq!(DelayWindow::new(Duration(-1)), None);
    }
}
