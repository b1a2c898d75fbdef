//! The recorded situations of a real cluster, where they lie beside the project.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::data::{misfits, states};
use crate::process::{kscale, root};

/// Where they are; none on a machine without them.
fn recordings() -> Option<PathBuf> {
    let named = |name| std::env::var_os(name).map(PathBuf::from);
    let folder = named("KSCALE_RECORDINGS_DIR").unwrap_or_else(|| {
        let shared = named("KSCALE_SHARED").unwrap_or_else(|| root().join("../shared"));
        shared.join("recordings")
    });
    folder.is_dir().then_some(folder)
}

fn report(folder: &Path, files: &[&str]) -> Value {
    let paths: Vec<String> = files
        .iter()
        .map(|file| folder.join(file).to_string_lossy().into_owned())
        .collect();
    let mut arguments = vec!["check", "-o", "json"];
    for path in &paths {
        arguments.extend(["--facts", path]);
    }
    let ran = kscale(&arguments).run();
    assert_eq!(ran.stderr, "", "{files:?}");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let failed = report["success"] == false;
    assert_eq!(ran.code, i32::from(failed), "{files:?}");
    assert_eq!(misfits(&report), [""; 0], "{files:?}");
    report
}

/// What no recording tells: the schema of KServe's definition, and who asks.
const NEVER_TOLD: [&str; 3] = [
    "knative-serving/operator info",
    "kserve/crd skipped",
    "permissions/read skipped",
];

/// What does not simply pass, beside what no recording tells.
fn told(report: &Value) -> Vec<String> {
    let mut states = states(report);
    for one in NEVER_TOLD {
        assert!(states.contains(&one.to_owned()), "{one}: {states:#?}");
    }
    states.retain(|one| !one.ends_with(" ok") && !NEVER_TOLD.contains(&one.as_str()));
    states
}

const NO_EXTENSION: &str = "hpa-extension/present warning";
const WHO_WAITS: &str = "hpa-extension/waiting skipped";
const NO_METRICS: &str = "metrics/resource warning";
const MAX_SCALE: &str = "config-autoscaler/values info";
const AT_ZERO: &str = "hpa-extension/available warning";

/// The facts of each recording, without a workload: what is missing may or may not be needed.
const FACTS: [(&str, &[&str]); 16] = [
    ("01-kpa-ready/facts", &[MAX_SCALE, WHO_WAITS, NO_METRICS]),
    (
        "02-hpa-with-extension-ready/facts-no-metrics-api",
        &[WHO_WAITS, NO_METRICS],
    ),
    ("02-hpa-with-extension-ready/facts", &[WHO_WAITS]),
    ("03-hpa-no-extension-new/facts", &[NO_EXTENSION, NO_METRICS]),
    (
        "04-kpa-to-hpa-no-extension/facts",
        &[NO_EXTENSION, NO_METRICS],
    ),
    (
        "05-kpa-to-hpa-with-extension/facts",
        &[WHO_WAITS, NO_METRICS],
    ),
    ("06-hpa-to-kpa/facts", &[MAX_SCALE, WHO_WAITS, NO_METRICS]),
    ("07-misspelt-class-hpa/facts-with-extension", &[WHO_WAITS]),
    ("07-misspelt-class-hpa/facts", &[NO_EXTENSION, NO_METRICS]),
    (
        "08-hpa-refused-by-apiserver/facts-before",
        &[WHO_WAITS, NO_METRICS],
    ),
    (
        "08-hpa-refused-by-apiserver/facts",
        &[MAX_SCALE, WHO_WAITS, NO_METRICS],
    ),
    (
        "09-ksvc-refused-by-webhook/facts",
        &[NO_EXTENSION, NO_METRICS],
    ),
    (
        "10-install-extension-after-stuck/facts-before-install",
        &[NO_EXTENSION, NO_METRICS],
    ),
    (
        "10-install-extension-after-stuck/facts",
        &[WHO_WAITS, NO_METRICS],
    ),
    ("11-class-flipped-in-place/facts", &[AT_ZERO, WHO_WAITS]),
    ("12-standard-mode/facts", &[AT_ZERO, WHO_WAITS]),
];

#[test]
fn the_facts_of_each_recording_are_told_apart() {
    let Some(folder) = recordings() else { return };
    for (facts, expected) in FACTS {
        let report = report(&folder, &[&format!("{facts}.yaml")]);
        assert_eq!(told(&report), expected, "{facts}");
    }
}

const WAITS: &str = "hpa-extension/present error";
const NEEDS_METRICS: &str = "metrics/resource error";
const NO_NUMBERS: &str = "metrics/hpas warning";
const NOT_NEEDED: &str = "hpa-extension/present info";
const NOBODY_S_CLASS: &str = "hpa-extension/classes error";

/// A situation: its folder, its facts, the step, and what does not simply pass.
type Situation = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const SITUATIONS: [Situation; 14] = [
    (
        "02-hpa-with-extension-ready",
        "facts-no-metrics-api",
        "step-2-ready-no-metrics-api",
        &[NEEDS_METRICS, NO_NUMBERS],
    ),
    (
        "02-hpa-with-extension-ready",
        "facts",
        "step-3-with-metrics-api",
        &[],
    ),
    (
        "03-hpa-no-extension-new",
        "facts",
        "step-1-just-after",
        &[WAITS, NEEDS_METRICS],
    ),
    (
        "03-hpa-no-extension-new",
        "facts",
        "step-2-stuck",
        &[WAITS, NEEDS_METRICS],
    ),
    (
        "04-kpa-to-hpa-no-extension",
        "facts",
        "step-1-before-kpa-ready",
        &[NOT_NEEDED, NO_METRICS],
    ),
    (
        "04-kpa-to-hpa-no-extension",
        "facts",
        "step-4-stuck",
        &[WAITS, NEEDS_METRICS],
    ),
    (
        "05-kpa-to-hpa-with-extension",
        "facts",
        "step-4-old-drained",
        &[NEEDS_METRICS, NO_NUMBERS],
    ),
    (
        "07-misspelt-class-hpa",
        "facts",
        "step-3-stuck",
        &[NOT_NEEDED, NOBODY_S_CLASS, NO_METRICS],
    ),
    (
        "07-misspelt-class-hpa",
        "facts-with-extension",
        "step-4-still-stuck-with-extension",
        &[NOBODY_S_CLASS],
    ),
    (
        "08-hpa-refused-by-apiserver",
        "facts",
        "step-5-minmax-stuck",
        &[MAX_SCALE, NO_METRICS],
    ),
    (
        "09-ksvc-refused-by-webhook",
        "facts",
        "step-1-new-kpa-metric-cpu",
        &[NO_EXTENSION, NO_METRICS],
    ),
    (
        "10-install-extension-after-stuck",
        "facts-before-install",
        "step-1-stuck",
        &[WAITS, NEEDS_METRICS],
    ),
    (
        "10-install-extension-after-stuck",
        "facts",
        "step-3-ready",
        &[NEEDS_METRICS, NO_NUMBERS],
    ),
    (
        "11-class-flipped-in-place",
        "facts",
        "step-9-both-writers-fight",
        &[
            "hpa-extension/available error",
            "metrics/custom error",
            NO_NUMBERS,
        ],
    ),
];

#[test]
fn a_situation_fails_the_checks_of_its_cause_and_no_others() {
    let Some(folder) = recordings() else { return };
    for (place, facts, step, expected) in SITUATIONS {
        let files = [
            format!("{place}/{facts}.yaml"),
            format!("{place}/{step}.yaml"),
        ];
        let report = report(&folder, &[&files[0], &files[1]]);
        assert_eq!(told(&report), expected, "{place}: {step}");
    }
}

#[test]
fn who_waits_is_named() {
    let Some(folder) = recordings() else { return };
    let place = "03-hpa-no-extension-new";
    let files = [
        format!("{place}/facts.yaml"),
        format!("{place}/step-2-stuck.yaml"),
    ];
    let report = report(&folder, &[&files[0], &files[1]]).to_string();
    assert!(
        report.contains("s03/hpa-new-predictor-00001 of class hpa.autoscaling.knative.dev waits for it, and without it for ever"),
        "{report}"
    );
}
