//! Reads objects from YAML, and observes the workloads among them.

use std::path::{Path, PathBuf};

use kscale_rules::explain::{Explanation, explain};
use kscale_rules::facts::{Facts, FactsSource};
use kscale_rules::observed::{Index, observe};
use serde::Deserialize as _;
use serde_json::Value;

/// The recordings of real controllers beside the repository, or in the folder that `KSCALE_RECORDINGS_DIR` names; none where
/// there is neither.
pub(crate) fn recordings() -> Option<PathBuf> {
    if let Some(asked) = std::env::var_os("KSCALE_RECORDINGS_DIR") {
        let asked = PathBuf::from(asked);
        assert!(
            asked.is_dir(),
            "KSCALE_RECORDINGS_DIR is no folder: {}",
            asked.display()
        );
        return Some(asked);
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/recordings");
    beside.is_dir().then_some(beside)
}

/// All documents of a file.
pub(crate) fn documents(path: &Path) -> Vec<Value> {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_yaml::Deserializer::from_str(&text)
        .map(|document| {
            Value::deserialize(document)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .filter(|document| !document.is_null())
        .collect()
}

/// One workload of a cluster, explained and observed.
pub(crate) fn look(objects: &[Value], kind: &str, name: &str) -> Explanation {
    let facts = Facts::from_objects(objects, FactsSource::Snapshot);
    let index = Index::new(objects);
    let is_it = |one: &&Value| {
        one["kind"] == kind && one["metadata"]["name"] == name && one["apiVersion"] != "v1"
    };
    let object = objects
        .iter()
        .find(is_it)
        .unwrap_or_else(|| panic!("there is no {kind} {name}"));
    let mut explanation = explain(object, &facts).expect("a workload");
    explanation.observed = Some(observe(object, &explanation, &facts, &index));
    explanation
}

/// The names of what is going on.
pub(crate) fn slugs(explanation: &Explanation) -> Vec<&str> {
    let observed = explanation.observed.as_ref();
    let causes = observed
        .map(|observed| observed.causes.as_slice())
        .unwrap_or_default();
    causes.iter().map(|cause| cause.slug.as_str()).collect()
}
