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
    ("ksvc", None),
    ("isvc", None),
    ("inferencegraph", None),
    ("isvc_sequence", Some(sequence::check)),
    ("kpa_trace", Some(kpa::check_trace)),
    ("kpa_full", Some(kpa::check_full)),
    ("hpa_trace", Some(hpa::check_trace)),
    ("hpa_calc", Some(hpa::check_calc)),
];

#[test]
fn simulation() {
    run::hold(KINDS, |_| true);
}
