//! What the guides promise: every command of a guide does what it shows, every example is explained, every link leads
//! somewhere.
#![allow(
    clippy::unwrap_used,
    reason = "what fails in a helper is a failed test"
)]

mod commands;
mod examples;
mod guide;
mod links;
mod run;
