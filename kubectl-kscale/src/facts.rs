//! What is known of the cluster, gathered from snapshots, from what was given to be explained, and from flags.
//!
//! Local manifests are laid over the snapshot: an object given with `-f` counts instead of the one of the same kind and
//! name in the snapshot, so that a change can be judged before it is made.

use kscale_rules::explain::list;
use kscale_rules::facts::{Fact, Facts, FactsSource};
use serde_json::Value;

use crate::cli::FactsArgs;
use crate::input::Document;
use crate::snapshot::Snapshot;

/// Facts from `snapshot`, `local` objects laid over it, and the flags over both.
pub(crate) fn gather(arguments: &FactsArgs, snapshot: &Snapshot, local: &[&Value]) -> Facts {
    let mut facts = if snapshot.objects.is_empty() && local.is_empty() {
        Facts::shipped()
    } else {
        let objects = snapshot.objects.iter();
        let kept = objects.filter(|object| !local.iter().any(|over| replaces(over, object)));
        let source = match snapshot.source() {
            FactsSource::Defaults => FactsSource::Snapshot,
            source => source,
        };
        let mut facts = Facts::from_objects(kept.chain(local.iter().copied()), source);
        facts.more_runtimes = !snapshot.knows_all_runtimes();
        facts
    };
    if let Some(release) = arguments.kserve_version {
        facts = facts.with_kserve(Fact::known(release, "--kserve-version"));
    }
    if let Some(version) = arguments.knative_version {
        facts = facts.with_knative(Fact::known(version, "--knative-version"));
    }
    facts
}

/// Whether `object`, found among manifests, says something about the cluster. Only what stands for itself does: a lone
/// Deployment or CustomResourceDefinition in a folder does not mean that there are no others in the cluster.
pub(crate) fn is_fact(object: &Value) -> bool {
    let namespace = text(object, "/metadata/namespace");
    match (text(object, "/kind"), text(object, "/metadata/name")) {
        ("ServingRuntime" | "ClusterServingRuntime", _) => {
            text(object, "/apiVersion").starts_with("serving.kserve.io/")
        }
        ("HorizontalPodAutoscaler", _) => text(object, "/apiVersion").starts_with("autoscaling/"),
        ("ScaledObject", _) => text(object, "/apiVersion").starts_with("keda.sh/"),
        ("ConfigMap", "inferenceservice-config") => true,
        // Other projects have ConfigMaps of these names too.
        (
            "ConfigMap",
            "config-autoscaler" | "config-defaults" | "config-deployment" | "config-features",
        ) => matches!(namespace, "" | "knative-serving"),
        ("Deployment", "kserve-controller-manager") => true,
        _ => false,
    }
}

/// Where a ConfigMap holds something else than text, and what. Kubernetes refuses such a one when it is applied, so nothing
/// in it comes to be; an unquoted number is the usual case. Null is an empty text there (`encoding/json` into
/// `map[string]string`).
pub(crate) fn no_text(object: &Value) -> Option<(String, &'static str)> {
    if text(object, "/kind") != "ConfigMap" || !is_fact(object) {
        return None;
    }
    let data = object.get("data")?;
    let Some(map) = data.as_object() else {
        return name_of(data).map(|what| ("/data".to_owned(), what));
    };
    map.iter().find_map(|(key, value)| {
        let key = key.replace('~', "~0").replace('/', "~1");
        Some((format!("/data/{key}"), name_of(value)?))
    })
}

fn name_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null | Value::String(_) => None,
        Value::Bool(_) => Some("a boolean"),
        Value::Number(_) => Some("a number"),
        Value::Array(_) => Some("a sequence"),
        Value::Object(_) => Some("a mapping"),
    }
}

/// Whether `snapshot` told nothing that the answer could rest on: most likely it is the wrong file.
pub(crate) fn told_nothing(snapshot: &[Document]) -> bool {
    const TELLING: [&str; 6] = [
        "ConfigMap",
        "Deployment",
        "CustomResourceDefinition",
        "APIService",
        "KnativeServing",
        "Snapshot",
    ];
    let objects = || snapshot.iter().map(|document| &document.value);
    if objects().any(|object| TELLING.contains(&text(object, "/kind"))) {
        return false;
    }
    // Versions are told by labels too, of objects of any kind.
    let told = list(
        Vec::new(),
        &Facts::from_objects(objects(), FactsSource::Defaults),
    );
    told == list(Vec::new(), &Facts::shipped())
}

fn replaces(over: &Value, object: &Value) -> bool {
    let same = |pointer| text(over, pointer) == text(object, pointer);
    let namespace = text(over, "/metadata/namespace");
    same("/kind")
        && same("/metadata/name")
        && (namespace.is_empty() || namespace == text(object, "/metadata/namespace"))
}

/// A text, or an empty one. `path` is a JSON pointer without escapes: [`Value::pointer`] makes a string of each token, which
/// is a tenth of the time that ten thousand files take.
pub(crate) fn text<'a>(object: &'a Value, path: &str) -> &'a str {
    let mut tokens = path.split('/').skip(1);
    let value = tokens.try_fold(object, |value, token| value.get(token));
    value.and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn config_map(name: &str, namespace: &str) -> Value {
        json!({"kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}})
    }

    #[test]
    fn only_what_stands_for_itself_is_a_fact_among_manifests() {
        assert!(is_fact(&config_map(
            "inferenceservice-config",
            "opendatahub"
        )));
        assert!(is_fact(&config_map("config-autoscaler", "knative-serving")));
        assert!(is_fact(&config_map("config-defaults", "")));
        assert!(!is_fact(&config_map("config-defaults", "tekton-pipelines")));
        assert!(!is_fact(&config_map("my-config", "default")));
        assert!(!is_fact(&json!({"kind": "CustomResourceDefinition"})));
    }

    #[test]
    fn a_local_object_replaces_the_one_of_its_name() {
        let local = config_map("inferenceservice-config", "");
        assert!(replaces(
            &local,
            &config_map("inferenceservice-config", "kserve")
        ));
        assert!(!replaces(
            &local,
            &config_map("config-autoscaler", "kserve")
        ));
        let elsewhere = config_map("inferenceservice-config", "other");
        assert!(!replaces(
            &elsewhere,
            &config_map("inferenceservice-config", "kserve")
        ));
    }
}
