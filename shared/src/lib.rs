//! Predicts which autoscaler really scales a model.

pub mod explain;
pub mod facts;
pub mod go;
pub mod knative;
pub mod kserve;
pub mod kubernetes;
pub mod manifest;
pub mod rules;
