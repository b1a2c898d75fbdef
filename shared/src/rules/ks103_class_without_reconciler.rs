//! See [`KS103`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, replace};
use super::ks101_autoscaler_class_in_knative_mode::fits_hpa_class;
use super::rule::{Check, rule};
use crate::knative::annotations::{CLASS, HPA_CLASS, KPA_CLASS};
use crate::knative::class::Owner;

rule! {
    /// ## What it does
    ///
    /// Finds a value of `autoscaling.knative.dev/class` that no controller acts on.
    ///
    /// ## Why it matters
    ///
    /// Knative knows `kpa.autoscaling.knative.dev` and `hpa.autoscaling.knative.dev`. Its webhook refuses other classes
    /// of its own domain, and takes every other word for that of a controller somebody else has installed. `hpa` is
    /// such a word. The pods start, and then nothing happens: the PodAutoscaler has no status at all, the Revision
    /// stays `Deploying` for good, and no traffic ever reaches it. There is no error, no event, and no timeout.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa
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
    /// Needs review: with a class that is acted on, another autoscaler starts to scale. There is a fix for words that
    /// come close to one of the two classes.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/apis/autoscaling/annotation_validation.go`, `validateClass`
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/kpa/controller.go` and `hpa/controller.go`
    KS103: "class-without-reconciler", Error, "an autoscaler class that no controller acts on",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let nobody = scaled
        .pod_autoscaler
        .is_some_and(|pod_autoscaler| !matches!(pod_autoscaler.owner, Owner::Kpa | Owner::Hpa));
    let Some((pointer, class)) = scaled.annotation(CLASS.canonical).filter(|_| nobody) else {
        return;
    };
    let message = format!(
        "no controller of Knative's acts on the class \"{class}\": the revision never becomes ready"
    );
    let near = class.trim().to_ascii_lowercase();
    let meant = if near.starts_with("hpa") {
        Some(HPA_CLASS)
    } else if near.starts_with("kpa") {
        Some(KPA_CLASS)
    } else {
        None
    };
    let advice = match meant {
        Some(HPA_CLASS) if !fits_hpa_class(case) => Advice::help(format!(
            "write {HPA_CLASS}, and a metric and a target that it takes"
        )),
        Some(meant) => {
            Advice::help(format!("write {meant}")).review(vec![replace(&pointer, meant)])
        }
        None => Advice::help(format!("write {HPA_CLASS} or {KPA_CLASS}")),
    };
    findings.push(Report::at(pointer, message).advice(advice));
}
