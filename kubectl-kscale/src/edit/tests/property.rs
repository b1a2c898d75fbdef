//! Random manifests and patches.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use crate::edit::fuzzing::run;

/// Cases by default; `PROPTEST_CASES` asks for more.
const CASES: u32 = 2_000;
const SEED: u64 = 20;

#[test]
fn random_patches_give_what_they_say_and_touch_nothing_else() {
    // The same cases in every run, so that a failure is the change's own; PROPTEST_RNG_SEED asks for others.
    let seed = std::env::var("PROPTEST_RNG_SEED").ok();
    let seed = seed.map_or(RngSeed::Fixed(SEED), |seed| seed.parse().unwrap());
    let config = Config {
        cases: std::env::var("PROPTEST_CASES").map_or(CASES, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        rng_seed: seed,
        ..Config::default()
    };
    let counts = std::cell::RefCell::new((0, 0, BTreeMap::new()));
    let result = TestRunner::new(config).run(&vec(any::<u8>(), 0..300), |bytes| {
        let report = run(&bytes).map_err(TestCaseError::fail)?;
        let mut counts = counts.borrow_mut();
        counts.0 += report.made;
        counts.1 += report.refused.len();
        for reason in report.refused {
            *counts.2.entry(reason).or_insert(0) += 1;
        }
        Ok(())
    });
    let (made, refused, reasons) = counts.into_inner();
    if let Err(error) = result {
        panic!("{error}");
    }
    println!("{made} made, {refused} refused: {reasons:#?}");
    // An editor that refuses everything would pass all else.
    assert!(
        made > 2 * refused,
        "{made} made, {refused} refused: {reasons:#?}"
    );
}
