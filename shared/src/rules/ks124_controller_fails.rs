//! See [`KS124`].

use super::case::{Case, Workload};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::kserve::annotations::{AUTOSCALER_CLASS, DEPLOYMENT_MODE};
use crate::kserve::{Gate, Refused, RefusedBy};

rule! {
    /// ## What it does
    ///
    /// Finds objects that every webhook accepts and KServe's controller then fails on, some of them by crashing.
    ///
    /// ## Why it matters
    ///
    /// Nothing is made of such an object, or nothing more once it serves, and the reason stands only in the controller's log
    /// and in events. A class that KServe does not know, set on a component, is one; so is a mode that it does not know where
    /// Standard is the cluster's default. A metric of the type PodMetric or External without its block makes the controller
    /// panic, again at every attempt.
    ///
    /// ## Example
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
    ///     annotations:
    ///       serving.kserve.io/autoscalerClass: vpa
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
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/autoscalerClass: hpa
    /// spec:
    ///   predictor:
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: what was meant cannot be told from what fails.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/controller.go`,
    ///   `reconcilers/autoscaler/autoscaler_reconciler.go`, `reconcilers/raw/raw_kube_reconciler.go`
    KS124: "controller-fails", Error, "KServe's controller fails, or crashes, on the object",
    Check::Workload(check)
}

fn check(case: &Case<'_>, findings: &mut Findings<'_>) {
    match case.workload {
        Workload::Refused(Refused::Crash(text)) => {
            let help = Advice::help("give the predictor a model or containers");
            let message = format!("KServe's mutating webhook crashes on it: {text}");
            findings.push(Report::at("/spec/predictor", message).advice(help));
            return;
        }
        Workload::Refused(Refused::Config(text)) => {
            let help =
                Advice::help("mend the ConfigMap inferenceservice-config in KServe's namespace");
            let message = format!("KServe's webhook fails on every object: {text}");
            findings.push(Report::at("/metadata", message).advice(help));
            return;
        }
        Workload::InferenceService(prediction) => {
            if let Some(Gate::NoConfigAutoscaler(text)) = &prediction.gate
                && case.facts.config_autoscaler.is_known()
            {
                let help = Advice::help(
                    "put the ConfigMap config-autoscaler back into Knative's namespace",
                );
                let message = format!("KServe's controller stops before it makes anything: {text}");
                findings.push(Report::at("/spec", message).advice(help));
            }
        }
        Workload::InferenceGraph(_) | Workload::KnativeService | Workload::Refused(_) => {}
    }
    components(case, findings);
}

fn components(case: &Case<'_>, findings: &mut Findings<'_>) {
    // What the webhook refuses never gets to the controller.
    if case.admission.kserve.is_some() {
        return;
    }
    for scaled in &case.scaled {
        let failure = scaled.outcome.and_then(|outcome| outcome.failure.as_ref());
        let Some(failure) = failure else {
            continue;
        };
        let (message, help) = match failure.by {
            RefusedBy::Kserve => (
                format!("KServe's controller fails: {}", failure.text),
                "write a value that KServe knows",
            ),
            RefusedBy::Crash => (
                format!(
                    "KServe's controller crashes on it, again and again: {}",
                    failure.text
                ),
                "give each metric the block that its type names: resource, external or podmetric",
            ),
            // Refusals have rules of their own.
            RefusedBy::Knative | RefusedBy::Kubernetes | RefusedBy::Keda => continue,
        };
        let key = [
            ("autoscaler class", AUTOSCALER_CLASS),
            ("deployment mode", DEPLOYMENT_MODE),
        ];
        let key = key.iter().find(|(part, _)| failure.text.contains(part));
        let at = key
            .and_then(|(_, key)| scaled.annotation(key))
            .map(|(pointer, _)| pointer);
        let pointer = match at {
            Some(pointer) => pointer,
            None if scaled.is_written("autoScaling") => scaled.at("autoScaling"),
            None => scaled.pointer.to_owned(),
        };
        findings.push(Report::at(pointer, message).advice(Advice::help(help)));
    }
}
