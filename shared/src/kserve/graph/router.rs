//! The router: the one container that a graph runs in, and the ConfigMap key it is configured by.
//! Source: kserve/kserve 0.20, `pkg/controller/v1alpha1/inferencegraph/controller.go` `getRouterConfigs`,
//! `knative_reconciler.go` `createKnativeService` and `constructResourceRequirements`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::since;
use crate::go;
use crate::kserve::{Failure, RefusedBy, Release};
use crate::kubernetes::Quantity;
use crate::kubernetes::pod::{ContainerRequests, container_requests};
use crate::manifest::InferenceGraph;

/// The key `router` of `inferenceservice-config`, as far as it bears on admission and scaling. Absent texts are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterConfig {
    /// `image`
    pub image: String,
    /// `cpuRequest`
    pub cpu_request: String,
    /// `memoryRequest`
    pub memory_request: String,
    /// `cpuLimit`
    pub cpu_limit: String,
    /// `memoryLimit`
    pub memory_limit: String,
}

impl RouterConfig {
    /// As every release since 0.11 ships it.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            image: "kserve/router:latest".to_owned(),
            cpu_request: "100m".to_owned(),
            memory_request: "100Mi".to_owned(),
            cpu_limit: "1".to_owned(),
            memory_limit: "1Gi".to_owned(),
        }
    }

    /// Reads the whole `data` of `inferenceservice-config`. All four amounts must be there, whether a graph needs them or not.
    ///
    /// # Errors
    /// The controller's error, which stops every graph: an amount is no quantity, or the JSON cannot be read, which
    /// crashes the controller.
    pub fn read(data: &BTreeMap<String, String>) -> Result<Self, Failure> {
        let fields = match data.get("router") {
            Some(text) => parse(text)?,
            None => Map::new(),
        };
        let config = Self {
            image: text(&fields, "image")?,
            cpu_request: text(&fields, "cpuRequest")?,
            memory_request: text(&fields, "memoryRequest")?,
            cpu_limit: text(&fields, "cpuLimit")?,
            memory_limit: text(&fields, "memoryLimit")?,
        };
        let amounts = [
            &config.memory_request,
            &config.memory_limit,
            &config.cpu_request,
            &config.cpu_limit,
        ];
        for amount in amounts {
            if let Err(error) = Quantity::parse(amount) {
                let quoted = go::quote(&error.to_string());
                let text = format!("Failed to parse resource configuration for router: {quoted}");
                return Err(Failure::new(RefusedBy::Kserve, "", &text));
            }
        }
        Ok(config)
    }
}

fn parse(text: &str) -> Result<Map<String, Value>, Failure> {
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => Err(crash("the value is no object")),
        Err(error) => Err(crash(&error.to_string())),
    }
}

/// The reason is the JSON library's own and so differs from Go's.
fn crash(reason: &str) -> Failure {
    let text = format!("panic: Unable to unmarshall agent json string due to {reason} [recovered]");
    Failure::new(RefusedBy::Crash, "", &text)
}

/// Go matches the keys of a ConfigMap's JSON without regard to case.
fn text(fields: &Map<String, Value>, name: &str) -> Result<String, Failure> {
    let other = || {
        fields
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    };
    match fields.get(name).or_else(other) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(crash(&format!("{name} is no string"))),
    }
}

/// The router's `resources`: the graph's own as they are, else the ConfigMap's. They are never mixed: a graph that sets
/// only a limit has no request but what the API server makes of that limit.
#[must_use]
pub fn resources(graph: &InferenceGraph<'_>, config: &RouterConfig) -> Value {
    match graph.resources.filter(|_| own_resources(graph)) {
        Some(map) => {
            let kept = ["limits", "requests"].into_iter();
            kept.filter_map(|key| {
                Some((key, map.get(key).filter(|value| !value.is_null())?.clone()))
            })
            .map(|(key, value)| (key.to_owned(), value))
            .collect::<Map<String, Value>>()
            .into()
        }
        None => json!({
            "limits": {"cpu": config.cpu_limit, "memory": config.memory_limit},
            "requests": {"cpu": config.cpu_request, "memory": config.memory_request},
        }),
    }
}

/// Whether a graph sets resources of its own.
#[must_use]
pub fn own_resources(graph: &InferenceGraph<'_>) -> bool {
    let set = |map: &Map<String, Value>| map.values().any(|value| !value.is_null());
    graph.resources.is_some_and(set)
}

/// What the router's container requests. In Standard mode it is called as the graph.
#[must_use]
pub fn container(graph: &InferenceGraph<'_>, config: &RouterConfig) -> ContainerRequests {
    container_requests(&json!({"name": graph.name, "resources": resources(graph, config)}))
}

/// The pod of the Knative Service. `nodeName` is sent too, but the API server prunes it: the Service's CRD does not know it.
pub(super) fn knative_pod(
    graph: &InferenceGraph<'_>,
    config: &RouterConfig,
    release: Release,
) -> Value {
    let mut pod = json!({
        "containers": [{"image": config.image, "resources": resources(graph, config)}],
        "automountServiceAccountToken": false,
    });
    let mut fields = vec!["affinity"];
    if since::pod_fields(release) {
        fields.extend(["tolerations", "nodeSelector", "serviceAccountName"]);
    }
    for field in fields {
        let written = graph.spec.and_then(|spec| spec.get(field));
        // Go leaves empty lists and maps out of what it sends; the affinity is a pointer and stays.
        if let Some(value) = written.filter(|value| field == "affinity" || !is_empty(value)) {
            pod[field] = value.clone();
        }
    }
    pod
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(router: &str) -> Result<RouterConfig, Failure> {
        RouterConfig::read(&BTreeMap::from([("router".to_owned(), router.to_owned())]))
    }

    #[test]
    fn all_four_amounts_are_needed() {
        let error = read(r#"{"memoryRequest": "1Gi", "memoryLimit": "1Gi", "cpuRequest": "x1"}"#)
            .unwrap_err();
        assert!(
            error.text.starts_with(
                "Failed to parse resource configuration for router: \"quantities must"
            )
        );
        assert!(RouterConfig::read(&BTreeMap::new()).is_err());
        let whole =
            r#"{"MemoryRequest": "1Gi", "memoryLimit": "1Gi", "cpuRequest": "1", "cpuLimit": "2"}"#;
        assert_eq!(read(whole).unwrap().memory_request, "1Gi");
    }

    #[test]
    fn a_router_of_another_type_crashes_the_controller() {
        for broken in ["{", "[]", r#"{"cpuLimit": 1}"#] {
            assert_eq!(read(broken).unwrap_err().by, RefusedBy::Crash, "{broken}");
        }
    }

    #[test]
    fn own_resources_replace_the_defaults_as_a_whole() {
        let value = json!({"metadata": {"name": "g"}, "spec": {"resources": {"limits": {"memory": "2Gi"}}}});
        let graph = InferenceGraph::decode(&value, Release::MAIN).unwrap();
        let container = container(&graph, &RouterConfig::shipped());
        assert!(container.cpu.is_none());
        assert_eq!(container.memory.unwrap().amount.to_string(), "2Gi");
    }
}
