//! What KServe does with an InferenceService or an InferenceGraph: mode, defaulter, webhook, controller.
//!
//! Each stage is a function of its own; [`predict`] runs them in KServe's order. Differences between releases stand in
//! [`BEHAVIOURS`] and nowhere else.

pub mod annotations;
mod components;
mod config;
pub mod defaulter;
mod effective;
pub mod graph;
mod knative_mode;
mod mode;
mod outcome;
pub mod pod;
mod predict;
mod release;
pub mod schema;
pub mod sequence;
pub mod standard;
pub mod webhook;

pub use config::{KserveConfig, ResourceDefaults};
pub use effective::{Effective, Level, storage_uri};
pub use knative_mode::{KnativeService, TrafficTarget};
pub use mode::{Mode, ModeSource, normalise as modern_mode, resolve as resolve_mode};
pub use outcome::{
    ComponentOutcome, Failure, Hpa, KnativeOutcome, RefusedBy, Result as ComponentResult,
    StandardOutcome,
};
pub use predict::{Gate, Prediction, Refused, drops_initial_scale, predict};
pub use release::{BEHAVIOURS, Behaviour, Release, Row, milestones};
