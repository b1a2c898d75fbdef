//! Random manifests.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use super::run;

/// Cases by default; `PROPTEST_CASES` asks for more.
const CASES: u32 = 700;
const SEED: u64 = 20;

#[derive(Debug, Default)]
struct Counts {
    fixed: usize,
    refused: usize,
    unreadable: u32,
    found: BTreeMap<String, usize>,
    reasons: BTreeMap<String, usize>,
}

#[test]
fn random_manifests_are_mended_for_good_and_nothing_else_changes() {
    let cases = std::env::var("PROPTEST_CASES").map_or(CASES, |cases| cases.parse().unwrap());
    // The same cases in every run, so that a failure is the change's own; PROPTEST_RNG_SEED asks for others.
    let seed = std::env::var("PROPTEST_RNG_SEED").ok();
    let seed = seed.map_or(RngSeed::Fixed(SEED), |seed| seed.parse().unwrap());
    let config = Config {
        cases,
        failure_persistence: None,
        rng_seed: seed,
        ..Config::default()
    };
    let counts = RefCell::new(Counts::default());
    let result = TestRunner::new(config).run(&vec(any::<u8>(), 0..400), |bytes| {
        let report = run(&bytes).map_err(TestCaseError::fail)?;
        let mut counts = counts.borrow_mut();
        counts.fixed += report.fixed;
        counts.refused += report.refused.len();
        counts.unreadable += u32::from(!report.readable);
        for code in report.found {
            *counts.found.entry(code).or_default() += 1;
        }
        for reason in report.refused {
            *counts.reasons.entry(reason).or_default() += 1;
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let counts = counts.into_inner();
    println!("{counts:#?}");
    // A generator of what nobody reads, or an editor that refuses everything, would pass all else.
    assert!(counts.fixed > 20 * counts.refused, "{counts:#?}");
    assert!(counts.unreadable * 10 < cases, "{counts:#?}");
    assert!(counts.found.len() > 35, "{counts:#?}");
}
