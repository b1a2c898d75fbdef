//! What decides, on objects alone.

mod preflight;
mod rollout;
