//! `kubectl kscale preview`, through the built binary.
#![allow(
    clippy::unwrap_used,
    reason = "what fails in a helper is a failed test"
)]

mod data;
#[path = "../explain/process.rs"]
#[allow(dead_code, reason = "the tests of explain use the rest")]
mod process;
mod text;
mod usage;
mod workloads;

/// The cluster that most tests ask about.
pub(crate) const CLUSTER: &str = "kubectl-kscale/tests/fixtures/upgrade/cluster.yaml";

/// `kubectl kscale preview ARGUMENTS`
pub(crate) fn preview(arguments: &[&str]) -> process::Run {
    process::kscale(&[&["preview"], arguments].concat())
}
