//! See [`KS605`].

use super::case::Bystander;
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::knative::annotations::KPA_CLASS;

rule! {
    /// ## What it does
    ///
    /// Finds `pod-autoscaler-class` and `min-scale` in config-autoscaler, where they have another value than Knative's
    /// default.
    ///
    /// ## Why it matters
    ///
    /// They hold for Knative Services that say nothing themselves. KServe writes a class and a minimum into every one
    /// that it makes, so no InferenceService and no InferenceGraph ever gets them.
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
    ///   min-scale: "1"
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
    ///   min-scale: "0"
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: Knative Services that are not KServe's may need the setting.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1alpha1/utils/utils.go`, `SetAutoScalingAnnotations`
    /// - knative/serving 1.23, `pkg/apis/autoscaling/v1alpha1/pa_defaults.go`
    KS605: "config-key-without-effect-on-models", Info, "a default of the cluster that KServe's workloads never get",
    Check::Bystander(check)
}

fn check(object: &Bystander<'_>, findings: &mut Findings<'_>) {
    if !object.is_knative_config("config-autoscaler") {
        return;
    }
    let defaults = [
        (
            "pod-autoscaler-class",
            KPA_CLASS,
            "set the annotation autoscaling.knative.dev/class on each workload",
        ),
        (
            "min-scale",
            "0",
            "write minReplicas on each workload; without it KServe writes 1",
        ),
    ];
    for (key, default, help) in defaults {
        if object.data(key).is_some_and(|text| text.trim() != default) {
            let message = format!(
                "{key} has no effect on InferenceServices and InferenceGraphs: KServe writes its own into every one"
            );
            findings.push(Report::at(format!("/data/{key}"), message).advice(Advice::help(help)));
        }
    }
}
