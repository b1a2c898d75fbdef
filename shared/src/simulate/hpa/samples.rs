//! From the answers of the metrics APIs to one figure a pod.
//!
//! Source: metrics/client.go.

use std::collections::BTreeMap;

use super::observed::{PodUsage, PodValue, Reading};

/// What is known of one pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    /// When it was measured.
    pub(super) at_ms: i64,
    /// The span that was measured.
    pub(super) window_ms: i64,
    /// The figure in thousandths.
    pub(super) milli: i64,
}

/// By the pod's name.
pub(super) type Samples<'a> = BTreeMap<&'a str, Sample>;

/// The items of an answer, or the controller's words for why there are none.
fn items<'a, T>(reading: &'a Reading<T>, api: &str) -> Result<&'a [T], String> {
    match reading {
        Reading::Failed(error) => Err(format!("unable to fetch metrics from {api}: {error}")),
        Reading::Items(items) if items.is_empty() => Err(format!("no metrics returned from {api}")),
        Reading::Items(items) => Ok(items),
    }
}

/// What each pod used of a resource: one container, or all together. A pod is left out if a container that counts has
/// no figure.
pub(super) fn resource<'a>(
    reading: &'a Reading<PodUsage>,
    resource: &str,
    container: Option<&str>,
) -> Result<Samples<'a>, String> {
    let mut samples = Samples::new();
    for item in items(reading, "resource metrics API")? {
        let milli = match container {
            Some(name) => item
                .containers
                .iter()
                .find(|container| container.name == name)
                .and_then(|container| container.usage.of(resource)),
            None => sum(item, resource),
        };
        if let Some(milli) = milli {
            let sample = Sample {
                at_ms: item.at_ms,
                window_ms: item.window_ms,
                milli,
            };
            samples.insert(&item.pod, sample);
        }
    }
    Ok(samples)
}

fn sum(item: &PodUsage, resource: &str) -> Option<i64> {
    if item.containers.is_empty() {
        return None;
    }
    item.containers.iter().try_fold(0i64, |sum, container| {
        Some(sum.wrapping_add(container.usage.of(resource)?))
    })
}

/// The value of each pod. Its time does not count for such a metric.
pub(super) fn pods(reading: &Reading<PodValue>) -> Result<Samples<'_>, String> {
    let items = items(reading, "custom metrics API")?;
    Ok(items
        .iter()
        .map(|item| {
            let sample = Sample {
                at_ms: 0,
                window_ms: 0,
                milli: item.milli,
            };
            (item.pod.as_str(), sample)
        })
        .collect())
}

/// The series of an external metric.
pub(super) fn external(reading: &Reading<i64>) -> Result<&[i64], String> {
    items(reading, "external metrics API")
}
