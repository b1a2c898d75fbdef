//! See [`KS123`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::kserve::standard::keda;

rule! {
    /// ## What it does
    ///
    /// Finds the class `keda` with settings of which KServe makes a ScaledObject that KEDA's webhook refuses.
    ///
    /// ## Why it matters
    ///
    /// KServe accepts the object, its pods run, and nothing scales them: without `autoScaling.metrics` the ScaledObject has no
    /// trigger, and cpu or memory alone cannot scale to zero. An InferenceGraph cannot name metrics at all, so that the
    /// class `keda` never works for one.
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
    ///     serving.kserve.io/autoscalerClass: keda
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 3
    ///     autoScaling:
    ///       metrics:
    ///         - type: Resource
    ///           resource:
    ///             name: cpu
    ///             target:
    ///               type: Utilization
    ///               averageUtilization: 75
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: what to scale on is for the author to say.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/reconcilers/keda/keda_reconciler.go`
    /// - kedacore/keda 2.18, `apis/keda/v1alpha1/scaledobject_webhook.go`
    KS123: "refused-by-keda", Error, "KEDA's webhook refuses the ScaledObject",
    Check::Component(check)
}

fn check(_case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let refusal = scaled
        .standard
        .and_then(|standard| keda::refusal(&standard.keda_errors));
    let Some(text) = refusal else {
        return;
    };
    let (field, help) = if text.contains("no triggers") && scaled.component.is_none() {
        (
            "",
            "choose another class: an InferenceGraph has no field for KEDA's metrics",
        )
    } else if text.contains("no triggers") {
        (
            "autoScaling",
            "say under autoScaling.metrics what to scale on",
        )
    } else if text.contains("minReplica") {
        (
            "minReplicas",
            "set minReplicas to 1, or add a metric of type External or PodMetric",
        )
    } else {
        ("autoScaling", "write a metric that KEDA accepts")
    };
    let pointer = if scaled.is_written(field) {
        scaled.at(field)
    } else {
        scaled.pointer.to_owned()
    };
    let message = format!("KEDA refuses the ScaledObject that is made of it: {text}");
    findings.push(Report::at(pointer, message).advice(Advice::help(help)));
}
