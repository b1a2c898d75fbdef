//! How a cluster is reached, through the built binary: kubectl's flags, certificates, proxies, plugins, what goes wrong.
//! Against servers of this test's own, so no control plane is needed; those against a real one are in `tests/cluster`.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "what fails in a helper is a failed test"
)]

mod certificates;
mod ending;
mod files;
mod flags;
mod gateway;
mod kubeconfig;
mod log;
mod plugins;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../explain/process.rs"]
mod process;
mod proxies;
mod server;
mod trust;
