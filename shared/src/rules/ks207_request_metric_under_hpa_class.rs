//! See [`KS207`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, replace};
use super::ks202_request_metric_in_standard_mode::{is_of_requests, refuses};
use super::rule::{Check, rule};
use crate::knative::annotations::{CLASS, KPA_CLASS, METRIC};

rule! {
    /// ## What it does
    ///
    /// Finds the metric concurrency or rps with a target under Knative's class `hpa.autoscaling.knative.dev`.
    ///
    /// ## Why it matters
    ///
    /// The HPA class knows cpu and memory. It takes every other name for a custom metric of the pods, which an adapter
    /// must supply; Knative supplies none called concurrency or rps. The HPA reports that it cannot get the metric, and
    /// the number of pods stays what it is.
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
    ///     autoscaling.knative.dev/metric: concurrency
    ///     autoscaling.knative.dev/target: "10"
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
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: kpa.autoscaling.knative.dev
    ///     autoscaling.knative.dev/metric: concurrency
    ///     autoscaling.knative.dev/target: "10"
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
    /// Needs review: the class becomes that of Knative's own autoscaler, which is part of every installation. There is
    /// no fix where the class comes from a ServingRuntime, or stands on the object for components on other metrics, too.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/resources/hpa.go`,
    ///   `pkg/apis/autoscaling/annotation_validation.go`
    KS207: "request-metric-under-hpa-class", Error, "concurrency or rps as the metric of Knative's HPA class",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Some(pod_autoscaler) = scaled.pod_autoscaler.filter(|_| scaled.is_knative_hpa()) else {
        return;
    };
    let metric = pod_autoscaler.metric.as_str();
    let is_sent = scaled.hpa.is_some_and(|hpa| !hpa.sent.metrics.is_empty());
    if !is_sent || !is_of_requests(metric) || refuses(case, metric) {
        return;
    }
    let pointer = scaled
        .field_or_annotation("scaleMetric", METRIC)
        .unwrap_or_else(|| scaled.pointer.to_owned());
    let message = format!(
        "Knative's HPA class takes {metric} for a custom metric of the pods, and Knative supplies none of that name"
    );
    let mut advice = Advice::help(format!(
        "set {} to {KPA_CLASS} to scale on {metric}, or use cpu or memory",
        CLASS.canonical
    ));
    let of_requests = |one: &Scaled<'_>| {
        one.pod_autoscaler
            .is_some_and(|one| is_of_requests(&one.metric))
    };
    let class = scaled.annotation(CLASS.canonical);
    let class =
        class.filter(|(class, _)| !case.is_shared(class) || case.scaled.iter().all(of_requests));
    if let Some((class, _)) = class {
        advice = advice.review(vec![replace(&class, KPA_CLASS)]);
    }
    findings.push(Report::at(pointer, message).advice(advice));
}
