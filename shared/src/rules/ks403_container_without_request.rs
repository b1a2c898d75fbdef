//! See [`KS403`].

use serde_json::{Value, json};

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, add};
use super::rule::{Check, rule};
use crate::facts::Facts;
use crate::kserve::pod::MODEL_CONTAINER;
use crate::manifest::ComponentKind;

rule! {
    /// ## What it does
    ///
    /// Finds containers without a CPU request, or without a memory request, where an HPA scales on a percentage of it.
    ///
    /// ## Why it matters
    ///
    /// The percentage is of what all containers of a pod request together. One container without the request, such as a
    /// sidecar, and the HPA fails with `missing request for cpu` and leaves the number of pods alone. Model containers
    /// have requests from their runtime or from KServe's ConfigMap; containers beside them, and those of a plain
    /// Knative Service, have not. A LimitRange of the namespace may give them one.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
    ///     maxReplicas: 3
    ///     containers:
    ///       - name: sidecar
    ///         image: example.com/sidecar:1
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ```yaml
    /// apiVersion: serving.knative.dev/v1
    /// kind: Service
    /// metadata:
    ///   name: iris
    /// spec:
    ///   template:
    ///     metadata:
    ///       annotations:
    ///         autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///         autoscaling.knative.dev/target: "75"
    ///         autoscaling.knative.dev/max-scale: "3"
    ///     spec:
    ///       containers:
    ///         - image: example.com/iris:1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
    ///     maxReplicas: 3
    ///     containers:
    ///       - name: sidecar
    ///         image: example.com/sidecar:1
    ///         resources:
    ///           requests:
    ///             cpu: 100m
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ```yaml
    /// apiVersion: serving.knative.dev/v1
    /// kind: Service
    /// metadata:
    ///   name: iris
    /// spec:
    ///   template:
    ///     metadata:
    ///       annotations:
    ///         autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///         autoscaling.knative.dev/target: "75"
    ///         autoscaling.knative.dev/max-scale: "3"
    ///     spec:
    ///       containers:
    ///         - image: example.com/iris:1
    ///           resources:
    ///             requests:
    ///               cpu: 500m
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: the amount is an invention. There is no fix for containers that stand in a ServingRuntime.
    ///
    /// ## References
    ///
    /// - kubernetes/kubernetes 1.36, `pkg/controller/podautoscaler/replica_calculator.go`
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/component.go`, `setResourceRequirementDefaults`
    KS403: "container-without-request", Error, "a container without the request that a percentage needs",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    for resource in percentages(scaled) {
        if given_otherwise(scaled, case.facts, resource) {
            continue;
        }
        let (containers, _) = scaled.containers(case.facts);
        let own = containers
            .iter()
            .filter(|container| container.name != "queue-proxy");
        for (index, container) in own.enumerate() {
            let request = if resource == "cpu" {
                &container.cpu
            } else {
                &container.memory
            };
            if request.is_none() {
                let place = place(case, scaled, &container.name, index);
                findings.push(report(case, scaled, place, &container.name, resource));
            }
        }
    }
}

/// What an HPA that can scale takes percentages of.
pub(super) fn percentages<'a>(scaled: &Scaled<'a>) -> Vec<&'a str> {
    let Some(hpa) = scaled.hpa else {
        return Vec::new();
    };
    // Between one bound and the same bound nothing scales, whatever the HPA works out.
    let scales = hpa.kept.max_replicas > hpa.kept.min_replicas.unwrap_or(1);
    let metrics = hpa
        .kept
        .metrics
        .iter()
        .filter_map(|metric| metric.resource.as_ref());
    metrics
        .filter(|resource| {
            scales && hpa.errors.is_empty() && resource.target.average_utilization.is_some()
        })
        .map(|resource| resource.name.as_str())
        // What no pod can request, such as concurrency until 0.14, is a mistake of another kind.
        .filter(|name| matches!(*name, "cpu" | "memory"))
        .collect()
}

/// Whether the pod as a whole requests it, or the cluster gives it to every container.
fn given_otherwise(scaled: &Scaled<'_>, facts: &Facts, resource: &str) -> bool {
    if let (true, Ok(configs)) = (scaled.is_knative(), &facts.knative_configs) {
        let defaults = &configs.defaults;
        return match resource {
            "cpu" => {
                defaults.revision_cpu_request.is_some() || defaults.revision_cpu_limit.is_some()
            }
            _ => {
                defaults.revision_memory_request.is_some()
                    || defaults.revision_memory_limit.is_some()
            }
        };
    }
    let pod = scaled
        .component
        .and_then(|component| component.fields.get("resources"));
    let lists = ["requests", "limits"];
    lists
        .iter()
        .any(|list| pod.and_then(|pod| pod.get(list)?.get(resource)).is_some())
}

/// Where a container stands in the object; none where it comes from elsewhere.
pub(super) fn place(
    case: &Case<'_>,
    scaled: &Scaled<'_>,
    name: &str,
    index: usize,
) -> Option<String> {
    let Some(component) = scaled.component else {
        if scaled.extension.is_some() {
            return case
                .object
                .pointer("/spec/resources")
                .map(|_| scaled.pointer.to_owned());
        }
        return in_list(case, "/spec/template/spec/containers", name, index);
    };
    let model = match component.kind {
        ComponentKind::Predictor => component.model.map(|model| model.field),
        ComponentKind::Explainer if component.is_written("art") => Some("art"),
        ComponentKind::Transformer | ComponentKind::Explainer => None,
    };
    if let Some(field) = model.filter(|_| name == MODEL_CONTAINER) {
        return Some(scaled.at(field));
    }
    in_list(case, &scaled.at("containers"), name, index)
}

fn in_list(case: &Case<'_>, list: &str, name: &str, index: usize) -> Option<String> {
    let containers = case.object.pointer(list)?.as_array()?;
    let named = |one: &Value| one.get("name").and_then(Value::as_str) == Some(name);
    let at = containers
        .iter()
        .position(named)
        .or_else(|| (index < containers.len()).then_some(index))?;
    Some(format!("{list}/{at}"))
}

fn report(
    case: &Case<'_>,
    scaled: &Scaled<'_>,
    place: Option<String>,
    name: &str,
    resource: &str,
) -> Report {
    let who = if name.is_empty() {
        "a container".to_owned()
    } else {
        format!("the container {name}")
    };
    let message = format!(
        "{who} requests no {resource}, so the HPA cannot work out a percentage of {resource} and does not scale on it"
    );
    let help = format!("write resources.requests.{resource} on it");
    let Some(place) = place else {
        let help = format!("{help}, in its ServingRuntime");
        return Report::at(scaled.pointer, message).advice(Advice::help(help));
    };
    let amount = match (resource, name) {
        ("cpu", MODEL_CONTAINER) => "1",
        ("cpu", _) => "100m",
        (_, MODEL_CONTAINER) => "2Gi",
        _ => "128Mi",
    };
    let at = |path: &str| {
        case.object
            .pointer(&format!("{place}{path}"))
            .is_some_and(Value::is_object)
    };
    let patch = if at("/resources/requests") {
        add(&format!("{place}/resources/requests/{resource}"), amount)
    } else if at("/resources") {
        add(
            &format!("{place}/resources/requests"),
            json!({resource: amount}),
        )
    } else {
        add(
            &format!("{place}/resources"),
            json!({"requests": {resource: amount}}),
        )
    };
    Report::at(place, message).advice(Advice::help(help).review(vec![patch]))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::{Facts, Provenance};
    use crate::rules::judge;

    fn found(predictor: &Value) -> Vec<String> {
        let object = json!({
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": {
                "name": "iris", "namespace": "default",
                "annotations": {"serving.kserve.io/deploymentMode": "Standard"},
            },
            "spec": {"predictor": predictor},
        });
        of_it(&object, &Facts::shipped())
    }

    fn of_it(object: &Value, facts: &Facts) -> Vec<String> {
        let findings = judge(object, None, facts).unwrap_or_default();
        findings
            .into_iter()
            .filter(|one| one.code == "KS403")
            .map(|one| one.pointer)
            .collect()
    }

    #[test]
    fn kserve_gives_its_defaults_to_the_first_container_alone() {
        let containers = json!([{"name": "model", "image": "a"}, {"name": "side", "image": "b"}]);
        let scaled = json!({"scaleTarget": 50, "maxReplicas": 3, "containers": containers});
        assert_eq!(found(&scaled), ["/spec/predictor/containers/1"]);
        assert!(
            found(&json!({"containers": containers})).is_empty(),
            "one pod for ever needs no percentage"
        );
    }

    #[test]
    fn requests_of_the_pod_as_a_whole_are_enough() {
        let containers = json!([{"name": "model", "image": "a"}, {"name": "side", "image": "b"}]);
        let resources = json!({"requests": {"cpu": "2"}});
        let whole = json!({"scaleTarget": 50, "maxReplicas": 3, "containers": containers, "resources": resources});
        assert!(found(&whole).is_empty());
    }

    #[test]
    fn a_default_of_the_cluster_is_enough() {
        let object = json!({
            "apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "iris", "namespace": "default"},
            "spec": {"template": {
                "metadata": {"annotations": {
                    "autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev",
                    "autoscaling.knative.dev/target": "50",
                }},
                "spec": {"containers": [{"image": "iris"}]},
            }},
        });
        let mut facts = Facts::shipped();
        assert_eq!(of_it(&object, &facts), ["/spec/template/spec/containers/0"]);
        let data = [("revision-cpu-request".to_owned(), "400m".to_owned())];
        facts.set_knative_config(
            "config-defaults",
            &data.into(),
            Provenance::Known("a test".to_owned()),
        );
        assert!(of_it(&object, &facts).is_empty());
    }
}
