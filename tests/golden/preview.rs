//! What an upgrade would change, held against what the controllers of both releases did: of every input that was run through
//! several releases, `preview` must say a change where the recorded outcomes differ, and none where they agree. What is
//! expected is told from the recorded outcomes alone.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its input fails"
)]

mod recorded;

use std::collections::{BTreeMap, BTreeSet};

use kscale_rules::facts::Facts;
use kscale_rules::kserve::Release;
use kscale_rules::preview::{Change, compare, preview};
use serde_json::{Value, json};

use crate::cluster;
use crate::run::{corpora, roots};
use recorded::{Expected, expected};

/// The lines of one input, by release.
type Runs = BTreeMap<Release, Value>;

fn runs_of(root: &std::path::Path) -> BTreeMap<String, Runs> {
    let mut all: BTreeMap<String, Runs> = BTreeMap::new();
    for path in corpora(root) {
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let line: Value = serde_json::from_str(line).unwrap();
            if line["kind"] == "isvc" {
                let id = line["id"].as_str().unwrap().to_owned();
                let release = cluster::release(&line).unwrap();
                all.entry(id).or_default().insert(release, line);
            }
        }
    }
    all
}

#[test]
fn an_upgrade_changes_what_the_recorded_outcomes_differ_in_and_nothing_else() {
    let (mut pairs, mut changed) = (0, 0);
    let mut wrong = Vec::new();
    for root in roots() {
        for (id, runs) in runs_of(&root) {
            for (old, new) in steps(&runs) {
                let (Some(before), Some(after)) = (outcome(old), outcome(new)) else {
                    continue;
                };
                pairs += 1;
                let expected = expected(&old["input"], &before, &after);
                changed += usize::from(!expected.must.is_empty());
                let found = compare(&object(old), &cluster::facts(old), &cluster::facts(new));
                wrong.extend(differs(&id, &expected, &found.unwrap(), old, new));
            }
        }
    }
    assert!(
        pairs > 50 && changed > 20,
        "{changed} of {pairs} pairs differ"
    );
    let shown: Vec<&str> = wrong.iter().take(40).map(String::as_str).collect();
    assert!(
        wrong.is_empty(),
        "{} of {pairs}:\n{}",
        wrong.len(),
        shown.join("\n")
    );
}

/// Every upgrade between two releases that the input was run with, whose cluster is the same.
fn steps(runs: &Runs) -> impl Iterator<Item = (&Value, &Value)> {
    runs.iter().flat_map(move |(from, old)| {
        let later = runs.iter().filter(move |(to, _)| *to > from);
        later
            .map(move |(_, new)| (old, new))
            .filter(|(old, new)| old["input"] == new["input"] && old["cluster"] == new["cluster"])
    })
}

/// What was recorded, unless it is about Knative's own ConfigMap.
fn outcome(line: &Value) -> Option<recorded::Outcome<'_>> {
    let error = line["expect"]["config_error"].as_str().unwrap_or_default();
    (!error.starts_with("config-autoscaler")).then(|| recorded::Outcome::of(line))
}

fn object(line: &Value) -> Value {
    let mut object = line["input"].clone();
    object["apiVersion"] = json!("serving.kserve.io/v1beta1");
    object["kind"] = json!("InferenceService");
    object
}

/// Where the answer is another than expected, if anywhere.
fn differs(
    id: &str,
    expected: &Expected,
    found: &[Change],
    old: &Value,
    new: &Value,
) -> Option<String> {
    let told: BTreeSet<(&str, &str)> = found
        .iter()
        .map(|change| {
            let component = change.component.as_deref().unwrap_or_default();
            (change.cause.slug(), component)
        })
        .collect();
    let is_told =
        |(cause, component): &(&'static str, String)| told.contains(&(*cause, component.as_str()));
    let missing: Vec<_> = expected.must.iter().filter(|one| !is_told(one)).collect();
    let excess: Vec<_> = told
        .iter()
        .filter(|(cause, component)| {
            let any = expected.must.iter().chain(&expected.may);
            !any.into_iter()
                .any(|(other, of)| other == cause && of == component)
        })
        .collect();
    (!missing.is_empty() || !excess.is_empty()).then(|| {
        let (from, to) = (&old["kserve_version"], &new["kserve_version"]);
        format!("{id} {from} → {to}: not told {missing:?}; told {excess:?}")
    })
}

/// Where a line holds the very object that an older release left of another line's input, `preview` of that input must say
/// what the two outcomes differ in.
#[test]
fn what_runs_is_previewed_as_the_old_release_left_it() {
    let (mut pairs, mut wrong) = (0, Vec::new());
    for root in roots() {
        let all = runs_of(&root);
        let mut lines: BTreeMap<String, Vec<(Release, &Value)>> = BTreeMap::new();
        for (release, line) in all.values().flatten() {
            let key = json!([line["input"], line["cluster"]]).to_string();
            lines.entry(key).or_default().push((*release, line));
        }
        for (id, runs) in &all {
            for (from, old) in runs {
                let left = left_by(old).map(|left| json!([left, old["cluster"]]).to_string());
                let same = left.and_then(|left| lines.get(&left));
                for (to, new) in same.into_iter().flatten() {
                    if to > from {
                        pairs += 1;
                        wrong.extend(as_it_stands(id, old, new, &cluster::facts(new)));
                    }
                }
            }
        }
    }
    println!("{pairs} inputs that another line holds as an older release left them");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn as_it_stands(id: &str, old: &Value, new: &Value, after: &Facts) -> Option<String> {
    let (before, later) = (outcome(old)?, outcome(new)?);
    let mut expected = expected(&old["input"], &before, &later);
    // The older line is of an object without a status, which no release locks.
    expected.may.insert(("unlocked", String::new()));
    let found = preview(&object(old), &cluster::facts(old), after).unwrap();
    differs(id, &expected, &found, old, new)
}

/// The object as the release leaves it: with the annotation of its defaulter and the mode of its controller.
fn left_by(line: &Value) -> Option<Value> {
    const KEY: &str = "serving.kserve.io/deploymentMode";
    let expect = &line["expect"];
    let mode = expect["controller"]["status_deployment_mode"].as_str();
    let mut object = line["input"].clone();
    let is_new = object.pointer("/status/deploymentMode").is_none();
    if !is_new || !expect["webhook_error_create"].is_null() {
        return None;
    }
    object["status"]["deploymentMode"] = json!(mode.filter(|mode| !mode.is_empty())?);
    if let Some(stamped) = expect["defaulted_annotations"].get(KEY) {
        object["metadata"]["annotations"][KEY] = stamped.clone();
    }
    Some(object)
}
