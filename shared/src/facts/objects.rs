//! Facts from plain Kubernetes objects.

use serde_json::{Value, json};

use super::apis::ApisSeen;
use super::fact::{Fact, Provenance};
use super::runtime::Runtime;
use super::scaler::Scaler;
use super::{Data, Facts, snapshot, versions};

/// What is seen on the way and decides only once everything has been seen.
#[derive(Default)]
struct Seen {
    crds: bool,
    knative_crd: bool,
    keda_crd: bool,
    knative_deployments: bool,
    hpa_extension: Option<bool>,
    apis: ApisSeen,
    knative: versions::KnativeSeen,
    kserve_namespace: bool,
}

pub(super) fn read<'a>(facts: &mut Facts, objects: impl IntoIterator<Item = &'a Value>) {
    let mut seen = Seen::default();
    for object in objects {
        let items = object.get("items").and_then(Value::as_array);
        let is_list = kind(object).ends_with("List");
        match items {
            Some(items) if is_list => items.iter().for_each(|item| one(facts, &mut seen, item)),
            _ => one(facts, &mut seen, object),
        }
    }
    conclude(facts, &seen);
}

fn kind(object: &Value) -> &str {
    object
        .get("kind")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A text, or an empty one.
pub(super) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn one(facts: &mut Facts, seen: &mut Seen, object: &Value) {
    seen.knative.look_at(object);
    match kind(object) {
        "ConfigMap" => config_map(facts, seen, object),
        "Deployment" => deployment(facts, seen, object),
        "CustomResourceDefinition" => crd(seen, text(object, "/metadata/name")),
        "APIService" => seen.apis.look_at(object),
        "Snapshot" if text(object, "/apiVersion").starts_with("kscale.dev/") => {
            seen.apis.discovered(object);
            for gone in snapshot::absent(facts, object) {
                seen.knative_deployments |= gone == "autoscaler-hpa";
            }
            facts.unread.extend(snapshot::unread(object));
            facts.set_kubernetes(object.get("serverVersion"));
        }
        "ServerVersion" => facts.set_kubernetes(object.get("version")),
        "CRDNames" => crd_names(seen, object),
        "ServingRuntime" | "ClusterServingRuntime" => {
            facts.runtimes.extend(Runtime::from_object(object));
        }
        // Objects of these kinds can only be there where Knative is.
        "KnativeServing" => {
            seen.knative_crd = true;
            facts.knative_operated = true;
        }
        "PodAutoscaler" | "Revision" => seen.knative_crd = true,
        "HorizontalPodAutoscaler" | "ScaledObject" => {
            facts.scalers.extend(Scaler::from_object(object));
        }
        _ => {}
    }
}

fn data(object: &Value) -> Data {
    let map = object.get("data").and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn config_map(facts: &mut Facts, seen: &mut Seen, object: &Value) {
    let name = text(object, "/metadata/name");
    let namespace = text(object, "/metadata/namespace");
    let provenance = Provenance::Known(format!("ConfigMap {namespace}/{name}"));
    match name {
        "inferenceservice-config" if !seen.kserve_namespace => {
            // The one of the usual namespace wins over copies elsewhere.
            seen.kserve_namespace = namespace == "kserve";
            facts.set_kserve_config(data(object), provenance);
        }
        "config-autoscaler" => facts.keep_config_autoscaler(Some(data(object)), provenance),
        _ => facts.keep_knative_config(name, data(object), provenance),
    }
}

fn deployment(facts: &mut Facts, seen: &mut Seen, object: &Value) {
    if let Some(release) = versions::kserve(object) {
        *facts = facts.clone().with_kserve(release);
    }
    if text(object, "/metadata/namespace") != "knative-serving" {
        return;
    }
    seen.knative_deployments = true;
    if text(object, "/metadata/name") == "autoscaler-hpa" {
        // A Deployment without a status was written by hand, and says only that it is there.
        let available = object
            .pointer("/status/availableReplicas")
            .and_then(Value::as_i64);
        let has_status = object.get("status").is_some();
        facts.hpa_extension_release = versions::of_labels(object);
        seen.hpa_extension = Some(!has_status || available.unwrap_or_default() > 0);
    }
}

fn crd(seen: &mut Seen, name: &str) {
    seen.crds = true;
    seen.knative_crd |= name == "services.serving.knative.dev";
    seen.keda_crd |= name == "scaledobjects.keda.sh";
}

/// The names and labels of all CRDs in one document, as recordings have them.
fn crd_names(seen: &mut Seen, object: &Value) {
    let items = object.get("items").and_then(Value::as_array);
    for item in items.into_iter().flatten() {
        crd(seen, text(item, "/name"));
        let crd = json!({
            "kind": "CustomResourceDefinition",
            "metadata": {"name": item["name"], "labels": item["labels"]},
        });
        seen.knative.look_at(&crd);
    }
}

fn conclude(facts: &mut Facts, seen: &Seen) {
    // Only now is the release known that reads the ConfigMaps.
    if let Some(version) = seen.knative.version() {
        facts.knative = version;
        facts.knative_upgrade = seen.knative.upgrade();
    }
    facts.read_knative_configs();
    let crds = "CustomResourceDefinitions";
    if seen.crds || seen.knative_crd {
        facts.knative_installed = Fact::known(seen.knative_crd, crds);
    }
    if seen.crds {
        facts.keda_installed = Fact::known(Some(seen.keda_crd), crds);
    }
    if seen.knative_deployments {
        let runs = seen.hpa_extension.unwrap_or_default();
        facts.hpa_extension = Fact::known(Some(runs), "Deployments of namespace knative-serving");
    }
    seen.apis.conclude(facts);
}
