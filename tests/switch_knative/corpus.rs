//! The inputs: InferenceServices in Knative mode and Knative Services that are accepted and do not fail as they are.

use std::path::{Path, PathBuf};

use kscale_rules::explain::{Explanation, explain};
use kscale_rules::facts::Facts;
use kscale_rules::manifest::ComponentKind;
use serde_json::Value;

use crate::cluster;

/// An object to switch.
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
    let mut files = Vec::new();
    for root in roots() {
        gather(&root, &mut files);
    }
    let mut subjects = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let of_knative = |line: &Value| matches!(line["kind"].as_str(), Some("isvc" | "ksvc"));
        subjects.extend(lines.filter(of_knative).filter_map(|line| subject(&line)));
    }
    assert!(subjects.len() > 100, "the corpus has gone");
    subjects
}

fn roots() -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut roots = vec![here.join("fixtures/golden")];
    roots.push(match std::env::var_os("KSCALE_GOLDEN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => here.join("../../shared/golden"),
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
    let admission = &explanation.admission;
    let refused = [
        &admission.kserve,
        &admission.knative,
        &admission.kubernetes,
        &admission.keda,
    ];
    let of_knative = match explanation.deployment_mode.as_deref() {
        Some(mode) => matches!(mode, "Knative" | "Serverless"),
        None => object["kind"] == "Service",
    };
    let fails = explanation
        .components
        .iter()
        .any(|one| one.failure.is_some());
    if !of_knative || fails || refused.iter().any(|text| text.is_some()) {
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
