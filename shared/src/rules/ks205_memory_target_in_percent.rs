//! See [`KS205`].

use serde_json::{Value, json};

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, add, remove, replace};
use super::ks204_memory_target_in_mebibytes::written_resources;
use super::rule::{Check, rule};
use crate::kserve::Behaviour;
use crate::kubernetes::Quantity;
use crate::manifest::Component;

rule! {
    /// ## What it does
    ///
    /// Finds a memory target above 100 % in Standard mode, unless the container's limit leaves room for it.
    ///
    /// ## Why it matters
    ///
    /// Standard mode counts memory in percent of what the pod's containers request; only Knative's HPA class counts it
    /// in MiB. A pod whose limit equals its request never uses more than 100 %, so the HPA never scales up. KServe
    /// refuses such a target only where the annotation `serving.kserve.io/autoscalerClass: hpa` is written.
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
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleMetric: memory
    ///     scaleTarget: 1500
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
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     autoScaling:
    ///       metrics:
    ///         - type: Resource
    ///           resource:
    ///             name: memory
    ///             target:
    ///               type: AverageValue
    ///               averageValue: 1500Mi
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: the number becomes MiB a pod, in `autoScaling`, which is what it reads like.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `reconcilers/hpa/hpa_reconciler.go`,
    ///   `pkg/apis/serving/v1beta1/inference_service_validation.go`
    KS205: "memory-target-in-percent", Warning, "a memory target in percent that reads like mebibytes",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let is_hpa = scaled
        .standard
        .is_some_and(|standard| standard.hpa.is_some());
    let Some(extension) = scaled
        .extension
        .filter(|_| is_hpa && !refuses_percentage(case))
    else {
        return;
    };
    let room = scaled.component.and_then(room).unwrap_or(100.0);
    let is_odd = |percent: i64| percent as f64 > room.max(100.0);
    if let Some(scaling) = &extension.auto_scaling {
        for (index, metric) in scaling.metrics.iter().enumerate() {
            let Some(resource) = metric.resource.as_ref().filter(|one| one.name == "memory") else {
                continue;
            };
            let percent = resource.target.average_utilization;
            if let Some(percent) = percent.filter(|_| resource.target.kind == "Utilization")
                && is_odd(percent)
            {
                let at = scaled.at(&format!("autoScaling/metrics/{index}/resource/target"));
                let patch = vec![replace(&at, mebibytes(percent))];
                report(
                    findings,
                    format!("{at}/averageUtilization"),
                    percent,
                    Some(patch),
                );
            }
        }
        return;
    }
    let Some(percent) = extension.scale_target.filter(|percent| is_odd(*percent)) else {
        return;
    };
    if extension.scale_metric == Some("memory") {
        let known = case.facts.release().has(Behaviour::AutoScalingField);
        report(
            findings,
            scaled.at("scaleTarget"),
            percent,
            known.then(|| patch(scaled, percent)),
        );
    }
}

fn report(findings: &mut Findings<'_>, at: String, percent: i64, patch: Option<Vec<Value>>) {
    let message = format!(
        "the memory target {percent} is {percent} % of what the pod requests, not MiB, and a pod does not come \
        to use that much"
    );
    let mut advice = Advice::help(
        "write a percentage of the memory requested, or an amount under autoScaling, as AverageValue",
    );
    if let Some(patch) = patch {
        advice = advice.review(patch);
    }
    findings.push(Report::at(at, message).advice(advice));
}

fn mebibytes(number: i64) -> Value {
    json!({"type": "AverageValue", "averageValue": format!("{number}Mi")})
}

fn patch(scaled: &Scaled<'_>, number: i64) -> Vec<Value> {
    let resource = json!({"name": "memory", "target": mebibytes(number)});
    let scaling = json!({"metrics": [{"type": "Resource", "resource": resource}]});
    vec![
        remove(&scaled.at("scaleMetric")),
        remove(&scaled.at("scaleTarget")),
        add(&scaled.at("autoScaling"), scaling),
    ]
}

/// Whether KServe refuses the object for a percentage.
fn refuses_percentage(case: &Case<'_>) -> bool {
    let refusal = case.admission.kserve.as_deref().unwrap_or_default();
    refusal.contains("should be a [1-100] integer")
}

/// The container's memory limit in percent of its request, where both are written.
fn room(component: &Component<'_>) -> Option<f64> {
    let resources = written_resources(component)?;
    let memory = |list: &str| {
        let amount = resources.get(list)?.get("memory")?;
        Some(Quantity::from_json(amount).ok()?.approximate())
    };
    Some(memory("limits")? / memory("requests")? * 100.0)
}
