//! See [`KS305`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, replace};
use super::rule::{Check, rule};
use crate::knative::annotations::MIN_SCALE;

rule! {
    /// ## What it does
    ///
    /// Finds a `minReplicas` of 0, or a `min-scale` of 0, in a cluster whose config-autoscaler sets
    /// `enable-scale-to-zero` to false.
    ///
    /// ## Why it matters
    ///
    /// The switch holds for the whole cluster and wins over every workload: Knative's own autoscaler then keeps the
    /// last pod. Neither KServe nor Knative says so when the workload is made.
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
    ///   enable-scale-to-zero: "false"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     minReplicas: 0
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
    ///   enable-scale-to-zero: "true"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     minReplicas: 0
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   enable-scale-to-zero: "false"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: 1 is written, which is what the cluster makes of it today. Once the cluster allows zero, it would
    /// no longer be what was meant.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/kpa/scaler.go`, `pkg/autoscaler/config/config.go`
    KS305: "scale-to-zero-disabled", Error, "minReplicas 0 in a cluster that forbids scaling to zero",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Ok(configs) = &case.facts.knative_configs else {
        return;
    };
    let zero = scaled
        .pod_autoscaler
        .is_some_and(|pod_autoscaler| pod_autoscaler.bounds.min == 0);
    let forbids =
        case.facts.config_autoscaler.is_known() && !configs.autoscaler.enable_scale_to_zero;
    if !scaled.is_kpa() || !zero || !forbids {
        return;
    }
    // Nobody asked for zero where it is only Knative's default.
    let Some(pointer) = scaled.field_or_annotation("minReplicas", MIN_SCALE) else {
        return;
    };
    let message =
        "one pod stays: config-autoscaler of this cluster sets enable-scale-to-zero to false";
    let one = if pointer.ends_with("/minReplicas") {
        replace(&pointer, 1)
    } else {
        replace(&pointer, "1")
    };
    let help = "write 1, or set enable-scale-to-zero to true in config-autoscaler, for all workloads of the cluster";
    findings.push(Report::at(pointer, message).advice(Advice::help(help).review(vec![one])));
}
