//! See [`KS502`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::kserve::annotations::AUTOSCALER_CLASS;

rule! {
    /// ## What it does
    ///
    /// Finds workloads of the class keda in a cluster without KEDA.
    ///
    /// ## Why it matters
    ///
    /// KServe makes a ScaledObject for this class. Without KEDA there is no such kind: KServe's controller fails on
    /// every reconcile and nothing scales the workload. KServe looks for KEDA when its controller starts, so the
    /// controller has to be started again after KEDA is installed.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: inferenceservices.serving.kserve.io
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/autoscalerClass: keda
    /// spec:
    ///   predictor:
    ///     maxReplicas: 3
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
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: scaledobjects.keda.sh
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/autoscalerClass: keda
    /// spec:
    ///   predictor:
    ///     maxReplicas: 3
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
    /// ```yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: inferenceservices.serving.kserve.io
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/autoscalerClass: hpa
    /// spec:
    ///   predictor:
    ///     maxReplicas: 3
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
    /// There is no fix in the manifest: the cluster needs KEDA, or the workload another class.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/reconcilers/keda/keda_reconciler.go`,
    ///   `controller.go`
    KS502: "keda-missing", Error, "the class keda in a cluster without KEDA",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let keda = &case.facts.keda_installed;
    let wants = scaled
        .standard
        .is_some_and(|standard| standard.class == "keda");
    if !wants || keda.value != Some(false) || !keda.is_known() {
        return;
    }
    let message = "the class keda needs KEDA, which is not installed here: KServe cannot make the ScaledObject, and nothing scales";
    let help = "install KEDA and restart KServe's controller, or choose the class hpa";
    let at = scaled
        .annotation(AUTOSCALER_CLASS)
        .map(|(pointer, _)| pointer);
    findings.push(
        Report::at(at.unwrap_or_else(|| scaled.pointer.to_owned()), message)
            .advice(Advice::help(help)),
    );
}
