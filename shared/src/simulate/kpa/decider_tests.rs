use super::*;
use crate::knative::{Annotations, AutoscalerConfig, kpa};

fn settings(pairs: &[(&str, &str)], metric: &str) -> Settings {
    let annotations: Annotations = pairs
        .iter()
        .map(|(key, value)| {
            (
                format!("autoscaling.knative.dev/{key}"),
                (*value).to_owned(),
            )
        })
        .collect();
    let config = AutoscalerConfig::default();
    Settings::new(&kpa::settings(&config, &annotations, metric, 0), true)
}

fn at(second: i64) -> Time {
    Time::from_unix(1_700_000_000 + second)
}

fn decider(pairs: &[(&str, &str)]) -> Decider {
    Decider::new(settings(pairs, "concurrency"), 0, at(0))
}

#[test]
fn without_data_nothing_is_decided() {
    let mut decider = decider(&[]);
    assert!(!decider.tick(at(2), 0).valid);
    assert_eq!(decider.status.desired, -1);
    decider.record(at(3), Stat::of(700.0));
    assert!(decider.tick(at(4), 0).valid);
    assert_eq!(decider.status.desired, 10);
    // A window and a second later it is silent again, and stands by its word.
    assert!(!decider.tick(at(64), 10).valid);
    assert_eq!(decider.status.desired, 10);
}

#[test]
fn silence_is_no_load_where_the_activator_sees_every_request() {
    let mut decider = decider(&[("target-burst-capacity", "-1")]);
    assert!(decider.tick(at(2), 0).valid);
    assert_eq!(decider.status.desired, 0);
}

#[test]
fn before_data_the_excess_is_that_of_the_initial_scale() {
    let excess = |pairs| decider(pairs).status.excess_burst_capacity;
    assert_eq!(excess(&[]), -111);
    assert_eq!(excess(&[("initial-scale", "3")]), 89);
    assert_eq!(excess(&[("target-burst-capacity", "0")]), 0);
    assert_eq!(excess(&[("target-burst-capacity", "-1")]), -1);
    // Cut towards zero, not down.
    assert_eq!(excess(&[("target-burst-capacity", "100.5")]), 0);
}

#[test]
fn each_metric_has_its_own_windows() {
    let stat = Stat {
        concurrency: 70.0,
        proxied_concurrency: 0.0,
        requests: 1400.0,
        proxied_requests: 140.0,
    };
    let desired = |metric: &str| {
        let mut decider = Decider::new(settings(&[], metric), 0, at(0));
        decider.record(at(1), stat);
        decider.tick(at(2), 0);
        decider.status.desired
    };
    assert_eq!(desired("concurrency"), 1);
    assert_eq!(desired("rps"), 9);
    assert_eq!(desired("something"), 1);
}

#[test]
fn it_wakes_when_the_number_or_the_sign_of_the_excess_changes() {
    let mut decider = decider(&[]);
    let mut tick = |second: i64, load: f64, ready: i32| {
        decider.record(at(second), Stat::of(load));
        decider.tick(at(second), ready).wakes
    };
    assert!(tick(2, 50.0, 1));
    assert!(!tick(4, 50.0, 1));
    assert!(tick(6, 50.0, 3));
    assert!(!tick(8, 50.0, 3));
}

#[test]
fn a_poke_decides_at_once_if_no_pod_is_wanted() {
    let mut decider = decider(&[]);
    let load = Stat::of(70.0);
    decider.record(at(1), load);
    // Not before the first decision.
    assert_eq!(decider.poke(at(1), 0, load), None);
    decider.record(at(70), Stat::of(0.0));
    decider.tick(at(70), 0);
    assert_eq!(decider.status.desired, 0);
    assert_eq!(decider.poke(at(71), 0, Stat::of(0.0)), None);
    decider.record(at(71), load);
    assert!(decider.poke(at(71), 0, load).is_some_and(|tick| tick.wakes));
    assert_eq!(decider.status.desired, 1);
    assert_eq!(decider.poke(at(71), 0, load), None);
}

#[test]
fn changed_settings_count_from_the_next_tick() {
    let mut decider = decider(&[]);
    decider.record(at(1), Stat::of(70.0));
    decider.tick(at(2), 1);
    decider.update(settings(&[("target", "10")], "concurrency"), at(3));
    assert_eq!(decider.status.desired, 1);
    decider.tick(at(4), 1);
    assert_eq!(decider.status.desired, 10);
}
