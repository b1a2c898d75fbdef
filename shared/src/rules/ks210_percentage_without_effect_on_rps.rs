//! See [`KS210`].

use super::annotate::annotate;
use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::facts::{ConfigAutoscaler, Facts};
use crate::go::format_float;
use crate::knative::annotations::{METRIC, TARGET_UTILIZATION};

rule! {
    /// ## What it does
    ///
    /// Finds the metric rps where config-autoscaler sets `container-concurrency-target-percentage` to something else
    /// than 70.
    ///
    /// ## Why it matters
    ///
    /// Knative's own autoscaler aims at a share of the target, so that there is room to spare. For concurrency that
    /// share is the key of config-autoscaler. For rps it is fixed at 70 %, and only an annotation changes it:
    /// `scaleTarget: 100` aims at 70 requests a second whatever the cluster says.
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
    ///   container-concurrency-target-percentage: "90"
    /// ---
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
    ///     scaleMetric: rps
    ///     scaleTarget: 100
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
    ///   container-concurrency-target-percentage: "90"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Knative
    ///     autoscaling.knative.dev/target-utilization-percentage: "90"
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleMetric: rps
    ///     scaleTarget: 100
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: the percentage of the cluster becomes an annotation of the component, which then scales later than
    /// it did.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/resources/target.go`, `pkg/autoscaler/config/config.go`
    KS210: "percentage-without-effect-on-rps", Info, "a target percentage of the cluster that does not count for rps",
    Check::Component(check)
}

const KEY: &str = "container-concurrency-target-percentage";

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Some(pod_autoscaler) = scaled.pod_autoscaler.filter(|_| scaled.is_kpa()) else {
        return;
    };
    let says_itself = scaled
        .template
        .is_some_and(|template| TARGET_UTILIZATION.value(template).is_some());
    let Some(percentage) = percentage(case.facts).filter(|_| !says_itself) else {
        return;
    };
    if pod_autoscaler.metric != "rps" {
        return;
    }
    let pointer = scaled
        .field_or_annotation("scaleMetric", METRIC)
        .unwrap_or_else(|| scaled.pointer.to_owned());
    let percentage = format_float(percentage);
    let message = format!(
        "for rps the autoscaler aims at 70 % of the target, not at the {percentage} % that config-autoscaler \
        sets: {KEY} counts \
         for concurrency only"
    );
    let key = TARGET_UTILIZATION.canonical;
    let mut advice = Advice::help(format!("write {key} to aim at another share"));
    if let Some(patch) = annotate(scaled, case.facts, key, &percentage) {
        advice = advice.review(patch);
    }
    findings.push(Report::at(pointer, message).advice(advice));
}

/// What the cluster is known to set, in percent, where that is not what counts for rps anyway.
fn percentage(facts: &Facts) -> Option<f64> {
    let ConfigAutoscaler::Data {
        data,
        parsed: Ok(config),
    } = &facts.config_autoscaler.value
    else {
        return None;
    };
    let is_set = facts.config_autoscaler.is_known() && data.contains_key(KEY);
    let percent = |share: f64| (share * 1e8).round() / 1e6;
    let percentage = percent(config.concurrency_utilization);
    let differs = (percentage - percent(config.other_utilization)).abs() > f64::EPSILON;
    (is_set && differs && percentage >= 1.0).then_some(percentage)
}
