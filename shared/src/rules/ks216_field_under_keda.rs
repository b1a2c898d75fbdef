//! See [`KS216`].

use serde_json::{Value, json};

use super::case::{Inert, Scaled};
use super::findings::{Advice, add, remove};
use super::rule::{Check, rule};
use crate::explain::Severity;

rule! {
    /// ## What it does
    ///
    /// Finds `scaleMetric` and `scaleTarget` under the class keda in Standard mode.
    ///
    /// ## Why it matters
    ///
    /// For this class KServe reads `autoScaling.metrics` only. Without any metric there the ScaledObject has no
    /// triggers, and KEDA refuses it, so nothing scales. It is a warning where there are metrics, and the field is
    /// merely left over.
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
    ///     serving.kserve.io/autoscalerClass: keda
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleTarget: 60
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
    ///         - type: Resource
    ///           resource:
    ///             name: cpu
    ///             target:
    ///               type: Utilization
    ///               averageUtilization: 60
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe where the field is left over and removed. Needs review where it becomes an entry of `autoScaling.metrics`,
    /// since KEDA then scales on it.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `reconcilers/keda/keda_reconciler.go`,
    ///   `pkg/apis/serving/v1beta1/inference_service_validation.go`
    KS216: "field-under-keda", Error, "scaleMetric or scaleTarget under the class keda",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let scaled = inert.scaled;
    let extension = scaled.extension?;
    let is_metric = inert.setting.pointer.ends_with("/scaleMetric");
    let refusal = inert.case.admission.kserve.as_deref().unwrap_or_default();
    if is_metric
        && refusal
            .to_lowercase()
            .contains("scalemetric is not supported for keda")
    {
        return None;
    }
    let scaling = extension.auto_scaling.as_ref();
    if scaling.is_some_and(|scaling| !scaling.metrics.is_empty()) {
        let advice = Advice::help("remove it; autoScaling.metrics decide");
        let patch = vec![remove(&inert.setting.pointer)];
        return Some(advice.severity(Severity::Warning).safe(patch));
    }
    let advice = Advice::help("write it as an entry of autoScaling.metrics");
    // Both fields become one entry, which one fix writes.
    let is_carrier = !is_metric || extension.scale_target.is_none();
    match patch(scaled).filter(|_| is_carrier && scaling.is_none()) {
        Some(patch) => Some(advice.review(patch)),
        None => Some(advice),
    }
}

fn patch(scaled: &Scaled<'_>) -> Option<Vec<Value>> {
    let extension = scaled.extension?;
    let name = extension.scale_metric.unwrap_or("cpu");
    let percent = extension.scale_target.unwrap_or(80);
    if !matches!(name, "cpu" | "memory") || !(1..=100).contains(&percent) {
        return None;
    }
    let fields = ["scaleMetric", "scaleTarget"];
    let written = fields.iter().filter(|field| scaled.is_written(field));
    let mut patch: Vec<Value> = written.map(|field| remove(&scaled.at(field))).collect();
    let target = json!({"type": "Utilization", "averageUtilization": percent});
    let resource = json!({"name": name, "target": target});
    let scaling = json!({"metrics": [{"type": "Resource", "resource": resource}]});
    patch.push(add(&scaled.at("autoScaling"), scaling));
    Some(patch)
}
