//! What is created for a component, as far as autoscaling goes.

use serde_json::{Value, json};

use crate::knative::KnativeVersion;
use crate::kserve::{ComponentOutcome, ComponentResult, KnativeService, Prediction};

/// The objects of a component and of its canaries, outermost first, as this release of Knative and KServe make them.
pub(super) fn objects(component: &ComponentOutcome, knative: KnativeVersion) -> Vec<Value> {
    let canaries = component.canaries.iter();
    let mut objects: Vec<Value> = canaries
        .flat_map(|canary| objects(canary, knative))
        .collect();
    objects.extend(scaled(&component.name, &component.result, knative));
    objects
}

/// The objects that scale what is called `name`, outermost first.
pub(super) fn scaled(name: &str, result: &ComponentResult, knative: KnativeVersion) -> Vec<Value> {
    let mut objects = Vec::new();
    match result {
        ComponentResult::Nothing => {}
        ComponentResult::Knative(outcome) => {
            objects.push(service(&outcome.service));
            if let Some(pa) = &outcome.pod_autoscaler {
                objects.push(json!({
                    "kind": "PodAutoscaler",
                    "apiVersion": "autoscaling.internal.knative.dev/v1alpha1",
                    "name": format!("{}-00001", outcome.service.name),
                    "class": pa.class,
                    "metric": pa.metric,
                }));
            }
            if let Some(hpa) = &outcome.hpa {
                let name = format!("{}-00001", outcome.service.name);
                objects.push(hpa_object(
                    knative.hpa_api_version(),
                    &name,
                    json!(hpa.kept),
                ));
            }
        }
        ComponentResult::Standard(outcome) => {
            let mut deployment = json!({
                "kind": "Deployment",
                "apiVersion": "apps/v1",
                "name": name,
            });
            if let Some(replicas) = outcome.replicas {
                deployment["replicas"] = json!(replicas);
            }
            objects.push(deployment);
            if let Some(hpa) = &outcome.hpa {
                objects.push(hpa_object("autoscaling/v2", name, json!(hpa.kept)));
            }
            if let Some(spec) = &outcome.scaled_object {
                objects.push(json!({
                    "kind": "ScaledObject",
                    "apiVersion": "keda.sh/v1alpha1",
                    "name": name,
                    "spec": spec,
                }));
            }
        }
    }
    objects
}

/// The API server's words about an object it refuses: all errors in one text. None where there is no error.
pub(super) fn invalid<'a>(
    group_kind: &str,
    name: &str,
    errors: impl Iterator<Item = &'a str>,
) -> Option<String> {
    let texts: Vec<&str> = errors.collect();
    let list = match texts.as_slice() {
        [] => return None,
        [one] => (*one).to_owned(),
        many => format!("[{}]", many.join(", ")),
    };
    Some(format!("{group_kind} \"{name}\" is invalid: {list}"))
}

fn hpa_object(api_version: &str, name: &str, mut spec: Value) -> Value {
    if api_version == "autoscaling/v2beta1" {
        to_v2beta1(&mut spec);
    }
    json!({
        "kind": "HorizontalPodAutoscaler",
        "apiVersion": api_version,
        "name": name,
        "spec": spec,
    })
}

/// Writes the metrics of a spec in the fields of `autoscaling/v2beta1`, as far as Knative set any there: cpu and memory. That
/// version had no `behavior`. Source: k8s.io/api 0.22, autoscaling/v2beta1/types.go.
fn to_v2beta1(spec: &mut Value) {
    let metrics = spec.get_mut("metrics").and_then(Value::as_array_mut);
    for resource in metrics
        .into_iter()
        .flatten()
        .filter_map(|metric| metric.get_mut("resource")?.as_object_mut())
    {
        let Some(mut target) = resource.remove("target") else {
            continue;
        };
        for (newer, older) in [
            ("averageUtilization", "targetAverageUtilization"),
            ("averageValue", "targetAverageValue"),
        ] {
            if let Some(value) = target.get_mut(newer) {
                resource.insert(older.to_owned(), value.take());
            }
        }
    }
}

fn service(service: &KnativeService) -> Value {
    let traffic: Vec<Value> = service
        .traffic
        .iter()
        .map(|target| {
            let mut entry =
                json!({"latestRevision": target.revision.is_none(), "percent": target.percent});
            if let Some(revision) = &target.revision {
                entry["revisionName"] = json!(revision);
            }
            if let Some(tag) = target.tag {
                entry["tag"] = json!(tag);
            }
            entry
        })
        .collect();
    let mut value = json!({
        "kind": "Service",
        "apiVersion": "serving.knative.dev/v1",
        "name": service.name,
        "templateAnnotations": service.template_annotations,
    });
    if !traffic.is_empty() {
        value["traffic"] = json!(traffic);
    }
    if !service.annotations.is_empty() {
        value["annotations"] = json!(service.annotations);
    }
    if let Some(limit) = service.container_concurrency {
        value["containerConcurrency"] = json!(limit);
    }
    if let Some(seconds) = service.timeout_seconds {
        value["timeoutSeconds"] = json!(seconds);
    }
    value
}

/// The API server's words about the schema, as kubectl prints them.
pub(crate) fn schema_refusal(prediction: &Prediction<'_>) -> Option<String> {
    let errors = &prediction.schema_errors;
    invalid(
        "InferenceService.serving.kserve.io",
        prediction.service.name,
        errors.iter().map(|error| error.text.as_str()),
    )
}
