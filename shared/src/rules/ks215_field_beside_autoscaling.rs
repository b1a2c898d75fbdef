//! See [`KS215`].

use serde_json::json;

use super::case::{Inert, Scaled};
use super::findings::{Advice, remove};
use super::rule::{Check, rule};
use crate::explain::Unit;
use crate::manifest::AutoScaling;

rule! {
    /// ## What it does
    ///
    /// Finds `scaleMetric` and `scaleTarget` beside `autoScaling` in Standard mode, unless both say the same.
    ///
    /// ## Why it matters
    ///
    /// KServe looks at the two fields only where `autoScaling` is absent. An empty `autoScaling: {}` is enough to make
    /// them ineffective: the HPA then has no metric, and the API server gives it cpu at 80 %.
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
    ///     scaleTarget: 50
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
    /// Safe where the field is removed. Needs review where `autoScaling` is empty: it is removed, and the fields count
    /// again.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `reconcilers/hpa/hpa_reconciler.go`
    KS215: "field-beside-autoscaling", Warning, "scaleMetric or scaleTarget beside autoScaling",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let scaled = inert.scaled;
    let scaling = scaled.extension?.auto_scaling.as_ref()?;
    if says_the_same(scaled, scaling) {
        return None;
    }
    if scaling.metrics.is_empty() && would_count(scaled) {
        let patch = vec![remove(&scaled.at("autoScaling"))];
        return Some(Advice::help("remove autoScaling, which names no metric").review(patch));
    }
    let advice = Advice::help("say it under autoScaling, or remove it");
    Some(advice.safe(vec![remove(&inert.setting.pointer)]))
}

/// Whether the two fields would make a working HPA without autoScaling.
fn would_count(scaled: &Scaled<'_>) -> bool {
    let Some(extension) = scaled.extension else {
        return false;
    };
    let fits = |target: i64| (1..=100).contains(&target);
    match extension.scale_metric.unwrap_or("cpu") {
        "cpu" => extension.scale_target.is_none_or(fits),
        "memory" => extension.scale_target.is_some_and(fits),
        _ => false,
    }
}

/// Whether the two fields ask for what the HPA does anyway.
fn says_the_same(scaled: &Scaled<'_>, scaling: &AutoScaling<'_>) -> bool {
    let (Some(extension), Some(target)) = (scaled.extension, &scaled.explained.target) else {
        return false;
    };
    let metric = extension.scale_metric.unwrap_or("cpu");
    let percent = extension.scale_target.map(|target| json!(target));
    scaling.metrics.len() <= 1
        && scaled.explained.metric.as_deref() == Some(metric)
        && target.unit == Unit::PercentOfRequest
        && percent.is_none_or(|percent| percent == target.value)
}
