//! Holds the explanation, which is what users read, against what the real controllers did: the corpora of
//! `main.rs`, other fields.

#![expect(clippy::print_stdout, reason = "the table is the point of the run")]

mod agreement;
mod cluster;
mod described;
mod explained;
mod inferencegraph;
mod isvc;
mod run;

use run::Kinds;

const KINDS: Kinds = &[
    ("isvc", isvc::check),
    ("inferencegraph", inferencegraph::check),
];

#[test]
fn explanation() {
    run::hold(KINDS, |field| field.starts_with("explained "));
}
