//! What the controller does at one sync.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::kubernetes::Quantity;

/// The conditions that the controller sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum ConditionType {
    /// Whether the scale can be read and written.
    AbleToScale,
    /// Whether the metrics give a number.
    ScalingActive,
    /// Whether a limit holds that number back.
    ScalingLimited,
}

impl ConditionType {
    /// The type as it stands in the object.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AbleToScale => "AbleToScale",
            Self::ScalingActive => "ScalingActive",
            Self::ScalingLimited => "ScalingLimited",
        }
    }
}

/// A condition of the status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// `True` or `False`; the controller sets no other.
    pub status: bool,
    /// One word.
    pub reason: String,
    /// The controller's words.
    pub message: String,
}

/// How serious an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum EventType {
    /// For information.
    Normal,
    /// Something failed.
    Warning,
}

impl EventType {
    /// The type as it stands in the object.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "Normal",
            Self::Warning => "Warning",
        }
    }
}

/// An event on the HPA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// How serious it is.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// One word.
    pub reason: String,
    /// The controller's words.
    pub message: String,
}

/// An entry of `status.currentMetrics`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CurrentMetric {
    /// The resource's or the metric's name.
    pub name: String,
    /// The container, for a metric of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// Percent of the requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_utilization: Option<i32>,
    /// The amount a pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_value: Option<Quantity>,
    /// The amount of all pods together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Quantity>,
}

/// The status of the HPA.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The scale's `spec.replicas` when it was last looked at.
    pub current_replicas: i32,
    /// What the controller last wanted; it stays while metrics fail.
    pub desired_replicas: i32,
    /// One entry a metric of the spec, `None` where it failed; empty if no metric was looked at.
    pub current_metrics: Vec<Option<CurrentMetric>>,
    /// The conditions.
    pub conditions: BTreeMap<ConditionType, Condition>,
    /// When the scale was last written, in milliseconds.
    pub last_scale_ms: Option<i64>,
}

/// What the controller did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// What the metrics ask for, before any limit; `None` if they were not looked at or failed.
    pub proposal: Option<i32>,
    /// What was written to the scale; `None` if nothing was, or it was refused.
    pub scale_to: Option<i32>,
    /// The status afterwards.
    pub status: Status,
    /// The events in order.
    pub events: Vec<Event>,
    /// The error of the sync. There can be one although the scale was written.
    pub error: Option<String>,
}
