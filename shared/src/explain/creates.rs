//! What is created for a component, as far as autoscaling goes.

use serde_json::{Value, json};

use crate::kserve::{ComponentOutcome, ComponentResult, KnativeService};
use crate::kubernetes::HpaSpec;

/// The objects of a component and of its canaries, outermost first.
pub(super) fn objects(component: &ComponentOutcome) -> Vec<Value> {
    let mut objects: Vec<Value> = component.canaries.iter().flat_map(objects).collect();
    objects.extend(scaled(&component.name, &component.result));
    objects
}

/// The objects that scale what is called `name`, outermost first.
pub(super) fn scaled(name: &str, result: &ComponentResult) -> Vec<Value> {
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
                objects.push(hpa_object(&name, &hpa.kept));
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
                objects.push(hpa_object(name, &hpa.kept));
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

fn hpa_object(name: &str, spec: &HpaSpec) -> Value {
    json!({
        "kind": "HorizontalPodAutoscaler",
        "apiVersion": "autoscaling/v2",
        "name": name,
        "spec": spec,
    })
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
