//! The condition `Active` of a PodAutoscaler, on whose age the step to zero waits.
//!
//! Source: knative/serving 1.23, pkg/apis/autoscaling/v1alpha1/pa_lifecycle.go; knative.dev/pkg, apis/condition_set.go.

use super::time::Time;
use crate::go::Duration;

/// The status of the condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// `True`: enough pods are ready.
    Active,
    /// `Unknown`: pods are on their way.
    Activating,
    /// `False`: no pods are wanted, though the last ones may still be there.
    Inactive,
}

/// The reason of the condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// None is given.
    None,
    /// `Queued`: requests wait for pods.
    Queued,
    /// `NoTraffic`: nothing comes in.
    NoTraffic,
    /// `TimedOut`: pods did not become ready in time.
    TimedOut,
}

/// The condition, and since when it has been so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Active {
    /// Its status.
    pub activity: Activity,
    /// Its reason.
    pub reason: Reason,
    /// When status **or reason** changed last, to the second: so it is stored.
    pub since: Time,
}

impl Active {
    /// The condition of a new PodAutoscaler.
    #[must_use]
    pub fn new(now: Time) -> Self {
        Self {
            activity: Activity::Activating,
            reason: Reason::None,
            since: now.truncate(),
        }
    }

    /// Sets the condition; its age starts anew if anything about it changes, be it the reason alone.
    pub(super) fn mark(&mut self, activity: Activity, reason: Reason, now: Time) {
        if (self.activity, self.reason) != (activity, reason) {
            *self = Self {
                activity,
                reason,
                since: now.truncate(),
            };
        }
    }

    /// How long the condition has been so.
    #[must_use]
    pub fn age(&self, now: Time) -> Duration {
        now - self.since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_reason_alone_starts_the_age_anew() {
        let mut active = Active::new(Time::from_unix(0));
        active.mark(Activity::Inactive, Reason::TimedOut, Time::from_unix(10));
        active.mark(Activity::Inactive, Reason::TimedOut, Time::from_unix(15));
        assert_eq!(active.age(Time::from_unix(20)), Duration::from_secs(10));
        active.mark(Activity::Inactive, Reason::NoTraffic, Time::from_unix(20));
        assert_eq!(active.age(Time::from_unix(20)), Duration::ZERO);
    }

    #[test]
    fn ages_count_from_the_whole_second() {
        let active = Active::new(Time(1_900_000_000));
        assert_eq!(active.since, Time::from_unix(1));
    }
}
