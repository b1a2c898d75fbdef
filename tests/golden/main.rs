//! Holds every prediction against what the real controllers did.
//!
//! Each line of a corpus is one JSON object `{id, kind, kserve_version?, input, cluster, expect}`, made by running the
//! upstream code. Read are `tests/fixtures/golden/`, and the folder `KSCALE_GOLDEN_DIR` or else, where it exists,
//! `shared/golden/` beside the repository. `KSCALE_GOLDEN_SHOW` says how many differences are printed (40).
//!
//! Here are the predictions. What users read of them is held by `explanation.rs`, what autoscalers do in time by
//! `simulation.rs`, over the same corpora.

#![expect(clippy::print_stdout, reason = "the table is the point of the run")]

mod agreement;
mod cluster;
mod configs;
mod described;
mod explained;
mod inferencegraph;
mod isvc;
mod ksvc;
mod preview;
mod releases;
mod run;

use run::Kinds;

const KINDS: Kinds = &[
    ("ksvc", ksvc::check),
    ("isvc", isvc::check),
    ("inferencegraph", inferencegraph::check),
];

#[test]
fn golden() {
    run::hold(KINDS, |field| !field.starts_with("explained "));
}

mod harness {
    use serde_json::json;

    use super::KINDS;
    use super::agreement::{Agreement, same};
    use super::run::{Run, corpora};

    #[test]
    fn numbers_are_compared_by_value() {
        assert!(same(&json!({"a": [80]}), &json!({"a": [80.0]})));
        assert!(!same(&json!(80), &json!("80")));
        assert!(!same(&json!({"a": 1}), &json!({"a": 1, "b": null})));
    }

    #[test]
    fn a_difference_is_counted_and_kept() {
        let mut agreement = Agreement::of(|_| true);
        agreement.start_line("f", "id-1");
        agreement.compare("field", &json!(1), &json!(1));
        agreement.compare("field", &json!(1), &json!(2));
        let count = agreement.counts[&("f".to_owned(), "field")];
        assert_eq!((count.compared, count.agreed), (2, 1));
        assert_eq!(agreement.mismatches[0].id, "id-1");
    }

    #[test]
    fn an_unknown_kind_is_a_problem_and_an_uncovered_one_is_counted() {
        let mut run = Run::new(KINDS, |_| true);
        assert!(run.line("f", r#"{"id": "x", "kind": "nonsense"}"#).is_err());
        assert!(run.line("f", "{").is_err());
        assert!(
            run.line("f", r#"{"id": "x", "kind": "isvc_sequence"}"#)
                .is_ok()
        );
        assert_eq!(run.not_covered["isvc_sequence"], 1);
    }

    #[test]
    fn a_missing_folder_holds_nothing() {
        assert!(corpora(std::path::Path::new("no/such/folder")).is_empty());
    }
}
