//! `kubectl kscale install` where no cluster is asked, through the built binary. What it does to one is in `tests/cluster`.
#![allow(
    clippy::unwrap_used,
    reason = "what fails in a helper is a failed test"
)]

mod command_line;
mod manifests;
mod network;
#[path = "../explain/process.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod process;

use process::{Run, kscale};

/// `kubectl kscale install ARGUMENTS`
fn install(arguments: &[&str]) -> Run {
    kscale(&[&["install"], arguments].concat()).columns(100)
}

/// The YAML of a release, as `install` prints it without a cluster.
fn printed(version: &str) -> String {
    install(&[
        "--offline",
        "--version",
        version,
        "--dry-run=client",
        "-o",
        "yaml",
    ])
    .run()
    .clean()
}
