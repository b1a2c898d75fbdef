//! See [`KS220`].

use serde_json::{Value, json};

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, replace};
use super::rule::{Check, rule};
use crate::knative::annotations::TARGET;

rule! {
    /// ## What it does
    ///
    /// Finds a target for concurrency above `containerConcurrency` where Knative's own autoscaler scales.
    ///
    /// ## Why it matters
    ///
    /// `containerConcurrency` is a hard limit, and a pod cannot be meant to have more requests than it lets in: Knative
    /// takes the smaller of the two for the target. The number that is written never counts.
    ///
    /// ## Example
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
    ///     scaleMetric: concurrency
    ///     scaleTarget: 10
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
    ///     serving.kserve.io/deploymentMode: Knative
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     containerConcurrency: 4
    ///     scaleMetric: concurrency
    ///     scaleTarget: 4
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: the target becomes the limit, which it is in effect already. There is no fix where the limit comes from
    /// config-defaults, or where other components share the target.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/resources/target.go`
    KS220: "target-above-concurrency-limit", Warning, "a target above containerConcurrency, which caps it",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Some(pod_autoscaler) = scaled.pod_autoscaler.filter(|_| scaled.is_kpa()) else {
        return;
    };
    let limit = pod_autoscaler.container_concurrency;
    if limit <= 0 || pod_autoscaler.metric != "concurrency" {
        return;
    }
    let is_above = |target: &f64| *target > limit as f64;
    let Some(target) = pod_autoscaler.annotation_target.filter(is_above) else {
        return;
    };
    let Some(pointer) = scaled.field_or_annotation("scaleTarget", TARGET) else {
        return;
    };
    let message = format!(
        "the target {target} is above containerConcurrency {limit}, which caps it at {limit}"
    );
    let mut advice = Advice::help("lower the target, or raise containerConcurrency");
    let written = match scaled.extension {
        Some(extension) => extension.container_concurrency,
        None => {
            let written = case.object.pointer(&scaled.at("spec/containerConcurrency"));
            written.and_then(Value::as_i64)
        }
    };
    if written == Some(limit) && !case.is_shared(&pointer) {
        let value = if pointer.ends_with("/scaleTarget") {
            json!(limit)
        } else {
            json!(limit.to_string())
        };
        advice = advice.safe(vec![replace(&pointer, value)]);
    }
    findings.push(Report::at(pointer, message).advice(advice));
}
