//! What is said of a live workload, held against recordings of real controllers and against fixtures in their image: the
//! causes that are named at each step, all of them and no other.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail"
)]

mod fixtures;
mod load;
mod recordings;
mod table;
