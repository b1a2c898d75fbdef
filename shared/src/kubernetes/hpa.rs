//! A `HorizontalPodAutoscaler`'s spec, group `autoscaling/v2`, as it stands in JSON.
//!
//! Source: k8s.io/api 0.34, autoscaling/v2/types.go. Kinds and types are plain texts, because what is predicted here
//! includes objects that the API server refuses.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::quantity::Quantity;

/// `spec` of a HorizontalPodAutoscaler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HpaSpec {
    /// What is scaled.
    pub scale_target_ref: ObjectReference,
    /// The fewest pods; unset becomes 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_replicas: Option<i32>,
    /// The most pods.
    #[serde(default)]
    pub max_replicas: i32,
    /// What is measured; the metric that asks for the most pods wins. None becomes 80 % of the requested CPU.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "null_is_default"
    )]
    pub metrics: Vec<MetricSpec>,
    /// How fast to scale. An empty one is not the same as none: it is filled with defaults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behavior: Option<Behavior>,
}

/// Points at an object in the same namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectReference {
    /// The kind, such as `Deployment`.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The group and version, such as `apps/v1`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub api_version: String,
}

impl ObjectReference {
    /// Points at a Deployment.
    #[must_use]
    pub fn deployment(name: String) -> Self {
        Self {
            kind: "Deployment".to_owned(),
            name,
            api_version: "apps/v1".to_owned(),
        }
    }
}

/// One metric: a type, and the field of that name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricSpec {
    /// `Resource`, `Pods`, `External`, `Object` or `ContainerResource`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A metric of another object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectMetric>,
    /// A metric of each pod, from the custom metrics API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pods: Option<NamedMetric>,
    /// CPU or memory of each pod, all containers together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceMetric>,
    /// CPU or memory of one container of each pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_resource: Option<ContainerResourceMetric>,
    /// A metric from outside the cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<NamedMetric>,
}

impl MetricSpec {
    /// A metric of type `Resource`.
    #[must_use]
    pub fn resource(name: &str, target: MetricTarget) -> Self {
        let resource = Some(ResourceMetric {
            name: name.to_owned(),
            target,
        });
        Self {
            kind: "Resource".to_owned(),
            resource,
            ..Self::default()
        }
    }

    /// A metric of type `Pods`.
    #[must_use]
    pub fn pods(name: &str, target: MetricTarget) -> Self {
        let metric = MetricIdentifier {
            name: name.to_owned(),
            selector: None,
        };
        Self {
            kind: "Pods".to_owned(),
            pods: Some(NamedMetric { metric, target }),
            ..Self::default()
        }
    }
}

/// CPU or memory of a pod.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ResourceMetric {
    /// `cpu` or `memory`.
    pub name: String,
    /// What to aim for.
    pub target: MetricTarget,
}

/// CPU or memory of one container.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ContainerResourceMetric {
    /// `cpu` or `memory`.
    pub name: String,
    /// What to aim for.
    pub target: MetricTarget,
    /// The container's name.
    pub container: String,
}

/// A metric that goes by a name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NamedMetric {
    /// Which metric.
    pub metric: MetricIdentifier,
    /// What to aim for.
    pub target: MetricTarget,
}

/// A metric of another object.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectMetric {
    /// The object that the metric describes.
    pub described_object: ObjectReference,
    /// What to aim for.
    pub target: MetricTarget,
    /// Which metric.
    pub metric: MetricIdentifier,
}

/// Names a metric.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MetricIdentifier {
    /// The metric's name.
    pub name: String,
    /// Which series of it; a label selector, passed on untouched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<Value>,
}

/// What to aim for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricTarget {
    /// `Utilization`, `Value` or `AverageValue`.
    #[serde(rename = "type")]
    pub kind: String,
    /// An amount for all pods together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Quantity>,
    /// An amount for each pod, on average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_value: Option<Quantity>,
    /// Percent of what the pods request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_utilization: Option<i32>,
}

impl MetricTarget {
    /// Percent of what the pods request.
    #[must_use]
    pub fn utilization(percent: i32) -> Self {
        Self {
            kind: "Utilization".to_owned(),
            average_utilization: Some(percent),
            ..Self::default()
        }
    }

    /// An amount for each pod, on average.
    #[must_use]
    pub fn average_value(amount: Quantity) -> Self {
        Self {
            kind: "AverageValue".to_owned(),
            average_value: Some(amount),
            ..Self::default()
        }
    }
}

/// How fast to scale.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Behavior {
    /// Rules for more pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_up: Option<ScalingRules>,
    /// Rules for fewer pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_down: Option<ScalingRules>,
}

/// Rules for one direction.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScalingRules {
    /// Seconds to look back at earlier recommendations, 0 to 3600.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stabilization_window_seconds: Option<i32>,
    /// Which policy counts: `Max`, `Min` or `Disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub select_policy: Option<String>,
    /// Limits on the change. An empty list differs from none until it is written as JSON.
    #[serde(skip_serializing_if = "no_policies")]
    pub policies: Option<Vec<ScalingPolicy>>,
    /// How far the metric may be off, as a fraction, before anything is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Quantity>,
}

/// A limit on the change in a period.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScalingPolicy {
    /// `Pods` or `Percent`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Pods, or percent of the current ones.
    pub value: i32,
    /// The period in seconds, 1 to 1800.
    pub period_seconds: i32,
}

fn no_policies(policies: &Option<Vec<ScalingPolicy>>) -> bool {
    policies.as_ref().is_none_or(Vec::is_empty)
}

fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}
