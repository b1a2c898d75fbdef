//! `cargo xtask`: the only place with build logic. One file a subcommand.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal program: what it prints is its result"
)]

mod bench;
mod cli;
mod control_plane;
mod docs;
mod failure;
mod program;
mod test;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let done = program::enter_root().and_then(|()| match cli::Cli::parse().command {
        cli::Command::Test(args) => test::run(&args),
        cli::Command::Docs(args) => docs::run(&args).map(|()| ExitCode::SUCCESS),
        cli::Command::ControlPlane => control_plane::run().map(|()| ExitCode::SUCCESS),
        cli::Command::Bench(args) => bench::run(&args).map(|()| ExitCode::SUCCESS),
    });
    done.unwrap_or_else(|failure| {
        eprintln!("{failure}");
        ExitCode::FAILURE
    })
}
