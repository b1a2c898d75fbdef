//! What Knative's webhook refuses among the autoscaling annotations of a revision template.
//!
//! Source: knative/serving 1.23, pkg/apis/autoscaling/annotation_validation.go.

use super::annotations::{
    ACTIVATION_SCALE, AGGREGATION, Annotations, CLASS, HPA_CLASS, INITIAL_SCALE, KPA_CLASS, Key,
    MAX_SCALE, METRIC, MIN_SCALE, PANIC_THRESHOLD, PANIC_WINDOW, POD_RETENTION, SCALE_DOWN_DELAY,
    TARGET, TARGET_BURST_CAPACITY, TARGET_UTILIZATION, WINDOW,
};
use super::config_autoscaler::{
    AutoscalerConfig, PANIC_WINDOW_MAX, PANIC_WINDOW_MIN, TARGET_MIN, WINDOW_MAX, WINDOW_MIN,
};
use super::field_error::FieldErrors;
use super::release::{Behaviour, KnativeVersion};
use crate::go::{self, Duration, NumErrorKind};

const PANIC_THRESHOLD_MIN: f64 = 110.0;
const PANIC_THRESHOLD_MAX: f64 = 1000.0;

/// All that is wrong with the autoscaling annotations; the paths are the annotations' keys.
///
/// Of the configuration only the class, the limit and the permission for an initial scale of zero count: annotations are
/// not held against the cluster's minimum and maximum.
#[must_use]
pub fn validate_annotations(config: &AutoscalerConfig, annotations: &Annotations) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if annotations.is_empty() {
        return errors;
    }
    let release = config.release;
    class(annotations, &mut errors);
    scales(config, annotations, &mut errors);
    floats(release, annotations, &mut errors);
    window(release, annotations, &mut errors);
    pod_retention(release, annotations, &mut errors);
    scale_down_delay(release, annotations, &mut errors);
    metric(config, annotations, &mut errors);
    algorithm(release, annotations, &mut errors);
    initial_scale(config, annotations, &mut errors);
    errors
}

/// Only Knative's own domain is guarded; a class of anybody else, misspelt or not, passes.
fn class(annotations: &Annotations, errors: &mut FieldErrors) {
    if let Some((key, value)) = CLASS.get(annotations)
        && value.ends_with(".knative.dev")
        && value != KPA_CLASS
        && value != HPA_CLASS
    {
        errors.invalid(value, key);
    }
}

/// A number from zero on; 0 if it is absent or wrong, as later checks go on with that.
fn natural(annotations: &Annotations, key: Key, errors: &mut FieldErrors) -> i32 {
    let Some((key, value)) = key.get(annotations) else {
        return 0;
    };
    match go::parse_int(value, 32) {
        Ok(number) if number >= 0 => return number as i32,
        Err(error) if error.kind == NumErrorKind::Syntax => errors.invalid(value, key),
        _ => errors.out_of_bounds(value, 0, i32::MAX, key),
    }
    0
}

fn scales(config: &AutoscalerConfig, annotations: &Annotations, errors: &mut FieldErrors) {
    let release = config.release;
    let [min_key, max_key] = [MIN_SCALE, MAX_SCALE].map(|key| key.at(release));
    let [min_name, max_name] = if release.has(Behaviour::CamelCaseKeys) {
        ["minScale", "maxScale"]
    } else {
        ["min-scale", "max-scale"]
    };
    let min = natural(annotations, min_key, errors);
    let max = natural(annotations, max_key, errors);
    if max != 0 && max < min {
        let message = format!("{max_name}={max} is less than {min_name}={min}");
        // The release's main spelling, even if the older one is used.
        errors.add(message, &[max_key.canonical, min_key.canonical]);
    }
    let limit = config.max_scale_limit;
    if let Some((key, _)) = max_key.get(annotations)
        && limit != 0
    {
        if max > limit {
            errors.out_of_bounds(max, 1, limit, key);
        }
        if max == 0 {
            errors.add(
                format!("{max_name}=0 (unlimited), must be less than {limit}"),
                &[key],
            );
        }
    }
    if release.has(Behaviour::ActivationScale) {
        activation_scale(min, max, annotations, errors);
    }
}

fn activation_scale(min: i32, max: i32, annotations: &Annotations, errors: &mut FieldErrors) {
    let Some((key, value)) = ACTIVATION_SCALE.get(annotations) else {
        return;
    };
    let Ok(scale) = go::parse_int(value, 32) else {
        errors.invalid(value, key);
        return;
    };
    if i64::from(min) > scale {
        errors.add(
            format!("min-scale={min} is greater than activation-scale={scale}"),
            &[key],
        );
    } else if i64::from(max) < scale && max != 0 {
        errors.add(
            format!("max-scale={max} is less than activation-scale={scale}"),
            &[key],
        );
    } else if scale < 2 {
        errors.add(
            format!("activation-scale={scale} must be greater than 1"),
            &[key],
        );
    }
}

/// Every bound is asked so that NaN is within it, as upstream.
fn floats(release: KnativeVersion, annotations: &Annotations, errors: &mut FieldErrors) {
    bounded(
        annotations,
        PANIC_WINDOW.at(release),
        PANIC_WINDOW_MIN,
        PANIC_WINDOW_MAX,
        errors,
    );
    bounded(
        annotations,
        PANIC_THRESHOLD.at(release),
        PANIC_THRESHOLD_MIN,
        PANIC_THRESHOLD_MAX,
        errors,
    );
    if let Some((key, value)) = TARGET.get(annotations) {
        match go::parse_float(value) {
            Err(_) if release.has(Behaviour::PreciseErrors) => errors.invalid(value, key),
            // Not a number is not less, and passes.
            Ok(target) if target.is_nan() || target >= TARGET_MIN => {}
            _ => {
                errors.add(
                    format!("target {value} should be at least {TARGET_MIN}"),
                    &[key],
                );
            }
        }
    }
    bounded(
        annotations,
        TARGET_UTILIZATION.at(release),
        1.0,
        100.0,
        errors,
    );
    if let Some((key, value)) = TARGET_BURST_CAPACITY.at(release).get(annotations) {
        match go::parse_float(value) {
            Ok(burst) if !(burst < 0.0 && burst != -1.0) => {}
            _ => errors.invalid(value, key),
        }
    }
}

fn bounded(annotations: &Annotations, key: Key, lower: f64, upper: f64, errors: &mut FieldErrors) {
    let Some((key, value)) = key.get(annotations) else {
        return;
    };
    match go::parse_float(value) {
        Err(_) => errors.invalid(value, key),
        Ok(number) if number < lower || number > upper => {
            errors.out_of_bounds(value, lower, upper, key);
        }
        Ok(_) => {}
    }
}

const TOO_PRECISE: &str = "must be specified with at most second precision";

fn window(release: KnativeVersion, annotations: &Annotations, errors: &mut FieldErrors) {
    let Some((key, value)) = WINDOW.get(annotations) else {
        return;
    };
    // Only as written: neither the cluster's default class nor the metric that a class has by default counts.
    if !release.has(Behaviour::HpaWindow)
        && CLASS.value(annotations) == Some(HPA_CLASS)
        && let Some((metric_key, metric @ ("cpu" | "memory"))) = METRIC.get(annotations)
    {
        let message = format!("invalid key name {}", go::quote(key));
        let details = format!("{HPA_CLASS} for {metric_key} {metric}");
        return errors.add_detailed(message, &[""], details);
    }
    match go::parse_duration(value) {
        Err(_) => errors.invalid(value, key),
        Ok(window) if !(WINDOW_MIN..=WINDOW_MAX).contains(&window) => {
            errors.out_of_bounds(value, WINDOW_MIN, WINDOW_MAX, key);
        }
        Ok(window) if !window.is_whole_seconds() => errors.add(TOO_PRECISE, &[key]),
        Ok(_) => {}
    }
}

fn pod_retention(release: KnativeVersion, annotations: &Annotations, errors: &mut FieldErrors) {
    let Some((key, value)) = POD_RETENTION.at(release).get(annotations) else {
        return;
    };
    match go::parse_duration(value) {
        Err(_) => errors.invalid(value, key),
        Ok(span) if !(Duration::ZERO..=WINDOW_MAX).contains(&span) => {
            errors.out_of_bounds(value, Duration::ZERO, WINDOW_MAX, key);
        }
        Ok(_) => {}
    }
}

fn scale_down_delay(release: KnativeVersion, annotations: &Annotations, errors: &mut FieldErrors) {
    let Some((key, value)) = SCALE_DOWN_DELAY.at(release).get(annotations) else {
        return;
    };
    match go::parse_duration(value) {
        Err(_) => errors.invalid(value, key),
        Ok(delay) if !(Duration::ZERO..=WINDOW_MAX).contains(&delay) => {
            errors.out_of_bounds(value, Duration::ZERO, WINDOW_MAX, key);
        }
        Ok(delay) if !delay.is_whole_seconds() => errors.add(TOO_PRECISE, &[key]),
        Ok(_) => {}
    }
}

fn metric(config: &AutoscalerConfig, annotations: &Annotations, errors: &mut FieldErrors) {
    let Some((key, metric)) = METRIC.get(annotations) else {
        return;
    };
    let class = match CLASS.value(annotations) {
        Some(class) => class,
        None if config.release.has(Behaviour::MetricOfDefaultClass) => &config.pod_autoscaler_class,
        None => KPA_CLASS,
    };
    let known = match class {
        KPA_CLASS => matches!(metric, "concurrency" | "rps"),
        // Any other name is a custom metric.
        HPA_CLASS if config.release.has(Behaviour::CustomHpaMetrics) => !metric.is_empty(),
        HPA_CLASS => matches!(metric, "cpu" | "memory"),
        _ => true,
    };
    if !known {
        errors.invalid(metric, key);
    }
}

fn algorithm(release: KnativeVersion, annotations: &Annotations, errors: &mut FieldErrors) {
    // The class must stand there; the cluster's default does not count here.
    if CLASS.value(annotations) != Some(KPA_CLASS) {
        return;
    }
    let Some((key, value)) = AGGREGATION.at(release).get(annotations) else {
        return;
    };
    let known = match value {
        "" | "linear" | "weightedExponential" => true,
        "weighted-exponential" => !release.has(Behaviour::CamelCaseKeys),
        _ => false,
    };
    if !known {
        errors.invalid(value, key);
    }
}

fn initial_scale(config: &AutoscalerConfig, annotations: &Annotations, errors: &mut FieldErrors) {
    let Some((key, value)) = INITIAL_SCALE.at(config.release).get(annotations) else {
        return;
    };
    // Upstream puts the reason, where it gives one, into the path.
    let reason = match go::atoi(value) {
        Err(_) => "",
        Ok(scale) if scale < 0 => " must be greater than 0",
        Ok(0) if !config.allow_zero_initial_scale => "=0 not allowed by cluster",
        Ok(_) => return,
    };
    let reason = if config.release.has(Behaviour::PreciseErrors) {
        reason
    } else {
        ""
    };
    errors.invalid(value, &format!("{key}{reason}"));
}
