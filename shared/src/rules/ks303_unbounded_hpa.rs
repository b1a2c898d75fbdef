//! See [`KS303`].

use super::case::{Case, Scaled, Workload};
use super::findings::{Advice, Findings, Report, add, annotate};
use super::ks301_max_unset_never_scales::room;
use super::rule::{Check, rule};
use crate::knative::annotations::{CLASS, MAX_SCALE};
use crate::kserve::graph::since;

rule! {
    /// ## What it does
    ///
    /// Finds workloads of Knative's HPA class without an upper bound.
    ///
    /// ## Why it matters
    ///
    /// Without `maxReplicas` and without `max-scale` in config-autoscaler, Knative makes an HPA of 2147483647 pods at
    /// most. An HPA has nothing else that holds it back: a leaking model, a runaway query, or a target that was meant
    /// in another unit takes the cluster's whole capacity. Knative's own autoscaler is bounded by the requests that are
    /// there, so it is not reported.
    ///
    /// ## Example
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
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
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
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   max-scale: "10"
    /// ---
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
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: the number is an invention. It leaves room for twice the `minReplicas`, and for 3 at least. A
    /// graph gets an annotation where the release does not look at its fields.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/resources/hpa.go`
    KS303: "unbounded-hpa", Warning, "no upper bound under the HPA class",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Some(pod_autoscaler) = scaled.pod_autoscaler.filter(|_| scaled.is_knative_hpa()) else {
        return;
    };
    // Whoever writes 0 as the upper bound says that there is none.
    let says_none = scaled
        .template
        .and_then(|template| MAX_SCALE.value(template))
        .is_some();
    if pod_autoscaler.bounds.max != 0 || says_none {
        return;
    }
    let room = room(pod_autoscaler.bounds.min.into());
    let (name, patch) = match annotations(case, scaled) {
        None => ("maxReplicas", vec![add(&scaled.at("maxReplicas"), room)]),
        Some(map) => (
            MAX_SCALE.canonical,
            annotate(case.object, &map, MAX_SCALE.canonical, room.to_string()),
        ),
    };
    let message = format!(
        "the HPA may make up to {} pods: no {name} bounds it, and the cluster has no max-scale",
        i32::MAX
    );
    let advice = Advice::help(format!("write {name}, such as {room}")).review(patch);
    // A class on the object is that of several components, each with a bound of its own.
    let at = scaled
        .annotation(CLASS.canonical)
        .map(|(pointer, _)| pointer);
    let at = at.filter(|pointer| pointer.starts_with(scaled.pointer));
    findings
        .push(Report::at(at.unwrap_or_else(|| scaled.pointer.to_owned()), message).advice(advice));
}

/// The map of annotations that the bound goes into, where no field counts.
fn annotations(case: &Case<'_>, scaled: &Scaled<'_>) -> Option<String> {
    if scaled.extension.is_none() {
        return Some(scaled.at("metadata/annotations"));
    }
    let is_graph = matches!(case.workload, Workload::InferenceGraph(_));
    let only_annotations = is_graph && !since::stamps_fields(case.facts.release());
    only_annotations.then(|| "/metadata/annotations".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::{Facts, Provenance};
    use crate::rules::judge;

    fn service(annotations: &Value) -> Value {
        json!({
            "apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "iris", "namespace": "default"},
            "spec": {"template": {
                "metadata": {"annotations": annotations},
                "spec": {"containers": [{"image": "iris", "resources": {"requests": {"cpu": "1"}}}]},
            }},
        })
    }

    fn fixes(object: &Value, facts: &Facts) -> Vec<Vec<Value>> {
        let findings = judge(object, None, facts).unwrap_or_default();
        let of_it = findings.into_iter().filter(|one| one.code == "KS303");
        of_it
            .filter_map(|one| one.fix)
            .map(|fix| fix.patch)
            .collect()
    }

    #[test]
    fn the_class_of_the_cluster_counts_for_a_knative_service() {
        let mut facts = Facts::shipped();
        let data = [(
            "pod-autoscaler-class".to_owned(),
            "hpa.autoscaling.knative.dev".to_owned(),
        )];
        facts.set_config_autoscaler(Some(data.into()), Provenance::Known("a test".to_owned()));
        let mut bare = service(&json!({}));
        bare["spec"]["template"]["metadata"] = Value::Null;
        assert_eq!(
            fixes(&bare, &facts),
            [[json!({
                "op": "add", "path": "/spec/template/metadata",
                "value": {"annotations": {"autoscaling.knative.dev/max-scale": "3"}},
            })]]
        );
    }

    #[test]
    fn zero_in_words_is_meant() {
        let class = "hpa.autoscaling.knative.dev";
        let written = json!({"autoscaling.knative.dev/class": class, "autoscaling.knative.dev/max-scale": "0"});
        assert!(fixes(&service(&written), &Facts::shipped()).is_empty());
        let bare = json!({"autoscaling.knative.dev/class": class});
        assert_eq!(fixes(&service(&bare), &Facts::shipped()).len(), 1);
    }
}
