//! What the controller sees at one sync.

use super::pods::{Amounts, Pod};
use crate::kubernetes::hpa::MetricIdentifier;

/// The scale subresource of the target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scale {
    /// `spec.replicas`: what was last asked for.
    pub spec_replicas: i32,
    /// `status.replicas`: how many pods there are.
    pub status_replicas: i32,
}

/// The answer of a metrics API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading<T> {
    /// The items of the answer; an empty list is an error to the controller.
    Items(Vec<T>),
    /// The call failed, with this text.
    Failed(String),
}

impl<T> Default for Reading<T> {
    fn default() -> Self {
        Self::Items(Vec::new())
    }
}

/// What a container used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerUsage {
    /// The container's name.
    pub name: String,
    /// What it used.
    pub usage: Amounts,
}

/// `PodMetrics` of metrics.k8s.io.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PodUsage {
    /// The pod's name.
    pub pod: String,
    /// When it was measured, in milliseconds.
    pub at_ms: i64,
    /// The span before `at_ms` that was measured, in milliseconds.
    pub window_ms: i64,
    /// The containers.
    pub containers: Vec<ContainerUsage>,
}

/// A value of custom.metrics.k8s.io for one pod.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PodValue {
    /// The pod's name.
    pub pod: String,
    /// The value in thousandths.
    pub milli: i64,
}

/// The answer for one metric that goes by a name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NamedReading<T> {
    /// Which metric, as it is named in the HPA.
    pub metric: MetricIdentifier,
    /// The answer.
    pub reading: Reading<T>,
}

/// What the three metrics APIs answer. A metric without a reading has no items.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readings {
    /// metrics.k8s.io, for all pods of the selector.
    pub resource: Reading<PodUsage>,
    /// custom.metrics.k8s.io, for all pods of the selector.
    pub pods: Vec<NamedReading<PodValue>>,
    /// external.metrics.k8s.io: the series of the metric, each in thousandths.
    pub external: Vec<NamedReading<i64>>,
}

/// Everything that is seen at one sync.
#[derive(Debug, Clone)]
pub struct Observed<'a> {
    /// Now, in milliseconds since an instant of the caller's choice.
    pub now_ms: i64,
    /// The scale subresource, or why it cannot be read.
    pub scale: Result<Scale, String>,
    /// The pods that the selector finds.
    pub pods: &'a [Pod],
    /// What the metrics APIs answer.
    pub readings: &'a Readings,
    /// Why a write to the scale would be refused, if it would.
    pub scale_update_error: Option<String>,
}

/// The reading of a metric by its name and selector.
pub(super) fn find<'a, T>(
    readings: &'a [NamedReading<T>],
    metric: &MetricIdentifier,
) -> Option<&'a Reading<T>> {
    let found = readings.iter().find(|named| named.metric == *metric)?;
    Some(&found.reading)
}
