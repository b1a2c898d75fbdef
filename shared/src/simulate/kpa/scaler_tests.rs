use super::*;
use crate::knative::Bounds;
use crate::simulate::kpa::Reason;

const NOW: Time = Time::from_unix(1_700_000_000);

fn seconds(seconds: i64) -> Duration {
    Duration::from_secs(seconds)
}

fn ago(period: i64) -> Time {
    NOW + seconds(-period)
}

fn policy() -> Policy {
    Policy {
        bounds: Bounds::default(),
        initial_scale: 1,
        scale_to_zero: true,
        stable_window: seconds(60),
        grace_period: seconds(30),
        pod_retention: Duration::ZERO,
        target_burst_capacity: 211.0,
        progress_deadline: seconds(600),
        reachable: true,
    }
}

/// A situation in which the condition has had its status for `age` seconds, and activators just came into the path.
fn situation(policy: &Policy, activity: Activity, age: i64) -> Situation<'_> {
    let mut active = Active::new(ago(age));
    active.mark(activity, Reason::None, ago(age));
    Situation {
        policy,
        active,
        initialized: true,
        sks: Sks {
            mode: Mode::Proxy,
            proxying_since: Some(NOW),
        },
        activator_answers: true,
        now: NOW,
    }
}

#[test]
fn bounds_hold_and_the_lower_one_wins() {
    assert_eq!(apply_bounds(2, 5, 1), 2);
    assert_eq!(apply_bounds(2, 5, 6), 5);
    assert_eq!(apply_bounds(0, 0, 600), 600);
    assert_eq!(apply_bounds(7, 5, 6), 7);
}

#[test]
fn the_initial_scale_holds_until_it_was_reached() {
    let policy = Policy {
        initial_scale: 5,
        bounds: Bounds { min: 1, max: 3 },
        ..policy()
    };
    let mut situation = situation(&policy, Activity::Activating, 0);
    situation.initialized = false;
    assert_eq!(scale(&situation, -1), Decision::apply(5));
    situation.initialized = true;
    assert_eq!(scale(&situation, 2), Decision::apply(2));
    // Once no route leads there, nothing keeps it.
    situation.initialized = false;
    let unrouted = Policy {
        reachable: false,
        bounds: Bounds { min: 0, max: 3 },
        ..policy.clone()
    };
    let unreachable = Situation {
        policy: &unrouted,
        ..situation
    };
    assert_eq!(scale(&unreachable, 2), Decision::apply(2));
}

#[test]
fn what_is_not_known_changes_nothing() {
    let policy = policy();
    for activity in [Activity::Active, Activity::Inactive] {
        let decision = scale(&situation(&policy, activity, 900), -1);
        assert_eq!(decision, Decision::hold(-1, None));
    }
}

#[test]
fn an_activation_is_given_up_after_the_deadline_and_a_buffer() {
    let policy = policy();
    let waits = Decision::hold(UNKNOWN, Some(seconds(630)));
    // While activating, "not known" is bounded to zero as well.
    assert_eq!(
        scale(&situation(&policy, Activity::Activating, 630), -1),
        waits
    );
    assert_eq!(
        scale(&situation(&policy, Activity::Activating, 630), 0),
        waits
    );
    let given_up = scale(&situation(&policy, Activity::Activating, 631), 0);
    assert_eq!(given_up, Decision::apply(0));
}

#[test]
fn without_scale_to_zero_a_pod_stays() {
    let policy = Policy {
        scale_to_zero: false,
        ..policy()
    };
    for activity in [Activity::Active, Activity::Inactive, Activity::Activating] {
        let decision = scale(&situation(&policy, activity, 9000), 0);
        assert_eq!(decision, Decision::apply(1));
    }
}

#[test]
fn an_active_revision_keeps_one_pod_for_the_stable_window() {
    let policy = policy();
    let held = scale(&situation(&policy, Activity::Active, 59), 0);
    assert_eq!((held.want, held.apply), (1, true));
    assert_eq!(held.again_after, Some(seconds(1)));
    let mut due = situation(&policy, Activity::Active, 60);
    assert_eq!(scale(&due, 0), Decision::hold(0, Some(seconds(3))));
    due.sks.mode = Mode::Serve;
    assert_eq!(scale(&due, 0), Decision::hold(0, None));
}

#[test]
fn the_last_pod_goes_after_the_grace_period() {
    let policy = policy();
    let wait = scale(&situation(&policy, Activity::Inactive, 29), 0);
    assert_eq!(wait, Decision::hold(0, Some(seconds(30))));
    let goes = scale(&situation(&policy, Activity::Inactive, 30), 0);
    assert_eq!(goes, Decision::apply(0));
}

#[test]
fn it_goes_at_once_if_the_activator_has_long_been_there() {
    let policy = policy();
    let mut situation = situation(&policy, Activity::Inactive, 1);
    situation.sks.proxying_since = Some(ago(29));
    assert_eq!(scale(&situation, 0), Decision::hold(0, Some(seconds(1))));
    situation.sks.proxying_since = Some(ago(30));
    assert_eq!(scale(&situation, 0), Decision::apply(0));
}

#[test]
fn retention_keeps_it_however_long_the_activator_has_been_there() {
    let policy = Policy {
        pod_retention: seconds(20),
        ..policy()
    };
    let mut situation = situation(&policy, Activity::Inactive, 19);
    situation.sks.proxying_since = Some(ago(900));
    assert_eq!(scale(&situation, 0), Decision::hold(0, Some(seconds(1))));
    situation.active.since = ago(20);
    assert_eq!(scale(&situation, 0), Decision::apply(0));
    // Shorter than the grace period, it does not replace it.
    situation.sks.proxying_since = Some(NOW);
    assert_eq!(scale(&situation, 0), Decision::hold(0, Some(seconds(30))));
}

#[test]
fn it_stays_while_the_activator_does_not_answer_unless_it_is_always_there() {
    let silent = |burst: f64| {
        let policy = Policy {
            target_burst_capacity: burst,
            ..policy()
        };
        let situation = Situation {
            activator_answers: false,
            ..situation(&policy, Activity::Inactive, 900)
        };
        scale(&situation, 0)
    };
    assert_eq!(silent(211.0), Decision::hold(0, None));
    assert_eq!(silent(0.0), Decision::hold(0, None));
    assert_eq!(silent(-1.0), Decision::apply(0));
}
