//! See [`KS402`].

use super::case::Inert;
use super::findings::{Advice, moved, remove};
use super::rule::{Check, rule};
use crate::kserve::graph::since;

rule! {
    /// ## What it does
    ///
    /// Finds fields that are accepted and get lost on the way to the pod: `terminationGracePeriodSeconds` and
    /// `serviceAccount` in Knative mode, and of a graph `nodeName` in Knative mode, `timeout` in Standard mode and the
    /// annotation `serving.knative.dev/rollout-duration`.
    ///
    /// ## Why it matters
    ///
    /// KServe takes the fields of every pod and puts them into a Knative Service, whose API has fewer. The API server
    /// drops the rest without a word, and the pods run without them. The older name `serviceAccount` is the one that
    /// hurts: the pod then runs as `default` and cannot read its model.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     terminationGracePeriodSeconds: 300
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
    /// spec:
    ///   predictor:
    ///     serviceAccount: models
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1alpha1
    /// kind: InferenceGraph
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   timeout: 60
    ///   nodes:
    ///     root:
    ///       routerType: Sequence
    ///       steps:
    ///         - serviceName: iris
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     timeout: 300
    ///     serviceAccountName: models
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: the field is removed, as the API server does itself. Needs review for `serviceAccount`, which becomes
    /// `serviceAccountName` and counts from then on.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `config/core/300-resources/service.yaml`; `pkg/reconciler/revision/resources/deploy.go`
    /// - kserve/kserve 0.20, `pkg/controller/v1alpha1/inferencegraph/raw_ig.go` and `knative_reconciler.go`
    KS402: "field-lost-on-the-way", Warning, "a field that gets lost between KServe and the pod",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let pointer = inert.setting.pointer.as_str();
    let name = pointer.rsplit('/').next().unwrap_or_default();
    let help = match name {
        "serviceAccount" => return account(inert),
        "terminationGracePeriodSeconds" => {
            "remove it; Knative gives a pod as long to end as a request may take, which is timeout"
        }
        "nodeName" => "remove it; nodeSelector chooses nodes where config-features allows it",
        "timeout" if since::field("routerTimeouts") <= Some(inert.case.facts.release()) => {
            "remove it; routerTimeouts holds in both modes"
        }
        _ => "remove it",
    };
    Some(Advice::help(help).safe(vec![remove(pointer)]))
}

/// The older name of `serviceAccountName`.
fn account(inert: &Inert<'_>) -> Option<Advice> {
    let pointer = inert.setting.pointer.as_str();
    let newer = inert
        .scaled
        .fields
        .and_then(|fields| fields.get("serviceAccountName"));
    match newer.filter(|newer| !newer.is_null()) {
        // Many write both, as the API server does on pods.
        Some(newer) if *newer == inert.setting.value => None,
        Some(_) => {
            Some(Advice::help("remove it; serviceAccountName counts").safe(vec![remove(pointer)]))
        }
        None => {
            let to = inert.scaled.at("serviceAccountName");
            Some(Advice::help("write serviceAccountName").review(vec![moved(pointer, &to)]))
        }
    }
}
