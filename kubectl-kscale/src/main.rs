//! `kubectl kscale`.
fn main() {}
