//! Holds every rule's page to its word: what stands under Example is found, what stands under Use instead is not, and what
//! a fix leaves is no longer found.
//!
//! A block of YAML is a set of documents. All of them are facts about the cluster, as with `lint -f`; a document that stands
//! there twice, by kind and name, is a change. Comments at the top set releases: `# kserve: 0.14.1`, `# knative: 1.0.0`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail"
)]

#[path = "../golden/cluster.rs"]
mod cluster;
mod corpus;
mod page;
mod samples;
mod traps;

use kscale_rules::explain::{Finding, Safety, Severity};
use kscale_rules::rules::{RULES, Rule};
use page::Block;

/// Those that are found in objects; what hosts find in files is held to its pages by the plugin's tests. All of them, or those
/// whose codes begin as `RULES` in the environment says: for whoever writes one.
fn rules() -> impl Iterator<Item = &'static Rule> {
    let wanted = std::env::var("RULES").unwrap_or_default();
    let of_objects = RULES.iter().copied().filter(|rule| !rule.is_of_hosts());
    of_objects.filter(move |rule| rule.code.starts_with(&wanted))
}

#[test]
fn every_example_is_found() {
    for rule in rules() {
        for block in Block::under(rule, "Example") {
            let found = block.judge();
            let codes: Vec<&str> = found.iter().map(|(_, one)| one.code.as_str()).collect();
            assert!(
                codes.contains(&rule.code),
                "{}: found {codes:?} in\n{}",
                rule.code,
                block.text
            );
        }
    }
}

#[test]
fn nothing_is_found_in_what_to_use_instead() {
    for rule in rules() {
        for block in Block::under(rule, "Use instead") {
            let found = block.judge();
            let said: Vec<String> = found.iter().map(|(_, one)| said(one)).collect();
            assert!(
                found.is_empty(),
                "{}: {said:#?} in\n{}",
                rule.code,
                block.text
            );
        }
    }
}

#[test]
fn a_fix_mends_what_it_is_for_and_a_safe_one_changes_no_verdict() {
    for rule in rules() {
        for block in Block::under(rule, "Example") {
            mends(rule, &block);
        }
    }
}

fn mends(rule: &Rule, block: &Block) {
    for (index, finding) in block.judge() {
        let Some(fix) = finding.fix.as_ref().filter(|_| finding.code == rule.code) else {
            continue;
        };
        let mended = block.patched(index, &fix.patch);
        let again = mended.judge();
        let still = again
            .iter()
            .find(|(_, one)| one.code == finding.code && one.pointer == finding.pointer);
        assert!(
            still.is_none(),
            "{}: the fix leaves {:?}",
            rule.code,
            still.map(|(_, one)| said(one))
        );
        let errors = |found: &[(usize, Finding)]| {
            found
                .iter()
                .filter(|(_, one)| one.severity == Severity::Error)
                .count()
        };
        assert!(
            errors(&again) <= errors(&block.judge()),
            "{}: the fix adds errors: {:#?}",
            rule.code,
            again.iter().map(|(_, one)| said(one)).collect::<Vec<_>>()
        );
        if fix.safety == Safety::Safe {
            assert_eq!(
                block.verdict(index),
                mended.verdict(index),
                "{}: a safe fix changes the verdict",
                rule.code
            );
        }
    }
}

fn said(finding: &Finding) -> String {
    format!("{} {}: {}", finding.code, finding.pointer, finding.message)
}
