//! `kubectl kscale switch`, through the built binary.
#![allow(
    clippy::unwrap_used,
    reason = "what fails in a helper is a failed test"
)]

mod files;
#[path = "../explain/process.rs"]
#[allow(dead_code, reason = "the tests of explain use the rest")]
mod process;
mod usage;
