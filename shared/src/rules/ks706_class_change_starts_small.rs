//! See [`KS706`].

use super::case::{Change, text};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::explain::{Autoscaler, ComponentExplanation, explain};
use crate::knative::annotations::INITIAL_SCALE;
use crate::manifest::child;

rule! {
    /// ## What it does
    ///
    /// Finds a change between Knative's autoscaler and its HPA class that names no initial scale, where the object as
    /// it was before is known.
    ///
    /// ## Why it matters
    ///
    /// A change of class makes a new revision. It starts with the initial scale of the cluster, one pod, and takes all
    /// traffic as soon as that is ready, however many pods the old revision had. The new autoscaler then has to catch
    /// up under load.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 20
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 20
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
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 20
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///     autoscaling.knative.dev/initial-scale: "8"
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 20
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
    /// There is no fix: the right number is that of the pods that run when the change is made.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/revision/resources/deploy.go`
    KS706: "class-change-starts-small", Info, "a change of class whose new revision starts with few pods",
    Check::Change(check)
}

fn check(change: &Change<'_>, findings: &mut Findings<'_>) {
    let (Some(old), Some(new)) = (
        explain(change.old, change.facts),
        explain(change.new, change.facts),
    ) else {
        return;
    };
    for (before, after) in old.components.iter().zip(&new.components) {
        let both = before.name == after.name && of_knative(before) && of_knative(after);
        if !both || before.autoscaler == after.autoscaler {
            continue;
        }
        let parent = match text(change.new, "/kind") {
            "InferenceService" => format!("/spec/{}/annotations", after.name),
            "InferenceGraph" => "/metadata/annotations".to_owned(),
            _ => "/spec/template/metadata/annotations".to_owned(),
        };
        let has = |pointer: &str| change.new.pointer(pointer).is_some();
        let keys = [Some(INITIAL_SCALE.canonical), INITIAL_SCALE.alias];
        let mut keys = keys.into_iter().flatten();
        let written =
            keys.any(|key| has(&child(&parent, key)) || has(&child("/metadata/annotations", key)));
        // As many pods as it is ever to have are there from the start.
        let fixed = after.min_replicas.is_some() && after.min_replicas == after.max_replicas;
        if written || fixed {
            continue;
        }
        let pods = after.min_replicas.unwrap_or(1).max(1);
        let message = format!(
            "the change of class makes a new revision of the {}, which takes all traffic with {pods} pod{}",
            after.name,
            if pods == 1 { "" } else { "s" }
        );
        let help = format!(
            "set {} to the number of pods that run now, for the change at least",
            INITIAL_SCALE.canonical
        );
        let at = [
            "/metadata/annotations",
            "/spec/template/metadata/annotations",
            "/metadata",
        ];
        let at = at
            .into_iter()
            .find(|pointer| has(pointer))
            .unwrap_or_default();
        findings.push(Report::at(at, message).advice(Advice::help(help)));
    }
}

fn of_knative(component: &ComponentExplanation) -> bool {
    matches!(
        component.autoscaler,
        Autoscaler::Kpa | Autoscaler::KnativeHpa
    )
}
