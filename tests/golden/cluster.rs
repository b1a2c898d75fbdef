//! Facts from the `cluster` of a corpus line: overrides on what the KServe release ships.

use std::collections::BTreeMap;

use kscale_rules::facts::{Fact, Facts, FactsSource, Provenance};
use kscale_rules::kserve::{KserveConfig, Release};
use serde_json::{Value, json};

/// The model formats that the corpus has a runtime for.
const FORMATS: [&str; 10] = [
    "sklearn",
    "tensorflow",
    "xgboost",
    "pytorch",
    "onnx",
    "triton",
    "huggingface",
    "lightgbm",
    "paddle",
    "pmml",
];

/// The KServe release that a line was made with; lines that name none were made with the main branch.
///
/// # Errors
/// It names something that is no release.
pub(crate) fn release(line: &Value) -> Result<Release, String> {
    match line["kserve_version"].as_str() {
        None => Ok(Release::MAIN),
        // A commit of the main branch, which upstream calls master.
        Some(version) if version.starts_with("master") => Ok(Release::MAIN),
        Some(version) => Release::parse(version),
    }
}

/// The facts of a line.
pub(crate) fn facts(line: &Value) -> Facts {
    let known = || Provenance::Known("the corpus".to_owned());
    let cluster = &line["cluster"];
    // Whoever checks the line says so where it names no release.
    let release = release(line).unwrap_or(Release::MAIN);
    let installed = cluster["knative_installed"].as_bool() != Some(false);
    let objects = runtimes(cluster);
    let mut facts = Facts::from_objects(&objects, FactsSource::Snapshot)
        .with_kserve(Fact::known(release, "the corpus"));
    facts.knative_installed = Fact::known(installed, "the corpus");
    facts.set_kserve_config(kserve_config(cluster, release), known());
    let missing = cluster["no_config_autoscaler"].as_bool() == Some(true);
    facts.set_config_autoscaler(
        (!missing).then(|| data(&cluster["config_autoscaler"])),
        known(),
    );
    for name in ["config-defaults", "config-features"] {
        let key = name.replace('-', "_");
        if cluster[&key].is_object() {
            facts.set_knative_config(name, &data(&cluster[&key]), known());
        }
    }
    facts
}

fn data(value: &Value) -> BTreeMap<String, String> {
    let map = value.as_object().into_iter().flatten();
    map.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect()
}

fn kserve_config(cluster: &Value, release: Release) -> BTreeMap<String, String> {
    let mut shipped = KserveConfig::shipped_data(release);
    for (key, value) in cluster["inferenceservice_config"]
        .as_object()
        .into_iter()
        .flatten()
    {
        match value.as_str() {
            Some(text) => {
                shipped.insert(key.clone(), text.to_owned());
            }
            None => {
                shipped.remove(key);
            }
        }
    }
    shipped
}

/// The runtimes of the corpus: one a format, each requesting 1 cpu and 2Gi, and one for models over several nodes.
fn runtimes(cluster: &Value) -> Vec<Value> {
    let annotations = &cluster["runtime_annotations"];
    let runtime = |name: String, format: &str| {
        json!({
            "kind": "ClusterServingRuntime",
            "metadata": {"name": name},
            "spec": {
                "annotations": annotations,
                "supportedModelFormats": [{"name": format, "autoSelect": true}],
                "containers": [{
                    "name": "kserve-container",
                    "resources": {"requests": {"cpu": "1", "memory": "2Gi"}},
                }],
            },
        })
    };
    let mut all: Vec<Value> = FORMATS
        .iter()
        .map(|format| runtime(format!("rt-{format}"), format))
        .collect();
    let mut multi_node = runtime("rt-huggingface-multinode".to_owned(), "huggingface");
    multi_node["spec"]["workerSpec"] = json!({"containers": [{"name": "worker-container"}]});
    all.push(multi_node);
    all
}
