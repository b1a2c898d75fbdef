use super::*;
use crate::go::Duration;
use crate::knative::{Annotations, AutoscalerConfig, kpa};

/// Settings with a target of 10 a pod, all of it aimed for, and annotations on top.
fn settings(pairs: &[(&str, &str)]) -> Settings {
    let base = [("target", "10"), ("target-utilization-percentage", "100")];
    let annotations: Annotations = base
        .iter()
        .chain(pairs)
        .map(|(key, value)| {
            (
                format!("autoscaling.knative.dev/{key}"),
                (*value).to_owned(),
            )
        })
        .collect();
    let kpa = kpa::settings(&AutoscalerConfig::default(), &annotations, "concurrency", 0);
    Settings::new(&kpa, true)
}

fn at(second: i64) -> Time {
    Time::from_unix(1_700_000_000 + second)
}

/// What is wanted under `stable` and `panic`, beside `ready` pods, by an autoscaler that remembers nothing.
fn wanted_by_new(settings: &Settings, ready: i32, stable: f64, panic: f64) -> (i32, bool) {
    let mut autoscaler = Autoscaler::new(settings, 0, at(0));
    let scaled = autoscaler.scale(settings, at(2), ready, Observed { stable, panic });
    (scaled.desired, autoscaler.is_panicking())
}

#[test]
fn load_is_divided_by_the_target_and_rounded_up() {
    let settings = settings(&[]);
    assert_eq!(wanted_by_new(&settings, 10, 100.0, 100.0), (10, false));
    assert_eq!(wanted_by_new(&settings, 10, 100.001, 100.0), (11, false));
}

#[test]
fn pods_go_down_by_the_rate_unless_no_route_leads_there() {
    let mut settings = settings(&[]);
    assert_eq!(wanted_by_new(&settings, 7, 0.0, 0.0), (3, false));
    assert_eq!(wanted_by_new(&settings, 1, 0.0, 0.0), (0, false));
    settings.reachable = false;
    assert_eq!(wanted_by_new(&settings, 7, 0.0, 0.0), (0, false));
}

#[test]
fn pods_go_up_by_the_rate_counted_from_one_at_least() {
    let mut settings = settings(&[]);
    settings.kpa.max_scale_up_rate = 1.1;
    assert_eq!(wanted_by_new(&settings, 0, 500.0, 0.0), (2, false));
    assert_eq!(wanted_by_new(&settings, 2, 500.0, 30.0), (3, false));
}

#[test]
fn a_panic_is_judged_before_the_rate_limits() {
    let mut settings = settings(&[]);
    settings.kpa.max_scale_up_rate = 1.1;
    assert_eq!(wanted_by_new(&settings, 1, 10.0, 20.0), (2, true));
    // Rounded up first: 11 makes two pods, which are twice the one.
    assert_eq!(wanted_by_new(&settings, 1, 10.0, 11.0), (2, true));
    assert_eq!(wanted_by_new(&settings, 2, 10.0, 30.0), (1, false));
}

#[test]
fn activation_lifts_every_number_but_zero() {
    let mut settings = settings(&[("activation-scale", "5")]);
    assert_eq!(wanted_by_new(&settings, 0, 0.1, 0.0), (5, false));
    assert_eq!(wanted_by_new(&settings, 0, 0.0, 0.0), (0, false));
    assert_eq!(wanted_by_new(&settings, 2, 70.0, 0.0), (7, false));
    // The rate does not hold it back, and what the down rate keeps is not lifted.
    settings.kpa.max_scale_up_rate = 2.0;
    assert_eq!(wanted_by_new(&settings, 1, 10.0, 0.0), (5, false));
    assert_eq!(wanted_by_new(&settings, 8, 0.0, 0.0), (4, false));
}

#[test]
fn a_panic_only_adds_and_ends_after_a_quiet_stable_window() {
    let settings = settings(&[]);
    let mut autoscaler = Autoscaler::new(&settings, 0, at(0));
    let mut at_load = |second: i64, load: f64| {
        let observed = Observed {
            stable: load,
            panic: load,
        };
        let desired = autoscaler.scale(&settings, at(second), 2, observed).desired;
        (desired, autoscaler.is_panicking())
    };
    assert_eq!(at_load(2, 100.0), (10, true));
    assert_eq!(at_load(4, 60.0), (10, true));
    // The last load that was twice what two pods take extends it.
    assert_eq!(at_load(6, 40.0), (10, true));
    assert_eq!(at_load(8, 0.0), (10, true));
    assert_eq!(at_load(66, 0.0), (10, true));
    assert_eq!(at_load(68, 0.0), (1, false));
    // The next one remembers nothing of it.
    assert_eq!(at_load(70, 50.0), (5, true));
}

#[test]
fn beside_several_pods_it_starts_in_a_panic() {
    let settings = settings(&[]);
    assert!(!Autoscaler::new(&settings, 1, at(0)).is_panicking());
    let mut autoscaler = Autoscaler::new(&settings, 4, at(0));
    let nothing = Observed {
        stable: 0.0,
        panic: 0.0,
    };
    assert_eq!(autoscaler.scale(&settings, at(2), 4, nothing).desired, 4);
    assert_eq!(autoscaler.scale(&settings, at(60), 4, nothing).desired, 4);
    assert_eq!(autoscaler.scale(&settings, at(62), 4, nothing).desired, 2);
}

#[test]
fn the_delay_keeps_the_greatest_and_is_that_of_the_start() {
    let mut settings = settings(&[("scale-down-delay", "4s")]);
    let mut autoscaler = Autoscaler::new(&settings, 0, at(0));
    settings.kpa.scale_down_delay = Duration::ZERO;
    let desired = |autoscaler: &mut Autoscaler, settings: &Settings, second: i64, load: f64| {
        let observed = Observed {
            stable: load,
            panic: 0.0,
        };
        autoscaler.scale(settings, at(second), 3, observed).desired
    };
    assert_eq!(desired(&mut autoscaler, &settings, 0, 30.0), 3);
    assert_eq!(desired(&mut autoscaler, &settings, 2, 10.0), 3);
    assert_eq!(desired(&mut autoscaler, &settings, 4, 10.0), 1);
    assert_eq!(desired(&mut autoscaler, &settings, 6, 30.0), 3);
    settings.reachable = false;
    assert_eq!(desired(&mut autoscaler, &settings, 8, 10.0), 1);
}

#[test]
fn excess_counts_real_pods_and_the_short_window() {
    let excess = |burst: &str, ready: i32| {
        let settings = settings(&[("target-burst-capacity", burst)]);
        let observed = Observed {
            stable: 1.0,
            panic: 3.5,
        };
        Autoscaler::new(&settings, 0, at(0))
            .scale(&settings, at(2), ready, observed)
            .excess_burst_capacity
    };
    assert_eq!(excess("20", 0), -24);
    assert_eq!(excess("20", 3), 6);
    assert_eq!(excess("0", 0), 0);
    assert_eq!(excess("-1", 9), -1);
    assert_eq!(excess("1e300", 9), i32::MIN);
}

#[test]
fn numbers_out_of_reason_do_not_stop_it() {
    let mut settings = settings(&[]);
    settings.kpa.resolved.target = f64::NAN;
    settings.kpa.max_scale_down_rate = 0.0;
    let (_, panicking) = wanted_by_new(&settings, i32::MAX, f64::INFINITY, f64::NAN);
    assert!(!panicking);
}
