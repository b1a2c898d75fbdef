//! See [`KS302`].

use serde_json::Value;

use super::case::Inert;
use super::findings::{Advice, replace};
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds a `maxReplicas` of an InferenceGraph that is less than its `minReplicas`, in Standard mode.
    ///
    /// ## Why it matters
    ///
    /// KServe's webhook refuses such bounds on an InferenceService and never looks at those of a graph. The controller
    /// raises `maxReplicas` to `minReplicas` without a word: more pods run than the graph allows, and they never scale.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1alpha1
    /// kind: InferenceGraph
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   minReplicas: 4
    ///   maxReplicas: 2
    ///   nodes:
    ///     root:
    ///       routerType: Sequence
    ///       steps:
    ///         - serviceName: iris
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1alpha1
    /// kind: InferenceGraph
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   minReplicas: 2
    ///   maxReplicas: 4
    ///   nodes:
    ///     root:
    ///       routerType: Sequence
    ///       steps:
    ///         - serviceName: iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: `maxReplicas` becomes the number that it is raised to anyway.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/reconcilers/hpa/hpa_reconciler.go`
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1alpha1/inference_graph_validation.go`
    KS302: "max-raised-to-min", Warning, "a maxReplicas below minReplicas that is raised in silence",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let advice = Advice::help("write a maxReplicas above minReplicas, or lower minReplicas");
    Some(match inert.scaled.explained.max_replicas {
        Some(max) => advice.safe(vec![replace(&inert.setting.pointer, Value::from(max))]),
        None => advice,
    })
}
