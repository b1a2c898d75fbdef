//! The validator against the table of upstream's own test (`TestValidateAnnotations`), names and all.
//!
//! `…/` stands for the group of the annotations; an empty text for "accepted".

use super::annotations::Annotations;
use super::config_autoscaler::AutoscalerConfig;
use super::validate::validate_annotations;

type Pairs = &'static [(&'static str, &'static str)];

#[rustfmt::skip]
const CASES: [(&str, Pairs, Pairs, &str); 82] = [
    ("nil annotations", &[], &[], ""),
    ("empty annotations", &[], &[], ""),
    ("invalid class", &[("class", "unsupported.knative.dev")], &[], "invalid value: unsupported.knative.dev: …/class"),
    ("non-knative.dev domain class", &[("class", "some.other.domain")], &[], ""),
    ("minScale is 0", &[("min-scale", "0")], &[], ""),
    ("maxScale is 0", &[("max-scale", "0")], &[], ""),
    ("minScale is -1", &[("min-scale", "-1")], &[], "expected 0 <= -1 <= 2147483647: …/min-scale"),
    ("maxScale is huuuuuuuge", &[("max-scale", "2147483648")], &[], "expected 0 <= 2147483648 <= 2147483647: …/max-scale"),
    ("maxScale is -1", &[("max-scale", "-1")], &[], "expected 0 <= -1 <= 2147483647: …/max-scale"),
    ("minScale is foo", &[("min-scale", "foo")], &[], "invalid value: foo: …/min-scale"),
    ("maxScale is bar", &[("max-scale", "bar")], &[], "invalid value: bar: …/max-scale"),
    ("max/minScale is bar", &[("max-scale", "bar"), ("min-scale", "bar")], &[], "invalid value: bar: …/max-scale, …/min-scale"),
    ("minScale is 5", &[("min-scale", "5")], &[], ""),
    ("maxScale is 2", &[("max-scale", "2")], &[], ""),
    ("minScale is 2, maxScale is 5", &[("max-scale", "5"), ("min-scale", "2")], &[], ""),
    ("minScale is 5, maxScale is 2", &[("max-scale", "2"), ("min-scale", "5")], &[], "max-scale=2 is less than min-scale=5: …/max-scale, …/min-scale"),
    ("minScale is 0, maxScale is 0", &[("max-scale", "0"), ("min-scale", "0")], &[], ""),
    ("maxScale is greater than MaxScaleLimit when in create", &[("max-scale", "11")], &[("max-scale-limit", "10")], "expected 1 <= 11 <= 10: …/max-scale"),
    ("maxScale is greater than MaxScaleLimit when in create and default MaxScale is set", &[("max-scale", "20")], &[("max-scale", "11"), ("max-scale-limit", "10")], "expected 1 <= 20 <= 10: …/max-scale"),
    ("maxScale is explicitly set to 0 when MaxScaleLimit and default MaxScale are set", &[("max-scale", "0")], &[("max-scale", "1"), ("max-scale-limit", "10")], "max-scale=0 (unlimited), must be less than 10: …/max-scale"),
    ("maxScale is not set when both MaxScaleLimit and default MaxScale are set", &[], &[("max-scale", "11"), ("max-scale-limit", "10")], ""),
    ("maxScale is less than MaxScaleLimit", &[("max-scale", "9")], &[("max-scale-limit", "10")], ""),
    ("min-scale, activation-scale, max-scale all set appropriately", &[("activation-scale", "2"), ("max-scale", "3"), ("min-scale", "1")], &[], ""),
    ("min-scale is greater than activation-scale", &[("activation-scale", "2"), ("min-scale", "3")], &[], "min-scale=3 is greater than activation-scale=2: …/activation-scale"),
    ("max-scale is less than activation-scale", &[("activation-scale", "2"), ("max-scale", "1")], &[], "max-scale=1 is less than activation-scale=2: …/activation-scale"),
    ("valid algorithm on KPA", &[("class", "kpa.autoscaling.knative.dev"), ("metric-aggregation-algorithm", "linear")], &[], ""),
    ("empty algorithm", &[("class", "kpa.autoscaling.knative.dev"), ("metric-aggregation-algorithm", "")], &[], ""),
    ("random algorithm on KPA", &[("class", "kpa.autoscaling.knative.dev"), ("metric-aggregation-algorithm", "random-selection")], &[], "invalid value: random-selection: …/metric-aggregation-algorithm"),
    ("random algorithm on non KPA", &[("class", "of-keys"), ("metric-aggregation-algorithm", "random-selection")], &[], ""),
    ("panic window percentage bad", &[("panic-window-percentage", "-1")], &[], "expected 1 <= -1 <= 100: …/panic-window-percentage"),
    ("panic window percentage bad2", &[("panic-window-percentage", "202")], &[], "expected 1 <= 202 <= 100: …/panic-window-percentage"),
    ("panic window percentage bad3", &[("panic-window-percentage", "fifty")], &[], "invalid value: fifty: …/panic-window-percentage"),
    ("panic window percentage good", &[("panic-threshold-percentage", "210")], &[], ""),
    ("panic threshold percentage bad2", &[("panic-threshold-percentage", "109")], &[], "expected 110 <= 109 <= 1000: …/panic-threshold-percentage"),
    ("panic threshold percentage bad2.5", &[("panic-threshold-percentage", "10009")], &[], "expected 110 <= 10009 <= 1000: …/panic-threshold-percentage"),
    ("panic threshold percentage bad3", &[("panic-threshold-percentage", "fifty")], &[], "invalid value: fifty: …/panic-threshold-percentage"),
    ("target negative", &[("target", "-11")], &[], "target -11 should be at least 0.01: …/target"),
    ("target 0", &[("target", "0")], &[], "target 0 should be at least 0.01: …/target"),
    ("(empty name; Go prints #00)", &[], &[], ""),
    ("invalid target", &[("target", "100}")], &[], "invalid value: 100}: …/target"),
    ("target okay", &[("target", "11")], &[], ""),
    ("TBC negative", &[("target-burst-capacity", "-11")], &[], "invalid value: -11: …/target-burst-capacity"),
    ("TBC 0", &[("target-burst-capacity", "0")], &[], ""),
    ("TBC 19880709", &[("target-burst-capacity", "19870709")], &[], ""),
    ("TBC -1", &[("target-burst-capacity", "-1")], &[], ""),
    ("TBC invalid", &[("target-burst-capacity", "qarashen")], &[], "invalid value: qarashen: …/target-burst-capacity"),
    ("TU too small", &[("target-utilization-percentage", "0")], &[], "expected 1 <= 0 <= 100: …/target-utilization-percentage"),
    ("TU too big", &[("target-utilization-percentage", "101")], &[], "expected 1 <= 101 <= 100: …/target-utilization-percentage"),
    ("TU invalid", &[("target-utilization-percentage", "dghyak")], &[], "invalid value: dghyak: …/target-utilization-percentage"),
    ("window invalid", &[("window", "jerry-was-a-racecar-driver")], &[], "invalid value: jerry-was-a-racecar-driver: …/window"),
    ("window too short", &[("window", "1s")], &[], "expected 6s <= 1s <= 1h0m0s: …/window"),
    ("window too long", &[("window", "365h")], &[], "expected 6s <= 365h <= 1h0m0s: …/window"),
    ("window too precise", &[("window", "1m9s82ms")], &[], "must be specified with at most second precision: …/window"),
    ("annotation /window is valid for class KPA", &[("class", "kpa.autoscaling.knative.dev"), ("window", "7s")], &[], ""),
    ("annotation /window is valid for other than HPA and KPA class", &[("class", "test"), ("window", "7s")], &[], ""),
    ("value too long and valid class for /window annotation", &[("class", "kpa.autoscaling.knative.dev"), ("window", "365h")], &[], "expected 6s <= 365h <= 1h0m0s: …/window"),
    ("invalid format and valid class for /window annotation", &[("class", "kpa.autoscaling.knative.dev"), ("window", "jerry-was-a-racecar-driver")], &[], "invalid value: jerry-was-a-racecar-driver: …/window"),
    ("valid 0 last pod scaledown timeout", &[("scale-to-zero-pod-retention-period", "0")], &[], ""),
    ("valid positive last pod scaledown timeout", &[("scale-to-zero-pod-retention-period", "21m31s")], &[], ""),
    ("invalid positive last pod scaledown timeout", &[("scale-to-zero-pod-retention-period", "311m")], &[], "expected 0s <= 311m <= 1h0m0s: …/scale-to-zero-pod-retention-period"),
    ("invalid negative last pod scaledown timeout", &[("scale-to-zero-pod-retention-period", "-42s")], &[], "expected 0s <= -42s <= 1h0m0s: …/scale-to-zero-pod-retention-period"),
    ("invalid last pod scaledown timeout", &[("scale-to-zero-pod-retention-period", "twenty-two-minutes-and-five-seconds")], &[], "invalid value: twenty-two-minutes-and-five-seconds: …/scale-to-zero-pod-retention-period"),
    ("valid 0 scale down delay", &[("scale-down-delay", "0")], &[], ""),
    ("valid positive scale down delay", &[("scale-down-delay", "21m31s")], &[], ""),
    ("invalid positive scale down delay", &[("scale-down-delay", "311m")], &[], "expected 0s <= 311m <= 1h0m0s: …/scale-down-delay"),
    ("invalid positive scale down delay - too precise", &[("scale-down-delay", "42.5s")], &[], "must be specified with at most second precision: …/scale-down-delay"),
    ("invalid negative scale down delay", &[("scale-down-delay", "-42s")], &[], "expected 0s <= -42s <= 1h0m0s: …/scale-down-delay"),
    ("invalid scale down delay", &[("scale-down-delay", "twenty-two-minutes-and-five-seconds")], &[], "invalid value: twenty-two-minutes-and-five-seconds: …/scale-down-delay"),
    ("all together now fail", &[("max-scale", "never"), ("min-scale", "-4"), ("panic-threshold-percentage", "fifty"), ("panic-window-percentage", "-11")], &[], "expected 0 <= -4 <= 2147483647: …/min-scale\nexpected 1 <= -11 <= 100: …/panic-window-percentage\ninvalid value: fifty: …/panic-threshold-percentage\ninvalid value: never: …/max-scale"),
    ("all together now, succeed", &[("max-scale", "8"), ("min-scale", "5"), ("panic-threshold-percentage", "125"), ("panic-window-percentage", "75"), ("window", "1984s")], &[], ""),
    ("invalid metric for default class(KPA)", &[("metric", "cpu")], &[], "invalid value: cpu: …/metric"),
    ("invalid metric for HPA class", &[("class", "hpa.autoscaling.knative.dev"), ("metric", "")], &[], "invalid value: : …/metric"),
    ("valid class KPA with metric RPS", &[("metric", "rps")], &[], ""),
    ("valid class KPA with metric Concurrency", &[("metric", "concurrency")], &[], ""),
    ("valid class HPA with metric CPU", &[("class", "hpa.autoscaling.knative.dev"), ("metric", "cpu")], &[], ""),
    ("other than HPA and KPA class", &[("class", "other"), ("metric", "rps")], &[], ""),
    ("initial scale is zero but cluster doesn't allow", &[("initial-scale", "0")], &[], "invalid value: 0: …/initial-scale=0 not allowed by cluster"),
    ("valid global class HPA with metric CPU", &[("metric", "cpu")], &[("pod-autoscaler-class", "hpa.autoscaling.knative.dev")], ""),
    ("initial scale is zero and cluster allows", &[("initial-scale", "0")], &[("allow-zero-initial-scale", "true")], ""),
    ("initial scale is greater than 0", &[("initial-scale", "2")], &[], ""),
    ("initial scale is less than 0", &[("initial-scale", "-1")], &[], "invalid value: -1: …/initial-scale must be greater than 0"),
    ("initial scale non-parseable", &[("initial-scale", "invalid")], &[], "invalid value: invalid: …/initial-scale"),
];

/// The table sets fields one by one, also to what a ConfigMap could not say.
fn config(pairs: Pairs) -> AutoscalerConfig {
    let mut config = AutoscalerConfig::default();
    for (key, value) in pairs {
        match *key {
            "max-scale" => config.max_scale = value.parse().unwrap(),
            "max-scale-limit" => config.max_scale_limit = value.parse().unwrap(),
            "allow-zero-initial-scale" => config.allow_zero_initial_scale = value.parse().unwrap(),
            "pod-autoscaler-class" => config.pod_autoscaler_class = (*value).to_owned(),
            other => panic!("unknown field {other}"),
        }
    }
    config
}

#[test]
fn agrees_with_upstreams_table() {
    for (name, annotations, fields, want) in CASES {
        let annotations: Annotations = annotations
            .iter()
            .map(|(key, value)| {
                (
                    format!("autoscaling.knative.dev/{key}"),
                    (*value).to_owned(),
                )
            })
            .collect();
        let got = validate_annotations(&config(fields), &annotations).to_string();
        assert_eq!(
            got.replace("autoscaling.knative.dev/", "…/"),
            want,
            "{name}"
        );
    }
}
