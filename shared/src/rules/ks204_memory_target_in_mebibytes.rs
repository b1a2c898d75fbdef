//! See [`KS204`].

use serde_json::Value;

use super::annotate::annotate;
use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, remove, replace};
use super::rule::{Check, rule};
use crate::facts::Facts;
use crate::go::float_to_i64;
use crate::knative::annotations::TARGET;
use crate::manifest::Component;

rule! {
    /// ## What it does
    ///
    /// Finds a memory target of 100 or less under Knative's class `hpa.autoscaling.knative.dev`, unless the pod is
    /// known to request as little memory as that.
    ///
    /// ## Why it matters
    ///
    /// Knative counts memory in MiB a pod; only KServe's Standard mode counts it in percent. A model server holds more
    /// than 100 MiB before it has loaded anything, so the HPA goes to its upper bound at once and stays there. KServe
    /// adds to the confusion: it refuses a `scaleTarget` above 100 for this class with a message about percentages, so
    /// a target that makes sense can only be written as an annotation.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     annotations:
    ///       autoscaling.knative.dev/target: "1638"
    ///     scaleMetric: memory
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    ///       resources:
    ///         requests:
    ///           memory: 2Gi
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: the same percentage of the memory that the pod requests, in MiB. There is no fix where the request
    /// is not known.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/resources/hpa.go`
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/inference_service_validation.go`
    KS204: "memory-target-in-mebibytes", Warning, "a memory target in mebibytes that reads like a percentage",
    Check::Component(check)
}

/// Up to here a target reads like a percentage.
const PERCENT: std::ops::RangeInclusive<f64> = 1.0..=100.0;

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Some(pod_autoscaler) = scaled.pod_autoscaler.filter(|_| scaled.is_knative_hpa()) else {
        return;
    };
    let target = pod_autoscaler.annotation_target;
    let is_memory = pod_autoscaler.metric == "memory";
    let Some(target) = target.filter(|target| is_memory && PERCENT.contains(target)) else {
        return;
    };
    let requested = requested_mebibytes(scaled, case.facts);
    let fits = match requested {
        Some(all) => target >= all / 4.0,
        // A Knative Service of one's own may be as small as that; a model server is not.
        None => scaled.component.is_none(),
    };
    if fits {
        return;
    }
    let pointer = scaled
        .field_or_annotation("scaleTarget", TARGET)
        .unwrap_or_else(|| scaled.pointer.to_owned());
    let message = format!(
        "the memory target {target} is {target} MiB a pod, not {target} %: Knative's HPA class counts memory in MiB"
    );
    let key = TARGET.canonical;
    let mut advice = Advice::help(format!(
        "write the MiB that a pod should use into the annotation {key}; KServe refuses a scaleTarget above 100"
    ));
    let better = requested.and_then(|all| share(all, target));
    if let Some(patch) = better.and_then(|better| patch(scaled, case.facts, &pointer, better)) {
        advice = advice.review(patch);
    }
    findings.push(Report::at(pointer, message).advice(advice));
}

fn patch(scaled: &Scaled<'_>, facts: &Facts, pointer: &str, target: i64) -> Option<Vec<Value>> {
    let text = target.to_string();
    if scaled.is_written("scaleTarget") {
        let mut patch = vec![remove(pointer)];
        patch.extend(annotate(scaled, facts, TARGET.canonical, &text)?);
        return Some(patch);
    }
    (pointer != scaled.pointer).then(|| vec![replace(pointer, text)])
}

/// The memory that the pod requests, in MiB, where it is known: of its runtime, or since the manifest says it.
pub(super) fn requested_mebibytes(scaled: &Scaled<'_>, facts: &Facts) -> Option<f64> {
    let (containers, assumed) = scaled.containers(facts);
    let requests = containers.iter().filter_map(|one| one.memory.as_ref());
    let bytes: f64 = requests.map(|request| request.amount.approximate()).sum();
    let is_known = !assumed || scaled.component.is_some_and(says_memory);
    (bytes > 0.0 && is_known).then_some(bytes / (1024.0 * 1024.0))
}

/// What is written of the resources of the container that serves.
pub(super) fn written_resources<'a>(component: &Component<'a>) -> Option<&'a Value> {
    match component.model {
        Some(model) => model.fields.get("resources"),
        None => component.fields.get("containers")?.get(0)?.get("resources"),
    }
}

/// Whether the memory of that container is written; a limit stands in for a request.
fn says_memory(component: &Component<'_>) -> bool {
    let memory = |list: &str| written_resources(component)?.get(list)?.get("memory");
    memory("requests").or_else(|| memory("limits")).is_some()
}

/// So much of it, in whole MiB; none where that still reads like a percentage.
pub(super) fn share(mebibytes: f64, percent: f64) -> Option<i64> {
    let share = (mebibytes * percent / 100.0).floor();
    (share > *PERCENT.end()).then(|| float_to_i64(share))
}
