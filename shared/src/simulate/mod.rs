//! Runs the controllers that a prediction ends at, step by step: what is observed goes in, what they do comes out.
//!
//! Each room holds one controller as a pure function over explicit state. Time is data: milliseconds since an instant
//! of the caller's choice. Nothing here knows where observations come from; a scenario, a recording and a test are the
//! same to it.

pub mod hpa;
