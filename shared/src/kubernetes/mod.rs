//! What the Kubernetes API server does: quantities, HorizontalPodAutoscalers, requests of a pod, names.

pub mod hpa;
pub mod hpa_defaults;
mod hpa_metric_validation;
pub mod hpa_validation;
pub mod names;
pub mod pod;
pub mod quantity;
mod quantity_sum;
mod quantity_text;

pub use hpa::HpaSpec;
pub use hpa_defaults::default_hpa;
pub use hpa_validation::validate_hpa;
pub use quantity::{Format, Quantity, QuantityError};
