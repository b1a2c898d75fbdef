//! Holds what autoscalers do in time, and controllers change after change, against what the real ones did: the corpora of
//! `main.rs`, lines of other kinds.

#![expect(clippy::print_stdout, reason = "the table is the point of the run")]

mod agreement;
mod cluster;
mod configs;
mod hpa;
mod kpa;
mod run;
mod sequence;

use run::Kinds;

const KINDS: Kinds = &[
    ("isvc_sequence", sequence::check),
    ("kpa_trace", kpa::check_trace),
    ("kpa_full", kpa::check_full),
    ("hpa_trace", hpa::check_trace),
    ("hpa_calc", hpa::check_calc),
];

#[test]
fn simulation() {
    run::hold(KINDS, |_| true);
}
