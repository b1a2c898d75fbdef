//! See [`KS206`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, replace};
use super::rule::{Check, rule};
use crate::explain::Severity;
use crate::knative::annotations::{CLASS, HPA_CLASS, METRIC as KNATIVE_METRIC, TARGET};
use crate::kserve::annotations::{AUTOSCALER_CLASS, METRIC, METRICS, TARGET_UTILIZATION};

rule! {
    /// ## What it does
    ///
    /// Finds a `scaleTarget` that was written for another autoscaler than the one in force: one beside
    /// `serving.kserve.io/autoscalerClass: hpa`, or beside the metric annotations of old releases, where Knative's own
    /// autoscaler takes it for concurrent requests; and a cpu target below 10 %, which reads like a number of requests.
    ///
    /// ## Why it matters
    ///
    /// The same number means percent to an HPA and requests at the same time to Knative's own autoscaler. What was 80 %
    /// of the cpu becomes 80 requests in flight a pod, and nothing scales up; what was 1 request becomes 1 % of the
    /// cpu, which an idle model server exceeds, and everything scales up to the upper bound.
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
    ///     serving.kserve.io/autoscalerClass: hpa
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
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
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleTarget: 2
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleMetric: cpu
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
    ///     serving.kserve.io/deploymentMode: Knative
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleMetric: concurrency
    ///     scaleTarget: 2
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review for a cpu target below 10 %: it becomes 80 %, the default of KServe. There is no fix for a target
    /// that counts requests, since one cannot tell which autoscaler is meant.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1alpha1/utils/utils.go`, `reconcilers/hpa/hpa_reconciler.go`
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/resources/hpa.go`
    KS206: "leftover-target", Warning, "a target left over from another autoscaler",
    Check::Component(check)
}

/// Below this a percentage of CPU reads like a number of requests.
const FEW: i32 = 10;

fn check(_case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    requests_meant_as_percent(scaled, findings);
    percent_meant_as_requests(scaled, findings);
}

fn requests_meant_as_percent(scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Some((target, sign)) = target_with_sign(scaled) else {
        return;
    };
    let message = format!(
        "scaleTarget {target} is {target} requests at the same time a pod, not {target} %: in Knative mode \
        {sign} has no effect, \
         and Knative's own autoscaler scales"
    );
    let help = format!(
        "set {} to {HPA_CLASS} with scaleMetric cpu, or remove {sign} and write scaleMetric: concurrency",
        CLASS.canonical
    );
    findings.push(Report::at(scaled.at("scaleTarget"), message).advice(Advice::help(help)));
}

/// A target that counts requests, and what says that it was meant as a percentage.
pub(super) fn target_with_sign(scaled: &Scaled<'_>) -> Option<(i64, &'static str)> {
    let target = scaled.extension?.scale_target?;
    let says_metric =
        scaled.is_written("scaleMetric") || scaled.knative_annotation(KNATIVE_METRIC).is_some();
    if !scaled.is_kpa() || says_metric {
        return None;
    }
    Some((target, sign_of_an_hpa(scaled)?))
}

/// What says that an HPA was meant.
fn sign_of_an_hpa(scaled: &Scaled<'_>) -> Option<&'static str> {
    let says = |key: &'static str, words: &[&str]| {
        let (_, text) = scaled.annotation(key)?;
        (words.is_empty() || words.contains(&text)).then_some(key)
    };
    says(AUTOSCALER_CLASS, &["hpa"])
        .or_else(|| says(TARGET_UTILIZATION, &[]))
        .or_else(|| says(METRICS, &["cpu", "memory"]))
        .or_else(|| says(METRIC, &["cpu", "memory"]))
}

fn percent_meant_as_requests(scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let first = scaled.hpa.and_then(|hpa| hpa.sent.metrics.first());
    let Some(cpu) = first
        .and_then(|metric| metric.resource.as_ref())
        .filter(|one| one.name == "cpu")
    else {
        return;
    };
    let percent = cpu.target.average_utilization;
    let Some(percent) = percent.filter(|percent| (1..FEW).contains(percent)) else {
        return;
    };
    let (pointer, says_metric) = if scaled.is_knative_hpa() {
        let says_metric = scaled
            .field_or_annotation("scaleMetric", KNATIVE_METRIC)
            .is_some();
        (
            scaled.field_or_annotation("scaleTarget", TARGET),
            says_metric,
        )
    } else {
        // Under autoScaling the number is called a utilization, so it is meant as one.
        let is_field = scaled.is_written("scaleTarget") && !scaled.is_written("autoScaling");
        (
            is_field.then(|| scaled.at("scaleTarget")),
            scaled.is_written("scaleMetric"),
        )
    };
    let Some(pointer) = pointer else {
        return;
    };
    let is_field = pointer.ends_with("/scaleTarget");
    let value = if is_field {
        serde_json::json!(80)
    } else {
        serde_json::json!("80")
    };
    let message = format!(
        "the target {percent} is {percent} % of the cpu requested, which an idle model server exceeds: it reads \
        like a number of \
         requests"
    );
    // Who writes cpu beside it may well mean it.
    let severity = if says_metric {
        Severity::Info
    } else {
        Severity::Warning
    };
    let advice = Advice::help("write a percentage that a busy pod has, such as 80")
        .severity(severity)
        .review(vec![replace(&pointer, value)]);
    findings.push(Report::at(pointer, message).advice(advice));
}
