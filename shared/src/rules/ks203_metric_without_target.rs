//! See [`KS203`].

use super::annotate::annotate;
use super::case::{Inert, Scaled};
use super::findings::{Advice, add};
use super::ks202_request_metric_in_standard_mode::{is_of_requests, refuses};
use super::ks204_memory_target_in_mebibytes::{requested_mebibytes, share};
use super::rule::{Check, rule};
use crate::facts::Facts;
use crate::knative::annotations::{CLASS, TARGET};

rule! {
    /// ## What it does
    ///
    /// Finds the metric memory without a target in Standard mode, and every metric but cpu without a target under
    /// Knative's class `hpa.autoscaling.knative.dev`.
    ///
    /// ## Why it matters
    ///
    /// Only cpu has a default target. Every other metric is left out of the HPA when it has none, and an HPA without
    /// metrics gets cpu at 80 % from the API server. What reads as scaling on memory scales on cpu.
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
    ///     scaleMetric: memory
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///     autoscaling.knative.dev/metric: memory
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    ///       resources:
    ///         requests:
    ///           memory: 2Gi
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
    ///     scaleMetric: memory
    ///     scaleTarget: 80
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///     autoscaling.knative.dev/metric: memory
    ///     autoscaling.knative.dev/target: "1638"
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
    /// ## Fix safety
    ///
    /// Needs review: the target is chosen. In Standard mode it is 80 %; under Knative's class, where memory counts in
    /// MiB, it is 80 % of the memory that the pod requests, and there is no fix where that is not known. For a metric
    /// of your own nobody else can choose one.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `reconcilers/hpa/hpa_reconciler.go`
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/resources/hpa.go`
    /// - kubernetes/kubernetes 1.36, `pkg/apis/autoscaling/v2/defaults.go`
    KS203: "metric-without-target", Error, "a metric without a target, which becomes cpu at 80 %",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let scaled = inert.scaled;
    let Some(pod_autoscaler) = scaled.pod_autoscaler else {
        let patch = vec![add(&scaled.at("scaleTarget"), 80)];
        return Some(
            Advice::help("add a scaleTarget, in percent of the memory requested").review(patch),
        );
    };
    let metric = pod_autoscaler.metric.as_str();
    if refuses(inert.case, metric) {
        return None;
    }
    if metric == "memory" {
        return Some(memory(scaled, inert.case.facts));
    }
    let help = if is_of_requests(metric) {
        format!(
            "remove {}: {metric} is a metric of Knative's own autoscaler",
            CLASS.canonical
        )
    } else {
        format!("add {}, in units of {metric} a pod", TARGET.canonical)
    };
    Some(Advice::help(help))
}

fn memory(scaled: &Scaled<'_>, facts: &Facts) -> Advice {
    let key = TARGET.canonical;
    let advice = Advice::help(format!("add {key}, in MiB a pod"));
    let target = requested_mebibytes(scaled, facts).and_then(|all| share(all, 80.0));
    let patch = target.and_then(|target| annotate(scaled, facts, key, &target.to_string()));
    match patch {
        Some(patch) => advice.review(patch),
        None => advice,
    }
}
