//! See [`KS219`].

use super::case::Inert;
use super::findings::{Advice, remove};
use super::rule::{Check, rule};
use crate::explain::Severity;
use crate::manifest::ComponentKind;

rule! {
    /// ## What it does
    ///
    /// Finds `containerConcurrency` in Standard mode.
    ///
    /// ## Why it matters
    ///
    /// The limit is kept by Knative's queue-proxy, which Standard mode does not have. There the field does nothing for
    /// a model. For a custom transformer or explainer it becomes the argument `--workers`, which limits no requests
    /// either; that is advice only.
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
    ///     containerConcurrency: 4
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
    ///     serving.kserve.io/deploymentMode: Knative
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     containerConcurrency: 4
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe for a predictor, where the field has no effect. There is no fix for a custom transformer or explainer,
    /// whose number of workers would change.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/transformer_custom.go`,
    ///   `pkg/apis/serving/v1beta1/explainer_custom.go`
    KS219: "concurrency-limit-in-standard-mode", Warning,
    "containerConcurrency in Standard mode, where nothing limits concurrency",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let scaled = inert.scaled;
    // 0 is no limit, which is what there is.
    if scaled.extension?.container_concurrency == Some(0) {
        return None;
    }
    let advice = Advice::help(
        "remove it; limit concurrency in the model server itself, or use Knative mode, where queue-proxy does it",
    );
    let kind = scaled.component.map(|component| component.kind);
    let sets_workers = kind != Some(ComponentKind::Predictor) && scaled.is_written("containers");
    if sets_workers {
        let help = "keep it for the number of workers, and limit concurrency in the server itself";
        return Some(Advice::help(help).severity(Severity::Info));
    }
    Some(advice.safe(vec![remove(&inert.setting.pointer)]))
}
