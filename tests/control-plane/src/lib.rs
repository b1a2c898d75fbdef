//! A real control plane for tests: etcd and kube-apiserver on free ports of the loopback, and nothing else.
//!
//! There are no controllers, no nodes and no webhooks: what a test puts in stays as it is, so the test says what the
//! controllers would have made, or lays in what real ones made ([`ControlPlane::load`]).
//!
//! ```no_run
//! use kscale_control_plane::{Binaries, ControlPlane};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let binaries = Binaries::find().map_err(|skip| skip.to_string())?;
//! let plane = ControlPlane::start(&binaries)?;
//! let namespace = plane.namespace()?;
//! println!("kubectl --kubeconfig {} -n {namespace} get pods", plane.kubeconfig().display());
//! # Ok(())
//! # }
//! ```
//!
//! Everything ends with the value, when a test panics, and when the test's process is killed.
//! [`FaultProxy`] stands before it and misbehaves on demand.

mod apiserver;
mod binaries;
mod certificates;
mod client;
mod definitions;
mod error;
mod etcd;
mod keeper;
mod kinds;
mod knative;
mod kubeconfig;
mod kubectl;
mod load;
mod namespaces;
mod objects;
mod plane;
mod port;
mod process;
mod proxy;
mod reference;
mod rights;
mod users;

pub use binaries::{Binaries, Skip};
pub use certificates::Pair;
pub use client::{Answer, Client};
pub use error::Error;
pub use plane::ControlPlane;
pub use proxy::{Asked, Fault, FaultProxy, When};
pub use reference::{documents, shared};
