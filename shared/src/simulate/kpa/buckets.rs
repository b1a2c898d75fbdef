//! Load in buckets of a second, and its average over a window.
//!
//! Source: knative/serving 1.23, pkg/autoscaler/aggregation/bucketing.go.

use super::power::{pow, smoothing};
use super::time::Time;
use crate::go::{self, Duration};
use crate::knative::config_autoscaler::WINDOW_MAX;

/// The time that one bucket stands for. Source: pkg/autoscaler/config/config.go.
pub const BUCKET: Duration = Duration::from_secs(1);

/// How the buckets of a window become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Every bucket counts the same.
    Linear,
    /// Each bucket counts less than the next younger one, by a fixed factor.
    WeightedExponential,
}

impl Algorithm {
    /// Reads the annotation `metric-aggregation-algorithm`; what is not known is linear, as upstream.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "weighted-exponential" | "weightedExponential" => Self::WeightedExponential,
            _ => Self::Linear,
        }
    }
}

/// A ring of buckets that covers one window.
#[derive(Debug, Clone, PartialEq)]
pub struct Buckets {
    algorithm: Algorithm,
    ring: Vec<f64>,
    window: Duration,
    /// When the first value came that counts; moves on after a window of silence.
    first_write: Option<Time>,
    /// When the last value came. Without one it is infinitely long ago.
    last_write: Option<Time>,
    /// The sum of the ring. It is carried along rather than summed anew, and its rounding errors with it.
    total: f64,
    /// The share of the youngest bucket; for [`Algorithm::WeightedExponential`] alone.
    smoothing: f64,
}

impl Buckets {
    /// Empty buckets. A window shorter than a bucket has one; one longer than may be asked for is cut to that.
    #[must_use]
    pub fn new(algorithm: Algorithm, window: Duration) -> Self {
        let window = window.min(WINDOW_MAX);
        let count = count(window);
        Self {
            algorithm,
            ring: vec![0.0; count],
            window,
            first_write: None,
            last_write: None,
            total: 0.0,
            smoothing: smoothing(count),
        }
    }

    /// True if nothing was recorded for more than a window.
    #[must_use]
    pub fn is_empty(&self, now: Time) -> bool {
        self.last_write
            .is_none_or(|last| now.truncate() - last > self.window)
    }

    /// Adds a value to the bucket of its time. Buckets that were skipped become zeros; a value that is a window older than
    /// the youngest is dropped.
    pub fn record(&mut self, now: Time, value: f64) {
        let at = now.truncate();
        if self.last_write != Some(at) && !self.advance(at) {
            return;
        }
        let slot = self.slot(at.unix());
        self.ring[slot] += value;
        self.total += value;
    }

    /// Makes room for a value; false if it is too old to count.
    fn advance(&mut self, at: Time) -> bool {
        if self.last_write.is_some_and(|last| at + self.window <= last) {
            return false;
        }
        if self.first_write.is_none_or(|first| first > at) {
            self.first_write = Some(at);
        }
        match self.last_write {
            // It belongs to an older bucket.
            Some(last) if at <= last => return true,
            Some(last) if at - last < self.window => {
                for index in last.unix() + 1..=at.unix() {
                    let slot = self.slot(index);
                    self.total -= self.ring[slot];
                    self.ring[slot] = 0.0;
                }
            }
            _ => {
                self.first_write = Some(at);
                self.ring.fill(0.0);
                self.total = 0.0;
            }
        }
        self.last_write = Some(at);
        true
    }

    /// The average over the window that ends now; 0 if there is nothing in it.
    #[must_use]
    pub fn average(&self, now: Time) -> f64 {
        let Some(last) = self.last_write else {
            return 0.0;
        };
        let now = now.truncate();
        match self.algorithm {
            Algorithm::Linear => self.linear(now, last),
            Algorithm::WeightedExponential => self.weighted(now, last),
        }
    }

    /// The sum over the seconds since the first value, at most a window: seconds without a value in between count as
    /// zeros, those after the last value do not count at all.
    fn linear(&self, now: Time, last: Time) -> f64 {
        let age = now - last;
        if age >= self.window && age > Duration::ZERO {
            return 0.0;
        }
        let (mut sum, mut room) = (self.total, self.ring.len() as f64);
        for index in last.unix() + 1..=now.unix() {
            sum -= self.ring[self.slot(index)];
        }
        if age > Duration::ZERO {
            room = self.ring.len() as f64 - (now.unix() - last.unix()) as f64;
        }
        // Both ends count.
        let written = (last - self.first_write.unwrap_or(last)).0 / BUCKET.0;
        round_to_millionths(sum / go::min(written as f64 + 1.0, room))
    }

    /// The sum of what each bucket weighs. The weights add up to a little less than 1, also while few are filled.
    fn weighted(&self, now: Time, last: Time) -> f64 {
        if self.is_empty(now) {
            return 0.0;
        }
        let mut weight = self.smoothing;
        let mut filled = self.ring.len() as i64;
        if now > last {
            let silent = (now - last).0 / BUCKET.0;
            weight *= pow(1.0 - self.smoothing, silent as u64);
            filled -= silent;
        }
        let mut sum = 0.0;
        for age in 0..filled {
            let value = self.ring[self.slot(last.unix() - age)] * weight;
            sum += value;
            weight *= 1.0 - self.smoothing;
        }
        sum
    }

    /// Changes the window and keeps what fits, as after an edit of the settings.
    pub fn resize(&mut self, window: Duration, now: Time) {
        let window = window.min(WINDOW_MAX);
        if window == self.window {
            return;
        }
        let mut ring = vec![0.0; count(window)];
        let mut total = 0.0;
        // Whether anything is kept is asked of the old window.
        let kept = self.last_write.filter(|_| !self.is_empty(now));
        self.first_write = kept.map(|last| {
            for index in (0..ring.len().min(self.ring.len())).map(|age| last.unix() - age as i64) {
                let value = self.ring[self.slot(index)];
                ring[slot(index, count(window))] = value;
                total += value;
            }
            // As if the old window had been full.
            last + Duration((1 - self.ring.len() as i64) * BUCKET.0)
        });
        self.smoothing = smoothing(ring.len());
        self.window = window;
        self.ring = ring;
        self.total = total;
    }

    fn slot(&self, index: i64) -> usize {
        slot(index, self.ring.len())
    }
}

fn slot(index: i64, count: usize) -> usize {
    index.rem_euclid(count as i64) as usize
}

/// The buckets of a window, at least one.
fn count(window: Duration) -> usize {
    let count = (window.0 as f64 / BUCKET.0 as f64).ceil();
    (count as usize).max(1)
}

fn round_to_millionths(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[cfg(test)]
#[path = "buckets_tests.rs"]
mod tests;
