//! The controllers of KServe, Knative Serving, KEDA and Kubernetes, played in the test's process against a real API server.
//!
//! A control plane of [`kscale_control_plane`] has none. What a test writes is taken up here as the real controllers took it up:
//! objects, statuses, conditions and events in their order, as recordings of real ones show it. Only nothing runs: pods get ready
//! by themselves, the load is what the test says, and time goes faster ([`Script::pace`]).
//!
//! ```no_run
//! use kscale_control_plane::{Binaries, ControlPlane};
//! use kscale_test_controllers::{Controllers, Script};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let plane = ControlPlane::start(&Binaries::find().map_err(|skip| skip.to_string())?)?;
//! plane.install_own_crds()?;
//! let namespace = plane.namespace()?;
//! let controllers = Controllers::on(&plane).namespace(&namespace).script(Script::default()).start()?;
//! let service = json!({
//!     "apiVersion": "serving.kserve.io/v1beta1",
//!     "kind": "InferenceService",
//!     "metadata": { "name": "bert", "namespace": namespace },
//!     "spec": { "predictor": { "maxReplicas": 8, "model": { "modelFormat": { "name": "sklearn" }, "storageUri": "s3://a" } } },
//! });
//! controllers.running(&plane, &service, 4)?;
//! // … change it, then …
//! controllers.settle("bert")?;
//! controllers.stop()?;
//! # Ok(())
//! # }
//! ```

mod conditions;
mod controllers;
mod error;
mod facts;
mod json;
mod keda;
mod kinds;
mod knative;
mod kserve;
mod kubernetes;
mod memory;
mod scene;
mod script;
mod start;
mod store;
mod watch;
mod webhooks;

pub use controllers::Controllers;
pub use error::Error;
pub use script::{Part, Pods, Script};
pub use start::Start;
pub use webhooks::{Asked, Hook, Webhooks};
