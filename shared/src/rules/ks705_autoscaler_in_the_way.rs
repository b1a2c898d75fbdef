//! See [`KS705`].

use serde_json::Value;

use super::case::{Case, Scaled, text};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::facts::{Scaler, ScalerKind};
use crate::kserve::annotations::AUTOSCALER_CLASS;

rule! {
    /// ## What it does
    ///
    /// Finds workloads in Standard mode beside an HPA or a ScaledObject on the same Deployment that their class does
    /// not go together with.
    ///
    /// ## Why it matters
    ///
    /// KServe makes only what the class asks for and clears nothing away that another class has left. With `external`
    /// and `none` it takes an HPA of the component's own name for its own: it overwrites the HPA at the next reconcile
    /// and deletes it at the one after. With `keda` any HPA on the Deployment makes KEDA's webhook refuse the
    /// ScaledObject, again and again. A ScaledObject from before goes on scaling under every other class.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: iris-predictor
    ///   namespace: default
    /// spec:
    ///   scaleTargetRef:
    ///     apiVersion: apps/v1
    ///     kind: Deployment
    ///     name: iris-predictor
    ///   maxReplicas: 5
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/autoscalerClass: external
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
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: iris-by-queue-length
    ///   namespace: default
    /// spec:
    ///   scaleTargetRef:
    ///     apiVersion: apps/v1
    ///     kind: Deployment
    ///     name: iris-predictor
    ///   maxReplicas: 5
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/autoscalerClass: external
    /// spec:
    ///   predictor:
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix in a manifest: an object in the cluster is to be renamed or deleted.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/reconcilers/hpa/hpa_reconciler.go` and `reconcilers/autoscaler/autoscaler_reconciler.go`
    /// - kedacore/keda 2.18, `apis/keda/v1alpha1/scaledobject_webhook.go`
    KS705: "autoscaler-in-the-way", Error, "an autoscaler in the cluster that the class cannot live with",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let (Some(standard), Some(outcome)) = (scaled.standard, scaled.outcome) else {
        return;
    };
    let namespace = text(case.object, "/metadata/namespace");
    let here = case.facts.scalers.iter().filter(|one| {
        one.namespace == namespace && (one.deployment == outcome.name || one.name == outcome.name)
    });
    for scaler in here {
        let Some((message, help)) = conflict(&standard.class, &outcome.name, scaler) else {
            continue;
        };
        let at = scaled
            .annotation(AUTOSCALER_CLASS)
            .map(|(pointer, _)| pointer);
        let pointer = at.unwrap_or_else(|| place(case.object));
        findings.push(Report::at(pointer, message).advice(Advice::help(help)));
    }
}

fn place(object: &Value) -> String {
    let annotations = object.pointer("/metadata/annotations");
    let place = if annotations.is_some() {
        "/metadata/annotations"
    } else {
        "/metadata"
    };
    place.to_owned()
}

/// What happens between a class and an autoscaler that is there, and what to do about it.
fn conflict(class: &str, name: &str, scaler: &Scaler) -> Option<(String, String)> {
    let its = &scaler.name;
    match (class, scaler.kind) {
        ("external" | "none", ScalerKind::Hpa) if scaler.name == name && !scaler.of_kserve => {
            Some((
                format!(
                    "KServe takes the HPA {its} for its own, overwrites it, and then deletes it"
                ),
                format!("give that HPA another name than {its}"),
            ))
        }
        ("keda", ScalerKind::Hpa) if scaler.deployment == name => Some((
            format!(
                "KEDA refuses the ScaledObject as long as the HPA {its} is on the same Deployment"
            ),
            if scaler.of_kserve {
                "go through the class none first: it deletes that HPA".to_owned()
            } else {
                format!("delete the HPA {its} first")
            },
        )),
        ("hpa" | "external" | "none", ScalerKind::ScaledObject) if scaler.deployment == name => {
            Some((
                format!("the ScaledObject {its} stays and goes on scaling the same Deployment"),
                format!("delete the ScaledObject {its}"),
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaler(kind: ScalerKind, name: &str, of_kserve: bool) -> Scaler {
        Scaler {
            kind,
            namespace: "n".to_owned(),
            name: name.to_owned(),
            deployment: "d".to_owned(),
            of_kserve,
        }
    }

    #[test]
    fn only_what_cannot_live_together_is_named() {
        let hpa = |name, of_kserve| scaler(ScalerKind::Hpa, name, of_kserve);
        assert!(conflict("hpa", "d", &hpa("d", true)).is_none());
        assert!(conflict("external", "d", &hpa("d", true)).is_none());
        assert!(conflict("external", "d", &hpa("other", false)).is_none());
        assert!(conflict("none", "d", &hpa("d", false)).is_some());
        assert!(conflict("keda", "d", &hpa("other", false)).is_some());
        let object = scaler(ScalerKind::ScaledObject, "d", true);
        assert!(conflict("keda", "d", &object).is_none());
        assert!(conflict("hpa", "d", &object).is_some());
    }
}
