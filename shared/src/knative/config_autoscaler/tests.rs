use super::*;

fn parse(pairs: &[(&str, &str)]) -> Result<AutoscalerConfig, String> {
    AutoscalerConfig::parse(
        &pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect(),
    )
}

#[test]
fn reads_known_keys_only() {
    let config = parse(&[
        ("_example", "max-scale: 3"),
        ("typo", "x"),
        ("container-concurrency-target-percentage", "80"),
    ]);
    let want = AutoscalerConfig {
        concurrency_utilization: 0.8,
        ..AutoscalerConfig::default()
    };
    assert_eq!(config, Ok(want));
    assert_eq!(
        parse(&[("container-concurrency-target-percentage", "1")])
            .unwrap()
            .concurrency_utilization,
        1.0
    );
}

#[test]
fn refuses_with_the_words_of_upstream() {
    let cases: [(&[(&str, &str)], &str); 16] = [
        (
            &[("enable-scale-to-zero", "maybe")],
            "failed to parse data: failed to parse \"enable-scale-to-zero\": strconv.ParseBool: parsing \"maybe\": invalid syntax",
        ),
        (
            &[("stable-window", "1d")],
            "failed to parse data: failed to parse \"stable-window\": time: unknown unit \"d\" in duration \"1d\"",
        ),
        (
            &[("initial-scale", "99999999999")],
            "failed to parse data: failed to parse \"initial-scale\": strconv.ParseInt: parsing \"99999999999\": value out of range",
        ),
        (
            &[("scale-to-zero-grace-period", "0s")],
            "scale-to-zero-grace-period must be positive, was: 0s",
        ),
        (
            &[("scale-down-delay", "1500ms")],
            "scale-down-delay = 1.5s, must be specified with at most second precision",
        ),
        (
            &[("target-burst-capacity", "-2")],
            "target-burst-capacity must be either non-negative or -1 (for unlimited), was: -2.000000",
        ),
        (
            &[("container-concurrency-target-percentage", "110")],
            "container-concurrency-target-percentage = 1.100000 is outside of valid range of (0, 100]",
        ),
        (
            &[("container-concurrency-target-default", "0.001")],
            "container-concurrency-target-percentage and container-concurrency-target-default yield target concurrency of 0.0007, can't be less than 0.01",
        ),
        (
            &[("requests-per-second-target-default", "0")],
            "requests-per-second-target-default must be at least 0.01, was: 0",
        ),
        (
            &[("max-scale-up-rate", "1")],
            "max-scale-up-rate = 1, must be greater than 1.0",
        ),
        (
            &[("stable-window", "2h")],
            "stable-window = 2h0m0s, must be in [6s; 1h0m0s] range",
        ),
        (
            &[("panic-window-percentage", "0.5")],
            "panic-window-percentage = 0.5, must be in [1, 100] interval",
        ),
        (
            &[("initial-scale", "0")],
            "initial-scale = 0, must be at least 0 (or at least 1 when allow-zero-initial-scale is false)",
        ),
        (
            &[("max-scale-limit", "5")],
            "max-scale = 0, must be in [1, max-scale-limit(5)] range",
        ),
        (
            &[("max-scale", "-1")],
            "max-scale = -1, must be in [0, max-scale-limit(0)] range",
        ),
        (
            &[("min-scale", "3"), ("max-scale", "2")],
            "min-scale (3) must be less than max-scale (2)",
        ),
    ];
    for (data, want) in cases {
        assert_eq!(parse(data), Err(want.to_owned()));
    }
}
