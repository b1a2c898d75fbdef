//! `kubectl kscale lint`, `rules` and `explain RULE`, through the built binary.
#![allow(
    clippy::unwrap_used,
    reason = "what fails in a helper is a failed test"
)]

mod config;
mod exit;
mod findings;
mod fix;
mod formats;
mod inputs;
mod manifests;
#[path = "../explain/process.rs"]
#[allow(dead_code, reason = "the tests of explain use the rest")]
mod process;
mod rules;
mod sarif;
mod suppress;
