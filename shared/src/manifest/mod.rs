//! Tolerant views of what users write.
//!
//! A view borrows from the `serde_json::Value` of the manifest and keeps for every value the JSON pointer it stands at,
//! so that whoever reports on it can say where. Wrong types are data here, not panics: decoding ends in a
//! [`DecodeError`] with the text that Go's decoder gives, since that is what the API server answers.

mod autoscaling;
mod component;
mod decode;
mod inference_graph;
mod inference_service;
mod pod;
mod pointer;

pub use autoscaling::{
    AutoScaling, ExternalMetric, Metric, PodMetric, QuantityText, ResourceMetric, Target,
};
pub use component::{Component, ComponentKind, Extension};
pub use decode::{DecodeError, Fields};
pub use inference_graph::{GraphNode, GraphStep, InferenceGraph};
pub use inference_service::{Canary, FRAMEWORKS, InferenceService, ModelSource};
pub use pod::{ContainerView, containers, env_value};
pub use pointer::{child, escape};
