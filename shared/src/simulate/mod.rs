//! Plays an autoscaler through time: load goes in, second by second, and replicas come out.
//!
//! The rooms beside this one say what an autoscaler is told; here is what it then does. Nothing in here reads a clock:
//! every step is given the time and returns a decision, and all that is remembered between steps lies open in a state.

pub mod kpa;
