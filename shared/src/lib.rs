//! Predicts which autoscaler really scales a model.

pub mod go;
pub mod knative;
pub mod kubernetes;
