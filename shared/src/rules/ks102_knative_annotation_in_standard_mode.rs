//! See [`KS102`].

use super::case::{Case, Inert, Workload};
use super::findings::{Advice, remove};
use super::rule::{Check, rule};
use crate::explain::Severity;
use crate::kserve::Behaviour;
use crate::kserve::annotations::{AUTOSCALER_CLASS, DEPLOYMENT_MODE};

rule! {
    /// ## What it does
    ///
    /// Finds `autoscaling.knative.dev` annotations on a workload in Standard mode.
    ///
    /// ## Why it matters
    ///
    /// Only Knative reads them, and in Standard mode there is no Knative Service. The workload is scaled by the class
    /// that `serving.kserve.io/autoscalerClass` names, or by an HPA where it names none, between the bounds of
    /// `minReplicas` and `maxReplicas`.
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///     autoscaling.knative.dev/target: "75"
    /// spec:
    ///   predictor:
    ///     maxReplicas: 3
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
    /// Safe: removing what nothing reads leaves what scales the workload as it is.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/reconcilers/raw/raw_kube_reconciler.go`
    KS102: "knative-annotation-in-standard-mode", Error, "an autoscaling.knative.dev annotation in Standard mode, where nothing reads it",
    Check::Inert(advise)
}

/// What each annotation is in Standard mode.
const FIELDS: [(&str, &str); 7] = [
    (
        "class",
        "serving.kserve.io/autoscalerClass chooses the autoscaler in Standard mode",
    ),
    ("metric", "use the field scaleMetric"),
    ("target", "use the field scaleTarget"),
    ("min-scale", "use the field minReplicas"),
    ("minScale", "use the field minReplicas"),
    ("max-scale", "use the field maxReplicas"),
    ("maxScale", "use the field maxReplicas"),
];

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let pointer = &inert.setting.pointer;
    let name = pointer.rsplit("~1").next().unwrap_or_default();
    let field = FIELDS.iter().find(|(known, _)| *known == name);
    // Both dialects at once are another rule's.
    if name == "class" && inert.scaled.annotation(AUTOSCALER_CLASS).is_some() {
        return None;
    }
    let advice = match field {
        Some((_, help)) => Advice::help(*help),
        None => {
            Advice::help("remove it: Standard mode has nothing like it").severity(Severity::Warning)
        }
    };
    // Where KServe's webhook takes the object for one of Knative mode, the class decides what it refuses.
    if name == "class" && !is_judged_as_standard(inert.case) {
        return Some(advice);
    }
    Some(advice.safe(vec![remove(pointer)]))
}

/// Whether KServe's webhook judges it by the rules of Standard mode. It reads the annotation alone.
fn is_judged_as_standard(case: &Case<'_>) -> bool {
    let Workload::InferenceService(prediction) = case.workload else {
        return true;
    };
    let word = prediction
        .defaulted
        .annotations
        .get(DEPLOYMENT_MODE)
        .map(String::as_str);
    let old_name = case.facts.release().has(Behaviour::OldNameJudgedAsKnative);
    match word {
        Some("Standard") => true,
        Some("RawDeployment") => !old_name,
        _ => false,
    }
}
