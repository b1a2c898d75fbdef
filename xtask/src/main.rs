//! `cargo xtask`: build logic.
fn main() {}
