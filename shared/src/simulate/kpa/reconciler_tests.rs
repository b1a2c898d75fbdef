use super::*;
use crate::knative::{Annotations, AutoscalerConfig, Bounds, kpa};

fn at(second: i64) -> Time {
    Time::from_unix(1_700_000_000 + second)
}

fn settings(pairs: &[(&str, &str)], reachable: bool) -> Settings {
    let annotations: Annotations = pairs
        .iter()
        .map(|(key, value)| {
            (
                format!("autoscaling.knative.dev/{key}"),
                (*value).to_owned(),
            )
        })
        .collect();
    let config = AutoscalerConfig {
        allow_zero_initial_scale: true,
        ..AutoscalerConfig::default()
    };
    Settings::new(
        &kpa::settings(&config, &annotations, "concurrency", 0),
        reachable,
    )
}

fn policy(initial_scale: &str, min: i32, reachable: bool) -> Policy {
    Policy::new(
        &settings(&[("initial-scale", initial_scale)], reachable),
        Bounds { min, max: 0 },
        Some(Duration::from_secs(20)),
        &AutoscalerConfig::default(),
        Duration::from_secs(600),
    )
}

const fn decided(desired: i32, excess_burst_capacity: i32) -> DeciderStatus {
    DeciderStatus {
        desired,
        excess_burst_capacity,
    }
}

const fn pods(ready: i32) -> Pods {
    Pods {
        replicas: ready,
        ready,
        activator_answers: true,
    }
}

#[test]
fn an_unreachable_revision_has_neither_minimum_nor_retention() {
    let reachable = policy("1", 3, true);
    assert_eq!(reachable.bounds.min, 3);
    assert_eq!(reachable.pod_retention, Duration::from_secs(20));
    let unreachable = policy("1", 3, false);
    assert_eq!(unreachable.bounds.min, 0);
    assert_eq!(unreachable.pod_retention, Duration::ZERO);
}

#[test]
fn it_is_active_once_the_initial_scale_was_ready_and_then_with_one_pod() {
    let policy = policy("3", 0, true);
    let mut reconciler = Reconciler::new(&policy, at(0));
    assert_eq!(reconciler.active.reason, Reason::Queued);
    let outcome = reconciler.run(&policy, decided(-1, -1), pods(2), at(1));
    assert_eq!(outcome.replicas, Some(3));
    assert_eq!(reconciler.active.activity, Activity::Activating);
    reconciler.run(&policy, decided(3, -1), pods(3), at(2));
    assert_eq!(reconciler.active.activity, Activity::Active);
    let outcome = reconciler.run(&policy, decided(1, -1), pods(3), at(4));
    assert_eq!(outcome.replicas, Some(1));
    reconciler.run(&policy, decided(1, -1), pods(1), at(5));
    assert_eq!(reconciler.active.activity, Activity::Active);
    assert_eq!(reconciler.active.since, at(2));
}

#[test]
fn an_initial_scale_of_zero_starts_inactive_and_stays_so_without_load() {
    let policy = policy("0", 0, true);
    let mut reconciler = Reconciler::new(&policy, at(0));
    for second in 1..4 {
        let outcome = reconciler.run(&policy, decided(-1, -211), pods(0), at(second));
        assert_eq!((outcome.want, outcome.replicas), (-1, None));
        assert_eq!(reconciler.active.activity, Activity::Inactive);
    }
    assert!(reconciler.initialized);
    assert_eq!(reconciler.active.since, at(0));
    reconciler.run(&policy, decided(2, -211), pods(0), at(4));
    assert_eq!(reconciler.active.activity, Activity::Activating);
}

#[test]
fn requests_go_to_pods_only_where_a_burst_fits() {
    let policy = policy("1", 0, true);
    let mut reconciler = Reconciler::new(&policy, at(0));
    let mut mode = |desired, excess, ready, second| {
        reconciler.run(&policy, decided(desired, excess), pods(ready), at(second));
        (reconciler.sks.mode, reconciler.sks.proxying_since)
    };
    assert_eq!(mode(1, -1, 1, 1), (Mode::Proxy, Some(at(0))));
    assert_eq!(mode(1, 0, 1, 2), (Mode::Serve, None));
    assert_eq!(mode(-1, 5, 1, 3), (Mode::Proxy, Some(at(3))));
    // Activators stand in as long as no pod is ready.
    assert_eq!(mode(1, 0, 0, 4), (Mode::Serve, Some(at(3))));
    assert_eq!(mode(1, 0, 1, 5), (Mode::Serve, None));
}

#[test]
fn the_way_to_zero_takes_window_and_grace() {
    let policy = Policy {
        pod_retention: Duration::ZERO,
        ..policy("1", 0, true)
    };
    let mut reconciler = Reconciler::new(&policy, at(0));
    reconciler.run(&policy, decided(1, 5), pods(1), at(10));
    let mut gone = None;
    for second in 11..200 {
        let outcome = reconciler.run(&policy, decided(0, 5), pods(1), at(second));
        if second == 70 {
            assert_eq!(reconciler.active.activity, Activity::Inactive);
        }
        if outcome.replicas == Some(0) {
            gone = Some(second);
            break;
        }
    }
    assert_eq!(gone, Some(100));
}

#[test]
fn a_failed_activation_is_told_for_one_run_alone() {
    let policy = policy("1", 0, true);
    let mut reconciler = Reconciler::new(&policy, at(0));
    let mut run = |second| {
        let outcome = reconciler.run(&policy, decided(0, -1), pods(0), at(second));
        (outcome.want, reconciler.active.reason)
    };
    assert_eq!(run(630), (-1, Reason::Queued));
    assert_eq!(run(631), (0, Reason::TimedOut));
    assert_eq!(run(632), (0, Reason::NoTraffic));
    assert_eq!(reconciler.active.since, at(632));
}

#[test]
fn a_revision_that_loses_its_pods_is_activating_even_if_nothing_is_known() {
    let policy = policy("1", 2, true);
    let mut reconciler = Reconciler::new(&policy, at(0));
    reconciler.run(&policy, decided(2, -1), pods(2), at(1));
    assert_eq!(reconciler.active.activity, Activity::Active);
    reconciler.run(&policy, decided(-1, -1), pods(1), at(2));
    assert_eq!(reconciler.active.activity, Activity::Activating);
}

#[test]
fn activators_are_two_or_as_many_as_pods_and_burst_need() {
    let number = |burst: &str, ready| {
        number_of_activators(&settings(&[("target-burst-capacity", burst)], true), ready)
    };
    assert_eq!(number("0", 90), 2);
    assert_eq!(number("-1", 3), 3);
    assert_eq!(number("-1", 0), 2);
    assert_eq!(number("211", 1), 4);
}
