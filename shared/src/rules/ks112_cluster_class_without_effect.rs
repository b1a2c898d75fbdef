//! See [`KS112`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::knative::annotations::{CLASS, KPA_CLASS};

rule! {
    /// ## What it does
    ///
    /// Finds workloads without a class in a cluster whose config-autoscaler sets another default class than Knative's
    /// own.
    ///
    /// ## Why it matters
    ///
    /// KServe writes a class into every Knative Service that it makes: Knative's own autoscaler where nobody asked for
    /// another. So `pod-autoscaler-class` of the cluster never counts for an InferenceService or an InferenceGraph, and
    /// whoever relies on it gets another autoscaler.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   pod-autoscaler-class: hpa.autoscaling.knative.dev
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
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
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   max-scale: "10"
    /// ---
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
    /// ## Fix safety
    ///
    /// There is no fix: whether the workload should have the cluster's class is for its author to say.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1alpha1/utils/utils.go`, `SetAutoScalingAnnotations`
    /// - knative/serving 1.23, `pkg/apis/autoscaling/v1alpha1/pa_defaults.go`
    KS112: "cluster-class-without-effect", Info, "a default class of the cluster that KServe's workloads never get",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Ok(configs) = &case.facts.knative_configs else {
        return;
    };
    let class = &configs.autoscaler.pod_autoscaler_class;
    let of_kserve = scaled.extension.is_some() && scaled.is_knative();
    if class == KPA_CLASS || !case.facts.config_autoscaler.is_known() || !of_kserve {
        return;
    }
    let written = scaled
        .effective
        .is_some_and(|effective| effective.annotations.contains_key(CLASS.canonical));
    if written {
        return;
    }
    let message = format!(
        "the cluster's default class {class} does not count here: KServe writes {KPA_CLASS} where no class is given"
    );
    let help = format!(
        "set the annotation {} to the class that you mean",
        CLASS.canonical
    );
    findings.push(Report::at(scaled.pointer, message).advice(Advice::help(help)));
}
