//! What Knative Serving does with a Service: which annotations its webhook refuses, which class and bounds a revision
//! gets, what Knative's own autoscaler aims for, and which HorizontalPodAutoscaler the HPA class makes.
//!
//! Sources name knative/serving 1.23; what older releases do otherwise is asked of [`release`], and reaches everything here
//! by way of the release in [`AutoscalerConfig`].

pub mod annotations;
pub mod child_name;
pub mod class;
pub mod config_autoscaler;
pub mod config_defaults;
pub mod config_deployment;
pub mod config_features;
mod config_map;
pub mod configs;
pub mod field_error;
pub mod hpa;
pub mod kpa;
pub mod pod_autoscaler;
mod pod_spec;
pub mod queue_proxy;
pub mod release;
pub mod service;
mod service_decode;
pub mod template;
mod traffic;
pub mod validate;
#[cfg(test)]
mod validate_table;

pub use annotations::Annotations;
pub use config_autoscaler::AutoscalerConfig;
pub use config_defaults::DefaultsConfig;
pub use config_deployment::DeploymentConfig;
pub use config_features::FeaturesConfig;
pub use configs::{ConfigData, Configs};
pub use field_error::{FieldError, FieldErrors};
pub use pod_autoscaler::{Bounds, PodAutoscaler, Revision, predict_pod_autoscaler};
pub use queue_proxy::queue_proxy_requests;
pub use release::{Behaviour, InPlay, KnativeVersion, milestones};
pub use service::{ParsedService, Service, validate_service};
pub use template::{Parent, Template, validate_template};
pub use validate::validate_annotations;
