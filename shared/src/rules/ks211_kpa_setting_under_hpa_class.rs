//! See [`KS211`].

use super::case::Inert;
use super::findings::{Advice, remove};
use super::rule::{Check, rule};
use crate::knative::annotations::{POD_RETENTION, SCALE_DOWN_DELAY, WINDOW};
use crate::manifest::escape;

rule! {
    /// ## What it does
    ///
    /// Finds annotations that only Knative's own autoscaler reads, under the class `hpa.autoscaling.knative.dev`:
    /// target-utilization-percentage, target-burst-capacity, panic-window-percentage, panic-threshold-percentage,
    /// scale-down-delay, scale-to-zero-pod-retention-period, activation-scale and metric-aggregation-algorithm.
    ///
    /// ## Why it matters
    ///
    /// Knative checks them for every class and then uses them for one. Under the HPA class they do nothing: there is no
    /// panic, no share of the target, and the last pod always stays.
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
    ///     autoscaling.knative.dev/scale-down-delay: 5m
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
    /// ## Fix safety
    ///
    /// Safe: what is removed has no effect.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/resources/hpa.go`, `pkg/apis/autoscaling/register.go`
    KS211: "kpa-setting-under-hpa-class", Warning, "a setting of Knative's own autoscaler under the HPA class",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let pointer = inert.setting.pointer.as_str();
    let is = |key: &str| pointer.ends_with(&*escape(key));
    let delays = [SCALE_DOWN_DELAY, POD_RETENTION];
    let delays = delays
        .iter()
        .any(|key| is(key.canonical) || key.alias.is_some_and(is));
    let help = if delays {
        format!("remove it; {} slows the HPA down", WINDOW.canonical)
    } else {
        "remove it, or leave the scaling to Knative's own autoscaler".to_owned()
    };
    Some(Advice::help(help).safe(vec![remove(pointer)]))
}
