//! `cargo xtask test`: every check, then every test. The last line is the sum.
//!
//! On an empty target folder most of the time goes into compiling, so the steps are ordered and flagged to share it:
//!
//! - clippy and rustdoc both need only the metadata of dependencies, built once (dev profile);
//! - the WASM builds take their proc macros from the same dev profile;
//! - the plugin that writes the generated files is built with `--workspace`, hence with the features that
//!   `cargo test --workspace` uses a moment later: nothing is built twice;
//! - kube-apiserver and etcd, where tests find none, are made after the checks: six minutes, once, that a slip in the format
//!   must not wait for;
//! - only the golden corpus is run twice, unoptimised with overflow checks and optimised as released, and only its own
//!   test crate is built for the second.

mod steps;
mod summary;

use crate::cli::TestArgs;
use crate::control_plane;
use crate::failure::Failure;
use crate::program;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use summary::Summary;

/// Runs it all. A failed check ends it at once; failed tests are counted to the end.
pub(crate) fn run(args: &TestArgs) -> Result<ExitCode, Failure> {
    let checks = steps::checks();
    let suites = steps::suites();
    let total = checks.len() + 1 + suites.len();
    for (number, check) in checks.iter().enumerate() {
        timed(number + 1, total, check.name, || (check.run)(args))?;
    }
    let plane = "kube-apiserver and etcd for tests";
    let assets = timed(checks.len() + 1, total, plane, || Ok(control_plane()))?;
    let mut sum = Summary::default();
    for (number, suite) in suites.into_iter().enumerate() {
        let mut command = suite.command;
        if let Some(folder) = &assets {
            command.env("KUBEBUILDER_ASSETS", folder);
        }
        let title = format!("{}: {}", suite.name, program::line(&command));
        sum += timed(checks.len() + 2 + number, total, &title, || {
            summary::stream(&mut command)
        })?;
    }
    println!("{sum}");
    Ok(if sum.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The folder of what had to be made. Where that fails, the tests that need it are skipped by name, and the sum says so.
fn control_plane() -> Option<PathBuf> {
    control_plane::for_tests().unwrap_or_else(|failure| {
        println!("{failure}\nwithout it, tests on a real API server are skipped");
        None
    })
}

/// Says what begins before it begins, and how long it took after: a log without a terminal shows where it stands.
fn timed<T>(
    number: usize,
    total: usize,
    name: &str,
    step: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    println!("[{number}/{total}] {name}");
    let start = Instant::now();
    let done = step()?;
    println!(
        "[{number}/{total}] done in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    Ok(done)
}
