//! Plans every switch of Knative mode on the inputs of the golden corpus: what was wished is what is predicted afterwards, on the
//! components that it was wished of and on no other, and it can be taken back to the letter. Where there is no plan, a condition
//! that does not look at the planner says why.
//!
//! The corpus is the committed selection, and the folder that `KSCALE_GOLDEN_DIR` names or that lies beside the project.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail"
)]

#[path = "../golden/cluster.rs"]
mod cluster;
mod corpus;
mod held;
mod random;
mod refusals;

use std::collections::BTreeMap;

use held::Tried;
use kscale_rules::manifest::ComponentKind;
use kscale_rules::switch::{Destination, Wish};

/// The wishes that are tried, with a word for each.
fn wishes() -> [(&'static str, Wish); 5] {
    let wish = |to, metric: Option<&str>, target: Option<&str>, max| Wish {
        to,
        metric: metric.map(str::to_owned),
        target: target.map(str::to_owned),
        max,
        ..Wish::default()
    };
    [
        ("kpa 7", wish(Destination::Kpa, None, Some("7"), None)),
        (
            "kpa rps 50",
            wish(Destination::Kpa, Some("rps"), Some("50"), None),
        ),
        ("hpa max 9", wish(Destination::Hpa, None, None, Some(9))),
        (
            "hpa memory 500Mi",
            wish(Destination::Hpa, Some("memory"), Some("500Mi"), None),
        ),
        (
            "hpa queue_length 30",
            wish(Destination::Hpa, Some("queue_length"), Some("30"), Some(6)),
        ),
    ]
}

/// All components, and each by itself where there are several.
fn choices(kinds: &[ComponentKind]) -> Vec<Vec<ComponentKind>> {
    let mut choices = vec![Vec::new()];
    if kinds.len() > 1 {
        choices.extend(kinds.iter().map(|kind| vec![*kind]));
    }
    choices
}

#[test]
fn every_switch_does_what_is_wished_and_can_be_taken_back() {
    let mut failures: Vec<String> = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for subject in corpus::subjects() {
        for (name, wish) in wishes() {
            for components in choices(&subject.kinds) {
                let part = if components.is_empty() { "all" } else { "one" };
                let wish = Wish {
                    components,
                    ..wish.clone()
                };
                let tried = held::hold(&subject, &wish);
                let outcome = match tried {
                    Ok(Tried::Planned) => "planned".to_owned(),
                    Ok(Tried::Refused(reason)) => format!("{reason:?}"),
                    Err(what) => {
                        failures.push(format!(
                            "{} {name} {:?}: {what}",
                            subject.id, wish.components
                        ));
                        "wrong".to_owned()
                    }
                };
                *counts
                    .entry(format!("{name}, {part}: {outcome}"))
                    .or_default() += 1;
            }
        }
    }
    for (what, count) in &counts {
        println!("{count:>6} {what}");
    }
    for failure in failures.iter().take(30) {
        println!("{failure}");
    }
    assert!(failures.is_empty(), "{} plans do not hold", failures.len());
    let total: usize = counts.values().sum();
    let of = |what: &str| -> usize {
        let of_it = counts.iter().filter(|(key, _)| key.ends_with(what));
        of_it.map(|(_, count)| count).sum()
    };
    assert!(
        of(": planned") * 2 > total,
        "most of it is refused: {counts:?}"
    );
    for (name, _) in wishes() {
        let planned = counts.get(&format!("{name}, all: planned")).copied();
        assert!(
            planned.unwrap_or_default() > 20,
            "{name} is hardly ever planned: {counts:?}"
        );
    }
    for reason in ["ValueMissing", "NotPossible"] {
        assert!(of(reason) > 0, "nothing is refused as {reason}: {counts:?}");
    }
}
