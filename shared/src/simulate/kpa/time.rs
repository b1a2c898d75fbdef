//! Points in time, given by the caller: nothing here reads a clock.

use std::ops::{Add, Sub};

use crate::go::Duration;

const SECOND: i64 = 1_000_000_000;

/// A point in time, in nanoseconds since 1970. Sums and differences saturate, as those of Go's `time.Time` do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Time(
    /// Nanoseconds since 1970.
    pub i64,
);

impl Time {
    /// A whole second since 1970.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND))
    }

    /// The seconds since 1970, as `Time.Unix`: rounded down, also before 1970.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// The whole second at or before, as `Time.Truncate(time.Second)`.
    #[must_use]
    pub const fn truncate(self) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(SECOND)))
    }
}

impl Add<Duration> for Time {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub for Time {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_cut_downwards() {
        assert_eq!(Time(2_999_999_999).truncate(), Time::from_unix(2));
        assert_eq!(Time(2_999_999_999).unix(), 2);
        assert_eq!(Time(-1).unix(), -1);
        assert_eq!(Time(-1).truncate(), Time::from_unix(-1));
    }

    #[test]
    fn differences_saturate() {
        assert_eq!(Time(i64::MAX) - Time(-1), Duration(i64::MAX));
        assert_eq!(Time(i64::MAX) + Duration(1), Time(i64::MAX));
    }
}
