//! See [`KS707`].

use super::case::{Bystander, text};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::knative::annotations::HPA_CLASS;

rule! {
    /// ## What it does
    ///
    /// Finds Revisions of the HPA class to which no route leads any more.
    ///
    /// ## Why it matters
    ///
    /// An HPA cannot go to zero. A Revision of Knative's own autoscaler is scaled down once it has lost its traffic;
    /// one of the HPA class keeps its HPA and at least one pod until it is deleted, and Knative keeps the last twenty
    /// revisions of a service.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.knative.dev/v1
    /// kind: Revision
    /// metadata:
    ///   name: iris-predictor-00001
    ///   namespace: default
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///   labels:
    ///     serving.knative.dev/routingState: reserve
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.knative.dev/v1
    /// kind: Revision
    /// metadata:
    ///   name: iris-predictor-00001
    ///   namespace: default
    ///   annotations:
    ///     autoscaling.knative.dev/class: kpa.autoscaling.knative.dev
    ///   labels:
    ///     serving.knative.dev/routingState: reserve
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix in a manifest: the Revision is to be deleted.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/resources/hpa.go` and `pkg/reconciler/gc/gc.go`
    KS707: "revision-that-never-drains", Warning, "an old revision of the HPA class, which keeps a pod for good",
    Check::Bystander(check)
}

fn check(object: &Bystander<'_>, findings: &mut Findings<'_>) {
    let class = "/metadata/annotations/autoscaling.knative.dev~1class";
    let state = text(
        object.object,
        "/metadata/labels/serving.knative.dev~1routingState",
    );
    if object.kind() != "Revision" || state != "reserve" || text(object.object, class) != HPA_CLASS
    {
        return;
    }
    let message = "no route leads to this revision, and its HPA keeps a pod of it for good";
    let advice = Advice::help(format!("delete the revision {}", object.name()));
    findings.push(Report::at(class, message).advice(advice));
}
