//! See [`KS101`].

use serde_json::json;

use super::case::{Case, Inert};
use super::findings::{Advice, remove};
use super::rule::{Check, rule};
use crate::knative::annotations::{CLASS, HPA_CLASS, METRIC};

rule! {
    /// ## What it does
    ///
    /// Finds the annotation `serving.kserve.io/autoscalerClass` on a workload in Knative mode.
    ///
    /// ## Why it matters
    ///
    /// It chooses the autoscaler in Standard mode only. In Knative mode nothing reads it, and Knative's own autoscaler
    /// scales the workload on concurrency, whatever class is written. A `scaleTarget` that was meant as a percentage of
    /// CPU then counts requests at the same time. KServe checks that the value is one of hpa, keda, external and none
    /// in every mode, which makes it look as if it counted.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/autoscalerClass: hpa
    /// spec:
    ///   predictor:
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
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/autoscalerClass: hpa
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
    /// Needs review for `hpa`: the annotation becomes Knative's, and an HPA scales the workload from then on. Only
    /// where nothing else is set that the HPA class would refuse. The other classes have no counterpart in Knative
    /// mode, and no fix.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/reconcilers/autoscaler/autoscaler_reconciler.go`, which only Standard mode calls
    /// - kserve/kserve 0.20, `pkg/controller/v1alpha1/utils/utils.go`, `SetAutoScalingAnnotations`
    KS101: "autoscaler-class-in-knative-mode", Error, "serving.kserve.io/autoscalerClass in Knative mode, where nothing reads it",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    // Both dialects at once are another rule's.
    if inert.scaled.annotation(CLASS.canonical).is_some() {
        return None;
    }
    let advice = match inert.setting.value.as_str() {
        Some("hpa") => {
            let help = format!(
                "set {} to {HPA_CLASS} instead, or serving.kserve.io/deploymentMode to Standard",
                CLASS.canonical
            );
            let advice = Advice::help(help);
            if fits_hpa_class(inert.case) {
                advice.review(patch(inert))
            } else {
                advice
            }
        }
        _ => Advice::help("set serving.kserve.io/deploymentMode to Standard, or remove it"),
    };
    Some(advice)
}

/// Whether KServe's webhook would take the object with the HPA class: it then wants cpu or memory, and a percentage, of each
/// component.
pub(super) fn fits_hpa_class(case: &Case<'_>) -> bool {
    case.scaled.iter().all(|scaled| {
        let Some(extension) = scaled.extension else {
            return true;
        };
        let metric = matches!(extension.scale_metric, None | Some("cpu" | "memory"));
        let target = extension
            .scale_target
            .is_none_or(|target| (1..=100).contains(&target));
        let plain = extension.auto_scaling.is_none() && scaled.knative_annotation(METRIC).is_none();
        metric && target && plain
    })
}

/// The webhook reads Knative's class from the object alone, so that is where it goes; the old annotation goes in the same step.
fn patch(inert: &Inert<'_>) -> Vec<serde_json::Value> {
    let object = inert.case.object.pointer("/metadata/annotations");
    let add = match object {
        Some(_) => {
            json!({"op": "add", "path": "/metadata/annotations/autoscaling.knative.dev~1class", "value": HPA_CLASS})
        }
        None => {
            json!({"op": "add", "path": "/metadata/annotations", "value": {CLASS.canonical: HPA_CLASS}})
        }
    };
    vec![add, remove(&inert.setting.pointer)]
}
