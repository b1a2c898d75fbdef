//! Holds every fix to its word on the inputs of the golden corpus: it can be applied, the finding is gone, it brings no refusal,
//! and a safe one changes no verdict. `KSCALE_GOLDEN_DIR` adds a folder with more of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kscale_rules::explain::{Finding, Safety, Severity, explain};
use kscale_rules::facts::Facts;
use kscale_rules::rules::judge;
use serde_json::{Value, json};

use crate::cluster;

/// What went wrong, by rule and kind of failure, with the lines that show it.
#[derive(Default)]
struct Failures(BTreeMap<String, Vec<String>>);

#[test]
fn fixes_hold_on_the_corpus() {
    let mut failures = Failures::default();
    let mut fixes = 0;
    for line in lines() {
        let input = &line["input"];
        let facts = cluster::facts(&line);
        settles(&line, &facts, &mut failures);
        for finding in judge(input, None, &facts).unwrap_or_default() {
            if finding.fix.is_some() {
                fixes += 1;
                hold(&line, &facts, &finding, &mut failures);
            }
        }
    }
    for (what, lines) in &failures.0 {
        println!("{what}: {} such as {}", lines.len(), lines[0]);
    }
    println!("{fixes} fixes tried");
    assert!(fixes > 100, "the corpus has gone");
    assert!(failures.0.is_empty(), "fixes do not hold");
}

fn hold(line: &Value, facts: &Facts, finding: &Finding, failures: &mut Failures) {
    let (id, input) = (line["id"].as_str().unwrap_or_default(), &line["input"]);
    let Some(fix) = &finding.fix else {
        return;
    };
    let mut fail = |what: &str, detail: String| {
        let lines = failures
            .0
            .entry(format!("{} {what}", finding.code))
            .or_default();
        lines.push(format!("{id} at {}: {detail}", finding.pointer));
    };
    let mut mended = input.clone();
    let patch: json_patch::Patch = serde_json::from_value(json!(fix.patch)).unwrap();
    if let Err(error) = json_patch::patch(&mut mended, &patch) {
        return fail("cannot be applied", error.to_string());
    }
    let before = judge(input, None, facts).unwrap_or_default();
    let after = judge(&mended, None, facts).unwrap_or_default();
    let same = |one: &&Finding| one.code == finding.code && one.pointer == finding.pointer;
    if let Some(one) = after.iter().find(same) {
        fail("is still there", one.message.clone());
    }
    let refusal = |one: &&Finding| one.code.starts_with("KS12");
    let refused = |found: &[Finding]| found.iter().filter(refusal).count();
    // Another mode has other rules, and shows mistakes that the first hid.
    if refused(&after) > refused(&before) && finding.code != "KS105" {
        let new = after.iter().rfind(refusal).map(|one| one.message.clone());
        fail("brings a refusal", new.unwrap_or_default());
    }
    if fix.safety == Safety::Safe && verdict(input, facts) != verdict(&mended, facts) {
        let both = format!("{} {}", verdict(input, facts), verdict(&mended, facts));
        fail("is not safe", both);
    }
    let is_new = |one: &&Finding| {
        let of_its_code =
            |found: &[Finding]| found.iter().filter(|other| other.code == one.code).count();
        one.severity == Severity::Error && of_its_code(&after) > of_its_code(&before)
    };
    if let Some(one) = after
        .iter()
        .find(is_new)
        .filter(|_| fix.safety == Safety::Safe)
    {
        fail(
            "is safe and brings an error",
            format!("{} {}", one.code, one.message),
        );
    }
}

/// Mends what can be mended, one fix after the other, as `lint` would.
fn settles(line: &Value, facts: &Facts, failures: &mut Failures) {
    let mut object = line["input"].clone();
    let mut done = Vec::new();
    for _ in 0..30 {
        let found = judge(&object, None, facts).unwrap_or_default();
        let Some(finding) = found.into_iter().find(|one| one.fix.is_some()) else {
            return;
        };
        let patch = json!(finding.fix.as_ref().map(|fix| &fix.patch));
        let patch: json_patch::Patch = serde_json::from_value(patch).unwrap();
        done.push(finding.code);
        if json_patch::patch(&mut object, &patch).is_err() {
            break;
        }
    }
    let lines = failures.0.entry("fixes never end".to_owned()).or_default();
    lines.push(format!("{}: {done:?}", line["id"]));
}

/// What scales an object, on what, between which bounds.
pub(crate) fn verdict(object: &Value, facts: &Facts) -> Value {
    let components = explain(object, facts)
        .map(|one| one.components)
        .unwrap_or_default();
    let verdict = components.iter().map(|one| {
        json!({
            "autoscaler": one.autoscaler, "class": one.class, "metric": one.metric, "target": one.target,
            "min": one.min_replicas, "max": one.max_replicas, "zero": one.scale_to_zero,
        })
    });
    verdict.collect()
}

fn lines() -> Vec<Value> {
    let mut files = Vec::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden");
    gather(&here, &mut files);
    if let Ok(folder) = std::env::var("KSCALE_GOLDEN_DIR") {
        gather(Path::new(&folder), &mut files);
    }
    let mut all = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let of_a_workload = |line: &Value| {
            matches!(
                line["kind"].as_str(),
                Some("isvc" | "inferencegraph" | "ksvc")
            )
        };
        all.extend(lines.filter(of_a_workload));
    }
    all
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|end| end == "jsonl") {
            files.push(path);
        }
    }
}
