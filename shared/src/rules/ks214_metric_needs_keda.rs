//! See [`KS214`].

use serde_json::{Value, json};

use super::case::{Case, Inert, Scaled};
use super::findings::{Advice, add, replace};
use super::rule::{Check, rule};
use crate::kserve::annotations::AUTOSCALER_CLASS;
use crate::manifest::{Metric, child};

rule! {
    /// ## What it does
    ///
    /// Finds entries of type External or PodMetric under `autoScaling.metrics` in Standard mode where KServe makes a
    /// plain HPA.
    ///
    /// ## Why it matters
    ///
    /// KServe's HPA takes entries with a resource and passes over all others. Without the annotation
    /// `serving.kserve.io/autoscalerClass` nothing checks that, and where no entry is left, the HPA scales on cpu at 80
    /// %.
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
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     autoScaling:
    ///       metrics:
    ///         - type: External
    ///           external:
    ///             metric:
    ///               backend: prometheus
    ///               serverAddress: http://prometheus.monitoring:9090
    ///               query: sum(vllm:num_requests_waiting)
    ///             target:
    ///               type: Value
    ///               value: "10"
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
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/autoscalerClass: keda
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     autoScaling:
    ///       metrics:
    ///         - type: External
    ///           external:
    ///             metric:
    ///               backend: prometheus
    ///               serverAddress: http://prometheus.monitoring:9090
    ///               query: sum(vllm:num_requests_waiting)
    ///             target:
    ///               type: Value
    ///               value: "10"
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: the class becomes keda, which must be installed. On a live service the HPA of the class before has
    /// to go first, or KEDA refuses the ScaledObject. There is no fix where KServe or KEDA would refuse the result.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `reconcilers/hpa/hpa_reconciler.go`, `reconcilers/keda/keda_reconciler.go`
    KS214: "metric-needs-keda", Error, "an external or pod metric without the class keda",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let case = inert.case;
    let refusal = case.admission.kserve.as_deref().unwrap_or_default();
    if refusal.starts_with("invalid HPA metric source type") {
        return None;
    }
    if case.facts.keda_installed.value == Some(false) {
        return Some(Advice::help(format!(
            "install KEDA and set {AUTOSCALER_CLASS} to keda, or scale on cpu or memory"
        )));
    }
    let advice = Advice::help(format!(
        "set {AUTOSCALER_CLASS} to keda; KEDA must be installed"
    ));
    match patch(case, inert.scaled) {
        Some(patch) => Some(advice.review(patch)),
        None => Some(advice),
    }
}

fn patch(case: &Case<'_>, scaled: &Scaled<'_>) -> Option<Vec<Value>> {
    let extension = scaled.extension.filter(|one| one.scale_metric.is_none())?;
    let metrics = &extension.auto_scaling.as_ref()?.metrics;
    if !metrics.iter().all(is_taken_by_keda) {
        return None;
    }
    let class = json!("keda");
    if let Some((pointer, _)) = scaled.annotation(AUTOSCALER_CLASS) {
        return Some(vec![replace(&pointer, class)]);
    }
    let annotations = case.object.pointer("/metadata/annotations");
    Some(vec![if annotations.is_some_and(Value::is_object) {
        add(&child("/metadata/annotations", AUTOSCALER_CLASS), class)
    } else {
        add("/metadata/annotations", json!({AUTOSCALER_CLASS: class}))
    }])
}

/// Whether KServe accepts an entry for the class keda; entries with a resource are judged by their kind alone.
fn is_taken_by_keda(metric: &Metric<'_>) -> bool {
    let (query, target) = match (metric.kind, &metric.external, &metric.pod) {
        ("Resource", _, _) => {
            let target = metric.resource.as_ref().map(|resource| &resource.target);
            return target.is_some_and(|target| {
                target.kind == "Utilization"
                    && target
                        .average_utilization
                        .is_some_and(|percent| (1..=100).contains(&percent))
            });
        }
        ("External", Some(external), _) => (external.query, &external.target),
        ("PodMetric", _, Some(pod)) => (pod.query, &pod.target),
        _ => return false,
    };
    !query.is_empty() && target.kind == "Value" && target.value.is_some()
}
