//! Plans, over the inputs of the golden corpora: whatever is switched comes out as was wished, and goes back to what it was.

#[path = "../golden/cluster.rs"]
mod cluster;
mod corpus;
mod sequences;
mod standard;
