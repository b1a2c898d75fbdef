//! The inputs: InferenceServices in Knative mode and Knative Services that are accepted and do not fail as they are.

use std::path::{Path, PathBuf};

use kscale_rules::explain::{Autoscaler, Explanation, explain};
use kscale_rules::facts::Facts;
use kscale_rules::manifest::ComponentKind;
use serde_json::Value;

use crate::cluster;
use crate::held::running;

/// An object to switch.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) id: String,
    pub(crate) object: Value,
    pub(crate) facts: Facts,
    pub(crate) explanation: Explanation,
    /// Its components; none of a Knative Service.
    pub(crate) kinds: Vec<ComponentKind>,
}

/// All of them.
pub(crate) fn subjects() -> Vec<Subject> {
    let mut subjects = Vec::new();
    for (root, step) in roots() {
        let mut files = Vec::new();
        gather(&root, &mut files);
        for file in files {
            subjects.extend(of_file(&file, step));
        }
    }
    assert!(subjects.len() > 20, "the corpus has gone");
    subjects
}

fn of_file(file: &Path, step: usize) -> Vec<Subject> {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let of_knative = |line: &Value| matches!(line["kind"].as_str(), Some("isvc" | "ksvc"));
    lines
        .filter(of_knative)
        .step_by(step)
        .filter_map(|line| subject(&line))
        .collect()
}

/// Without optimisation all lines would take minutes.
const STEP: usize = if cfg!(debug_assertions) { 12 } else { 1 };

/// The folders, and how many lines of each make one that is taken.
fn roots() -> Vec<(PathBuf, usize)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut roots = vec![(here.join("fixtures/golden"), 1)];
    roots.push(match std::env::var_os("KSCALE_GOLDEN_DIR") {
        Some(folder) => (PathBuf::from(folder), STEP),
        None => (here.join("../../shared/golden"), STEP),
    });
    roots
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|end| end == "jsonl") {
            files.push(path);
        }
    }
}

fn subject(line: &Value) -> Option<Subject> {
    let object = line["input"].clone();
    let facts = cluster::facts(line);
    let explanation = explain(&object, &facts)?;
    let of_knative = match explanation.deployment_mode.as_deref() {
        Some(mode) => matches!(mode, "Knative" | "Serverless"),
        None => object["kind"] == "Service",
    };
    // What is stopped is to run one day, too.
    let running = explain(&running(&object), &facts)?;
    if !of_knative || fails(&explanation) || fails(&running) {
        return None;
    }
    let kinds = [
        ComponentKind::Predictor,
        ComponentKind::Transformer,
        ComponentKind::Explainer,
    ];
    let there = |kind: &ComponentKind| {
        explanation
            .components
            .iter()
            .any(|one| one.name == kind.as_str())
    };
    Some(Subject {
        id: line["id"].as_str().unwrap_or_default().to_owned(),
        kinds: kinds.into_iter().filter(there).collect(),
        object,
        facts,
        explanation,
    })
}

/// Whether somebody refuses it, or its controller fails.
fn fails(explanation: &Explanation) -> bool {
    let admission = &explanation.admission;
    let refused = [
        &admission.kserve,
        &admission.knative,
        &admission.kubernetes,
        &admission.keda,
    ];
    // One of a class that somebody acts on, and that is unmanaged all the same, is refused by the API server.
    let is_of_knative = |class: &str| {
        matches!(
            class,
            "kpa.autoscaling.knative.dev" | "hpa.autoscaling.knative.dev"
        )
    };
    let fails = explanation.components.iter().any(|one| {
        let class = one.class.as_deref().unwrap_or_default();
        one.failure.is_some() || (one.autoscaler == Autoscaler::Unmanaged && is_of_knative(class))
    });
    fails || refused.iter().any(|text| text.is_some())
}
