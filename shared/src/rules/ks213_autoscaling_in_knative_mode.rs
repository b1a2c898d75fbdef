//! See [`KS213`].

use serde_json::Value;

use super::case::{Inert, Scaled};
use super::findings::{Advice, add, remove};
use super::rule::{Check, rule};
use crate::explain::Severity;
use crate::knative::annotations::{CLASS, HPA_CLASS};
use crate::manifest::AutoScaling;

rule! {
    /// ## What it does
    ///
    /// Finds `autoScaling` in Knative mode.
    ///
    /// ## Why it matters
    ///
    /// Only Standard mode reads it. In Knative mode KServe accepts it unchecked, and the component scales on
    /// `scaleMetric` and `scaleTarget` or, without them, on 100 requests at the same time. It is a warning where those
    /// are written.
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
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleMetric: cpu
    ///     scaleTarget: 60
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe where `scaleMetric` or `scaleTarget` decide and `autoScaling` is only removed. Needs review where a
    /// percentage of cpu becomes `scaleMetric` and `scaleTarget` under Knative's HPA class. There is no fix for
    /// anything else: Knative has nothing that corresponds.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1alpha1/utils/utils.go`, `reconcilers/knative/ksvc_reconciler.go`
    KS213: "autoscaling-in-knative-mode", Error, "autoScaling in Knative mode, where nothing reads it",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let scaled = inert.scaled;
    let scaling = scaled.extension?.auto_scaling.as_ref()?;
    if scaling.metrics.is_empty() && !scaling.has_behavior {
        return None;
    }
    if scaled.is_written("scaleMetric") || scaled.is_written("scaleTarget") {
        let patch = vec![remove(&inert.setting.pointer)];
        let advice = Advice::help("remove it; scaleMetric and scaleTarget decide");
        return Some(advice.severity(Severity::Warning).safe(patch));
    }
    let advice = Advice::help(format!(
        "write scaleMetric and scaleTarget: concurrency or rps, or cpu or memory with {} set to {HPA_CLASS}; \
        anything else \
         needs Standard mode and the class keda",
        CLASS.canonical
    ));
    match patch(scaled, scaling) {
        Some(patch) => Some(advice.review(patch)),
        None => Some(advice),
    }
}

/// A single percentage of CPU means the same to Knative's HPA class.
fn patch(scaled: &Scaled<'_>, scaling: &AutoScaling<'_>) -> Option<Vec<Value>> {
    let [metric] = scaling.metrics.as_slice() else {
        return None;
    };
    let resource = metric
        .resource
        .as_ref()
        .filter(|resource| resource.name == "cpu")?;
    let percent = resource.target.average_utilization;
    let percent =
        percent.filter(|percent| (1..=100).contains(percent) && scaled.is_knative_hpa())?;
    Some(vec![
        remove(&scaled.at("autoScaling")),
        add(&scaled.at("scaleMetric"), "cpu"),
        add(&scaled.at("scaleTarget"), percent),
    ])
}
