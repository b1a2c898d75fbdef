//! Which pods count: ready, unready, without metrics, or not at all.
//!
//! Source: replica_calculator.go, `groupPods`.

use std::collections::BTreeSet;

use super::plan::Flags;
use super::pods::{Phase, Pod, ReadyStatus};
use super::samples::{Sample, Samples};

/// The pods by how they are counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Groups<'a> {
    /// How many have a metric that counts.
    pub(super) ready: usize,
    /// Pending, or with CPU figures that are not to be trusted yet.
    pub(super) unready: BTreeSet<&'a str>,
    /// Without a metric.
    pub(super) missing: BTreeSet<&'a str>,
    /// Failed or being deleted.
    pub(super) ignored: BTreeSet<&'a str>,
}

/// Sorts the pods. `cpu`: the metric is CPU, the only one for which readiness is looked at.
pub(super) fn group<'a>(
    pods: &'a [Pod],
    samples: &Samples<'_>,
    cpu: bool,
    flags: &Flags,
    now_ms: i64,
) -> Groups<'a> {
    let mut groups = Groups::default();
    for pod in pods {
        let name = pod.name.as_str();
        if pod.deleting || pod.phase == Phase::Failed {
            groups.ignored.insert(name);
        } else if pod.phase == Phase::Pending {
            groups.unready.insert(name);
        } else if let Some(sample) = samples.get(name) {
            if cpu && is_unready(pod, sample, flags, now_ms) {
                groups.unready.insert(name);
            } else {
                groups.ready += 1;
            }
        } else {
            groups.missing.insert(name);
        }
    }
    groups
}

fn is_unready(pod: &Pod, sample: &Sample, flags: &Flags, now_ms: i64) -> bool {
    let (Some(ready), Some(started_ms)) = (pod.ready, pod.started_ms) else {
        return true;
    };
    let is_false = ready.status == ReadyStatus::False;
    let initialising = started_ms.saturating_add(flags.cpu_initialization_period_ms) > now_ms;
    if initialising {
        // Only a sample whose whole window lies after the last change says something about now.
        is_false || sample.at_ms < ready.since_ms.saturating_add(sample.window_ms)
    } else {
        // It turned unready so soon after its start that it cannot have been ready before.
        is_false && started_ms.saturating_add(flags.initial_readiness_delay_ms) > ready.since_ms
    }
}
