//! `kubectl kscale explain`, through the built binary.
#![allow(
    clippy::unwrap_used,
    reason = "what fails in a helper is a failed test"
)]

mod colour;
mod command_line;
mod data;
mod facts;
mod generated;
mod graphs;
mod inputs;
mod messages;
mod mutation;
#[allow(dead_code, reason = "the tests of lint use the rest")]
mod process;
mod terminal;
mod text;
