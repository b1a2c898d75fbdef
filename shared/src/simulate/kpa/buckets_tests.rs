use super::*;

fn at(second: i64) -> Time {
    Time::from_unix(1_700_000_000 + second)
}

fn seconds(seconds: i64) -> Duration {
    Duration::from_secs(seconds)
}

/// Buckets into which each value was recorded at its second.
fn recorded(algorithm: Algorithm, window: i64, values: &[(i64, f64)]) -> Buckets {
    let mut buckets = Buckets::new(algorithm, seconds(window));
    for &(second, value) in values {
        buckets.record(at(second), value);
    }
    buckets
}

fn linear(window: i64, values: &[(i64, f64)]) -> Buckets {
    recorded(Algorithm::Linear, window, values)
}

#[test]
fn a_window_that_is_not_full_yet_averages_what_there_is() {
    let buckets = linear(60, &[(0, 10.0), (1, 20.0), (2, 30.0)]);
    assert_eq!(buckets.average(at(2)), 20.0);
}

#[test]
fn values_of_one_second_add_up() {
    let mut buckets = linear(60, &[(0, 1.0), (0, 2.0)]);
    buckets.record(Time(at(0).0 + 999_999_999), 4.0);
    assert_eq!(buckets.average(at(0)), 7.0);
}

#[test]
fn gaps_count_as_zeros_and_silence_at_the_end_does_not() {
    let buckets = linear(10, &[(0, 10.0), (3, 10.0)]);
    assert_eq!(buckets.average(at(3)), 5.0);
    assert_eq!(buckets.average(at(9)), 5.0);
    // The first value leaves the window, and its second with it.
    let late = buckets.average(at(10));
    assert_eq!(late, 3.333_333);
}

#[test]
fn after_a_window_of_silence_everything_begins_anew() {
    let mut buckets = linear(6, &[(0, 60.0), (1, 60.0)]);
    assert_eq!(buckets.average(at(6)), 60.0);
    assert_eq!(buckets.average(at(7)), 0.0);
    buckets.record(at(7), 9.0);
    assert_eq!(buckets.average(at(7)), 9.0);
}

#[test]
fn data_lasts_for_a_window_and_not_longer() {
    assert!(Buckets::new(Algorithm::Linear, seconds(6)).is_empty(at(0)));
    let buckets = linear(6, &[(0, 1.0)]);
    // The average is zero a second before nothing is known.
    assert!(!buckets.is_empty(at(6)));
    assert_eq!(buckets.average(at(6)), 0.0);
    assert!(!buckets.is_empty(Time(at(7).0 - 1)));
    assert!(buckets.is_empty(at(7)));
}

#[test]
fn a_late_value_counts_unless_it_is_a_window_late() {
    let mut buckets = linear(6, &[(10, 6.0)]);
    buckets.record(at(8), 3.0);
    assert_eq!(buckets.average(at(10)), 3.0);
    buckets.record(at(4), 600.0);
    assert_eq!(buckets.average(at(10)), 3.0);
}

#[test]
fn averages_are_rounded_to_millionths() {
    let buckets = linear(60, &[(0, 1.0), (1, 0.0), (2, 1.0)]);
    assert_eq!(buckets.average(at(2)), 0.666_667);
}

#[test]
fn weighted_averages_favour_the_young() {
    let rising = recorded(
        Algorithm::WeightedExponential,
        4,
        &[(0, 5.0), (1, 5.0), (2, 10.0), (3, 10.0)],
    );
    let falling = recorded(
        Algorithm::WeightedExponential,
        4,
        &[(0, 10.0), (1, 10.0), (2, 5.0), (3, 5.0)],
    );
    // With four buckets the youngest weighs 0.9, the next 0.09, and so on; nothing is rounded.
    assert!((rising.average(at(3)) - 9.9495).abs() < 1e-12);
    assert!((falling.average(at(3)) - 5.049).abs() < 1e-12);
    // A silent second moves every weight on.
    assert!((rising.average(at(4)) - 0.9945).abs() < 1e-12);
    assert_eq!(rising.average(at(8)), 0.0);
}

#[test]
fn a_window_is_never_less_than_a_bucket_nor_more_than_an_hour() {
    let mut tiny = Buckets::new(Algorithm::Linear, Duration(1));
    tiny.record(at(0), 3.0);
    assert_eq!(tiny.average(at(0)), 3.0);
    let mut huge = Buckets::new(Algorithm::WeightedExponential, Duration(i64::MAX));
    huge.record(at(0), 3.0);
    assert!(huge.is_empty(at(3601)));
}

#[test]
fn a_shorter_window_keeps_the_young() {
    let mut buckets = linear(6, &[(0, 60.0), (4, 2.0), (5, 4.0)]);
    buckets.resize(seconds(2), at(5));
    assert_eq!(buckets.average(at(5)), 3.0);
}

#[test]
fn a_longer_window_pretends_that_the_old_one_was_full() {
    let mut buckets = linear(6, &[(5, 12.0)]);
    buckets.resize(seconds(60), at(5));
    assert_eq!(buckets.average(at(5)), 2.0);
    // Nothing is kept of what was too old before.
    let mut silent = linear(6, &[(0, 12.0)]);
    silent.resize(seconds(60), at(20));
    assert_eq!(silent.average(at(20)), 0.0);
    silent.record(at(21), 4.0);
    assert_eq!(silent.average(at(21)), 4.0);
}
