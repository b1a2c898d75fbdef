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
    class(annotations, &mut errors);
    scales(config, annotations, &mut errors);
    floats(annotations, &mut errors);
    window(annotations, &mut errors);
    pod_retention(annotations, &mut errors);
    scale_down_delay(annotations, &mut errors);
    metric(config, annotations, &mut errors);
    algorithm(annotations, &mut errors);
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
    let min = natural(annotations, MIN_SCALE, errors);
    let max = natural(annotations, MAX_SCALE, errors);
    if max != 0 && max < min {
        let message = format!("max-scale={max} is less than min-scale={min}");
        // The keys of today, even if the older ones are used.
        errors.add(message, &[MAX_SCALE.canonical, MIN_SCALE.canonical]);
    }
    let limit = config.max_scale_limit;
    if let Some((key, _)) = MAX_SCALE.get(annotations)
        && limit != 0
    {
        if max > limit {
            errors.out_of_bounds(max, 1, limit, key);
        }
        if max == 0 {
            errors.add(
                format!("max-scale=0 (unlimited), must be less than {limit}"),
                &[key],
            );
        }
    }
    activation_scale(min, max, annotations, errors);
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
fn floats(annotations: &Annotations, errors: &mut FieldErrors) {
    bounded(
        annotations,
        PANIC_WINDOW,
        PANIC_WINDOW_MIN,
        PANIC_WINDOW_MAX,
        errors,
    );
    bounded(
        annotations,
        PANIC_THRESHOLD,
        PANIC_THRESHOLD_MIN,
        PANIC_THRESHOLD_MAX,
        errors,
    );
    if let Some((key, value)) = TARGET.get(annotations) {
        match go::parse_float(value) {
            Err(_) => errors.invalid(value, key),
            Ok(target) if target < TARGET_MIN => {
                errors.add(
                    format!("target {value} should be at least {TARGET_MIN}"),
                    &[key],
                );
            }
            Ok(_) => {}
        }
    }
    bounded(annotations, TARGET_UTILIZATION, 1.0, 100.0, errors);
    if let Some((key, value)) = TARGET_BURST_CAPACITY.get(annotations) {
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

fn window(annotations: &Annotations, errors: &mut FieldErrors) {
    let Some((key, value)) = WINDOW.get(annotations) else {
        return;
    };
    match go::parse_duration(value) {
        Err(_) => errors.invalid(value, key),
        Ok(window) if !(WINDOW_MIN..=WINDOW_MAX).contains(&window) => {
            errors.out_of_bounds(value, WINDOW_MIN, WINDOW_MAX, key);
        }
        Ok(window) if !window.is_whole_seconds() => errors.add(TOO_PRECISE, &[key]),
        Ok(_) => {}
    }
}

fn pod_retention(annotations: &Annotations, errors: &mut FieldErrors) {
    let Some((key, value)) = POD_RETENTION.get(annotations) else {
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

fn scale_down_delay(annotations: &Annotations, errors: &mut FieldErrors) {
    let Some((key, value)) = SCALE_DOWN_DELAY.get(annotations) else {
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
    let class = CLASS
        .value(annotations)
        .unwrap_or(&config.pod_autoscaler_class);
    let known = match class {
        KPA_CLASS => matches!(metric, "concurrency" | "rps"),
        // Any other name is a custom metric.
        HPA_CLASS => !metric.is_empty(),
        _ => true,
    };
    if !known {
        errors.invalid(metric, key);
    }
}

fn algorithm(annotations: &Annotations, errors: &mut FieldErrors) {
    // The class must stand there; the cluster's default does not count here.
    if CLASS.value(annotations) != Some(KPA_CLASS) {
        return;
    }
    if let Some((key, value)) = AGGREGATION.get(annotations)
        && !matches!(
            value,
            "" | "linear" | "weighted-exponential" | "weightedExponential"
        )
    {
        errors.invalid(value, key);
    }
}

fn initial_scale(config: &AutoscalerConfig, annotations: &Annotations, errors: &mut FieldErrors) {
    let Some((key, value)) = INITIAL_SCALE.get(annotations) else {
        return;
    };
    // Upstream puts the reason into the path.
    match go::atoi(value) {
        Err(_) => errors.invalid(value, key),
        Ok(scale) if scale < 0 => errors.invalid(value, &format!("{key} must be greater than 0")),
        Ok(0) if !config.allow_zero_initial_scale => {
            errors.invalid(value, &format!("{key}=0 not allowed by cluster"));
        }
        Ok(_) => {}
    }
}
