//! The controllers against a real API server, held against what real ones did.
//!
//! What the recordings show stands in `recorded/`: the state of every object at the end of a step, and the order in which states
//! were reached. Where the recordings themselves are at hand, both are held against them, too.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that lints do not know as one: it has a main of its own"
)]

mod changes;
mod components;
mod leftovers;
mod order;
mod plane;
mod pods;
mod recordings;
mod refused;
mod standard;
mod states;
mod steps;
mod webhooks;

use libtest_mimic::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = [
        recordings::trials(),
        steps::trials(),
        order::trials(),
        refused::trials(),
        standard::trials(),
        pods::trials(),
        components::trials(),
        leftovers::trials(),
        webhooks::trials(),
    ];
    plane::say_why_not();
    let conclusion = libtest_mimic::run(&arguments, trials.into_iter().flatten().collect());
    plane::stop();
    conclusion.exit_code()
}
