//! See [`KS704`].

use serde_json::Value;

use super::case::{Case, Workload};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::facts::FactsSource;

rule! {
    /// ## What it does
    ///
    /// Finds manifests of Knative Services that belong to an InferenceService or an InferenceGraph.
    ///
    /// ## Why it matters
    ///
    /// KServe writes the whole `spec` of its Services on every reconcile. What is edited there, a class, a bound, a
    /// target, is gone at the next one, after a revision has been made of it. Such manifests come from an export of the
    /// cluster. Objects that are read from the cluster itself, or have the `uid` that it gave them, are left alone:
    /// they are what KServe wrote.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.knative.dev/v1
    /// kind: Service
    /// metadata:
    ///   name: iris
    ///   labels:
    ///     serving.kserve.io/inferenceservice: iris
    /// spec:
    ///   template:
    ///     metadata:
    ///       annotations:
    ///         autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///     spec:
    ///       containers:
    ///         - image: example.com/iris:1
    ///           resources:
    ///             requests:
    ///               cpu: 500m
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: the settings belong on the InferenceService, in its own words.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/reconcilers/knative/ksvc_reconciler.go`
    KS704: "service-owned-by-kserve", Warning, "a Knative Service that KServe overwrites",
    Check::Workload(check)
}

const LABEL: &str = "/metadata/labels/serving.kserve.io~1inferenceservice";

fn check(case: &Case<'_>, findings: &mut Findings<'_>) {
    let live =
        case.facts.source == FactsSource::Cluster || case.object.pointer("/metadata/uid").is_some();
    if !matches!(case.workload, Workload::KnativeService) || live {
        return;
    }
    let Some((pointer, owner)) = owner(case.object) else {
        return;
    };
    let message =
        format!("KServe makes this Service for the {owner} and overwrites what is written here");
    let help = format!("write it on the {owner} instead, and drop this manifest");
    findings.push(Report::at(pointer, message).advice(Advice::help(help)));
}

/// Where it stands whose it is, and whose.
fn owner(object: &Value) -> Option<(String, String)> {
    let text = |value: &Value, key: &str| {
        value
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let references = object
        .pointer("/metadata/ownerReferences")
        .and_then(Value::as_array);
    for (index, reference) in references.into_iter().flatten().enumerate() {
        if text(reference, "apiVersion").starts_with("serving.kserve.io/") {
            let whose = format!("{} {}", text(reference, "kind"), text(reference, "name"));
            return Some((format!("/metadata/ownerReferences/{index}"), whose));
        }
    }
    let name = object.pointer(LABEL)?.as_str()?;
    Some((LABEL.to_owned(), format!("InferenceService {name}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::facts::Facts;
    use crate::rules::judge;

    #[test]
    fn what_the_cluster_gave_is_what_kserve_wrote() {
        let mut object = json!({
            "apiVersion": "serving.knative.dev/v1", "kind": "Service",
            "metadata": {"name": "iris", "namespace": "default", "ownerReferences": [
                {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "name": "iris", "uid": "1"},
            ]},
            "spec": {"template": {"spec": {"containers": [{"image": "iris"}]}}},
        });
        let count = |object: &serde_json::Value| {
            let found = judge(object, None, &Facts::shipped()).unwrap_or_default();
            found.iter().filter(|one| one.code == "KS704").count()
        };
        assert_eq!(count(&object), 1);
        object["metadata"]["uid"] = json!("2");
        assert_eq!(count(&object), 0);
    }
}
