//! Plans, over the inputs of the golden corpora: whatever is switched comes out as was wished, and goes back to what it was.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it met, and fails where a corpus cannot be read"
)]

#[path = "../golden/cluster.rs"]
mod cluster;
mod corpus;
mod sequences;
mod standard;
mod wishes;
