//! Plays an autoscaler through time: what is observed goes in, and what it does comes out.
//!
//! The rooms beside this one say what an autoscaler is told; here is what it then does. Each room holds one of them as pure
//! functions over explicit state. Nothing in here reads a clock: every step is given the time, and all that is remembered
//! between steps lies open. Nothing knows where observations come from; a scenario, a recording and a test are the same.

pub mod hpa;
pub mod kpa;
