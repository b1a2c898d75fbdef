//! The containers of a component's pod, and what they request.
//! Source: kserve/kserve 0.20, `components/predictor.go` `buildPodSpec`, `inferenceservice/utils/utils.go`
//! `MergeRuntimeContainers`, and the defaulters of custom containers in `pkg/apis/serving/v1beta1`.

use serde_json::{Map, Value, json};

use super::config::ResourceDefaults;
use crate::facts::{Facts, RuntimeChoice};
use crate::kubernetes::pod::{ContainerRequests, container_requests};
use crate::manifest::{Component, ComponentKind};

/// The name of the container that serves the model.
pub const MODEL_CONTAINER: &str = "kserve-container";
const TRANSFORMER_CONTAINER: &str = "transformer-container";

/// The containers of a component's pod with their requests, before any webhook adds its own. `runtime` are the containers of
/// the chosen ServingRuntime; unknown runtimes are taken to request what all built-in ones request, 1 cpu and 2Gi.
#[must_use]
pub fn component_containers(
    component: &Component<'_>,
    runtime: Option<&[Value]>,
    defaults: &ResourceDefaults,
) -> Vec<ContainerRequests> {
    let containers = written_containers(component, runtime, defaults);
    containers.iter().map(container_requests).collect()
}

/// The same containers with all of their `resources`, as far as they are known.
fn written_containers(
    component: &Component<'_>,
    runtime: Option<&[Value]>,
    defaults: &ResourceDefaults,
) -> Vec<Value> {
    let own = component.fields.get("containers").and_then(Value::as_array);
    let own: &[Value] = own.map(Vec::as_slice).unwrap_or_default();
    let model = match component.kind {
        ComponentKind::Predictor => component.model.map(|model| model.fields),
        ComponentKind::Transformer => None,
        ComponentKind::Explainer => component.fields.get("art").and_then(Value::as_object),
    };
    match model {
        Some(model) if component.kind == ComponentKind::Predictor => {
            with_runtime(model, own, runtime)
        }
        Some(art) => vec![defaulted(
            &Value::Object(art.clone()),
            defaults,
            MODEL_CONTAINER,
        )],
        None => {
            let mut all = own.to_vec();
            if let (Some(slot), Some(first)) = (all.first_mut(), own.first()) {
                *slot = defaulted(first, defaults, MODEL_CONTAINER);
            }
            all
        }
    }
}

/// The containers of a component's pod under these facts, and whether the runtime's part of them is assumed.
#[must_use]
pub fn containers_of(
    component: &Component<'_>,
    namespace: &str,
    facts: &Facts,
) -> (Vec<ContainerRequests>, bool) {
    let (containers, assumed) = whole_containers_of(component, namespace, facts);
    (containers.iter().map(container_requests).collect(), assumed)
}

/// The same containers with all of their `resources`, as far as they are known.
pub(crate) fn whole_containers_of(
    component: &Component<'_>,
    namespace: &str,
    facts: &Facts,
) -> (Vec<Value>, bool) {
    let multi_node = component.is_multi_node(facts.release());
    let model = match component.kind {
        ComponentKind::Predictor => component.model,
        _ => None,
    };
    let choice = model.map(|model| facts.runtime_of(&model, namespace, multi_node));
    let runtime = match choice {
        Some(RuntimeChoice::Known(runtime)) => Some(runtime.containers.as_slice()),
        _ => None,
    };
    let containers = written_containers(component, runtime, &facts.kserve_config.value.resources);
    (containers, choice == Some(RuntimeChoice::Unknown))
}

fn name(container: &Value) -> &str {
    container
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn with_runtime(
    model: &Map<String, Value>,
    own: &[Value],
    runtime: Option<&[Value]>,
) -> Vec<Value> {
    let assumed = [json!({
        "name": MODEL_CONTAINER,
        "resources": {"requests": {"cpu": "1", "memory": "2Gi"}},
    })];
    let runtime = runtime.unwrap_or(&assumed);
    let find = |list: &[Value], wanted: &str| list.iter().find(|one| name(one) == wanted).cloned();
    let mut base =
        find(runtime, MODEL_CONTAINER).unwrap_or_else(|| json!({"name": MODEL_CONTAINER}));
    merge_resources(&mut base, model.get("resources"));
    let mut all = vec![base];
    let collocated = match (
        find(runtime, TRANSFORMER_CONTAINER),
        find(own, TRANSFORMER_CONTAINER),
    ) {
        (Some(mut theirs), Some(ours)) => {
            merge_resources(&mut theirs, ours.get("resources"));
            Some(theirs)
        }
        (theirs, ours) => theirs.or(ours),
    };
    all.extend(collocated);
    let others = |one: &&Value| !matches!(name(one), MODEL_CONTAINER | TRANSFORMER_CONTAINER);
    all.extend(runtime.iter().filter(others).cloned());
    let besides = |one: &&Value| name(one) != TRANSFORMER_CONTAINER;
    all.extend(own.iter().filter(besides).cloned());
    all
}

/// Requests and limits are merged by name; those of the InferenceService win.
fn merge_resources(base: &mut Value, over: Option<&Value>) {
    for list in ["requests", "limits"] {
        let Some(Value::Object(values)) = over.and_then(|over| over.get(list)) else {
            continue;
        };
        for (resource, amount) in values {
            base["resources"][list][resource.as_str()] = amount.clone();
        }
    }
}

/// A custom container with the ConfigMap's default requests and limits where it has none of its own.
fn defaulted(container: &Value, defaults: &ResourceDefaults, name: &str) -> Value {
    let mut filled = container.clone();
    if !filled.is_object() {
        filled = json!({});
    }
    filled["name"] = Value::from(name);
    for (list, resource, default) in [
        ("requests", "cpu", &defaults.cpu_request),
        ("requests", "memory", &defaults.memory_request),
        ("limits", "cpu", &defaults.cpu_limit),
        ("limits", "memory", &defaults.memory_limit),
    ] {
        let written = &filled["resources"][list][resource];
        if written.is_null() && !default.is_empty() {
            filled["resources"][list][resource] = Value::from(default.as_str());
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kserve::Release;
    use crate::manifest::InferenceService;

    fn requests(value: &Value, runtime: Option<&[Value]>) -> Vec<(String, Option<i64>)> {
        let service = InferenceService::decode(value, Release::NEWEST).unwrap();
        component_containers(&service.predictor, runtime, &ResourceDefaults::default())
            .iter()
            .map(|one| {
                let cpu = one.cpu.as_ref().map(|cpu| cpu.amount.milli_value());
                (one.name.clone(), cpu)
            })
            .collect()
    }

    #[test]
    fn pod_level_resources_do_not_reach_the_container() {
        let value = json!({"spec": {"predictor": {
            "model": {"modelFormat": {"name": "sklearn"}},
            "resources": {"requests": {"cpu": "100m"}},
        }}});
        assert_eq!(
            requests(&value, None),
            [(MODEL_CONTAINER.to_owned(), Some(1000))]
        );
    }

    #[test]
    fn the_model_s_own_resources_win_over_the_runtime_s() {
        let value = json!({"spec": {"predictor": {"model": {
            "modelFormat": {"name": "sklearn"}, "resources": {"requests": {"cpu": "100m"}},
        }}}});
        let runtime = [
            json!({"name": MODEL_CONTAINER, "resources": {"requests": {"cpu": "4"}}}),
            json!({"name": "side"}),
        ];
        let expected = [
            (MODEL_CONTAINER.to_owned(), Some(100)),
            ("side".to_owned(), None),
        ];
        assert_eq!(requests(&value, Some(&runtime)), expected);
    }

    #[test]
    fn custom_containers_get_the_defaults() {
        let value = json!({"spec": {"predictor": {"containers": [{"image": "x"}, {"name": "b"}]}}});
        let expected = [
            (MODEL_CONTAINER.to_owned(), Some(1000)),
            ("b".to_owned(), None),
        ];
        assert_eq!(requests(&value, None), expected);
    }
}
