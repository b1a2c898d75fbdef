//! Ratios of what is used to what is aimed for.
//!
//! Source: metrics/utilization.go.

use std::collections::BTreeMap;

/// Figures by pod, in thousandths.
pub(super) type Values<'a> = BTreeMap<&'a str, i64>;

/// How much of the requests is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Utilisation {
    /// The utilisation by the target.
    pub(super) ratio: f64,
    /// Whole percent, the rest cut off.
    pub(super) percent: i32,
    /// What a pod uses on average, in thousandths.
    pub(super) average_milli: i64,
}

/// Usage of all pods by their requests. The ratio is that of whole percents: 45.9 % of 50 % is 45 / 50.
pub(super) fn of_requests(
    values: &Values<'_>,
    requests: &Values<'_>,
    target: i32,
) -> Result<Utilisation, String> {
    let (mut used, mut requested, mut pods) = (0i64, 0i64, 0i64);
    for (pod, value) in values {
        // A metric of a pod that is not listed.
        let Some(request) = requests.get(pod) else {
            continue;
        };
        used = used.wrapping_add(*value);
        requested = requested.wrapping_add(*request);
        pods += 1;
    }
    if requested == 0 || pods == 0 {
        return Err("no metrics returned matched known pods".to_owned());
    }
    // Cut to 32 bits as upstream.
    let percent = used.wrapping_mul(100).wrapping_div(requested) as i32;
    Ok(Utilisation {
        ratio: f64::from(percent) / f64::from(target),
        percent,
        average_milli: used.wrapping_div(pods),
    })
}

/// The average over all pods by the target: the ratio, and the average, its fraction cut off. Without pods the ratio is
/// not a number.
pub(super) fn of_target(values: &Values<'_>, target_milli: i64) -> (f64, i64) {
    let total = values
        .values()
        .fold(0i64, |sum, value| sum.wrapping_add(*value));
    let average = i64::try_from(values.len())
        .ok()
        .and_then(|pods| total.checked_div(pods));
    match average {
        Some(average) => (average as f64 / target_milli as f64, average),
        None => (f64::NAN, 0),
    }
}
