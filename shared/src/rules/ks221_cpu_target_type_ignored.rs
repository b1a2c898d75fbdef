//! See [`KS221`].

use serde_json::json;

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, replace};
use super::rule::{Check, rule};
use crate::explain::Severity;
use crate::kserve::standard::hpa::DEFAULT_UTILIZATION;
use crate::manifest::Target;

rule! {
    /// ## What it does
    ///
    /// Finds a cpu target under `autoScaling` that is an amount instead of a percentage, where KServe makes a plain
    /// HPA.
    ///
    /// ## Why it matters
    ///
    /// For cpu KServe looks neither at the type of the target nor at `value` and `averageValue`: the HPA gets
    /// `averageUtilization` or, where that is not written, 80 %. It is a warning where the percentage is written and an
    /// amount stands beside it.
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
    ///     autoScaling:
    ///       metrics:
    ///         - type: Resource
    ///           resource:
    ///             name: cpu
    ///             target:
    ///               type: AverageValue
    ///               averageValue: 500m
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
    ///             name: cpu
    ///             target:
    ///               type: Utilization
    ///               averageUtilization: 60
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe where the percentage is written and everything else of the target is removed. Needs review where there is
    /// none: the 80 % in force are written down, and the amount is gone.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `reconcilers/hpa/hpa_reconciler.go`
    KS221: "cpu-target-type-ignored", Error, "a cpu target in autoScaling that is no utilization",
    Check::Component(check)
}

fn check(_case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let is_hpa = scaled
        .standard
        .is_some_and(|standard| standard.hpa.is_some());
    let extension = scaled.extension.filter(|_| is_hpa);
    let Some(scaling) = extension.and_then(|extension| extension.auto_scaling.as_ref()) else {
        return;
    };
    for (index, metric) in scaling.metrics.iter().enumerate() {
        let Some(resource) = metric.resource.as_ref().filter(|one| one.name == "cpu") else {
            continue;
        };
        let Some(what) = ignored(&resource.target) else {
            continue;
        };
        let written = resource.target.average_utilization;
        let percent = written.unwrap_or_else(|| DEFAULT_UTILIZATION.into());
        let pointer = scaled.at(&format!("autoScaling/metrics/{index}/resource/target"));
        let message = format!(
            "{what} has no effect on cpu: KServe's HPA aims at {percent} % of the cpu requested"
        );
        let value = json!({"type": "Utilization", "averageUtilization": percent});
        let patch = vec![replace(&pointer, value)];
        let advice = Advice::help("write type Utilization and averageUtilization");
        let advice = match written {
            Some(_) => advice.severity(Severity::Warning).safe(patch),
            None => advice.review(patch),
        };
        findings.push(Report::at(pointer, message).advice(advice));
    }
}

/// What of a target is not looked at; none where it is a utilization and nothing else.
fn ignored(target: &Target<'_>) -> Option<String> {
    let amounts = [
        ("averageValue", &target.average_value),
        ("value", &target.value),
    ];
    let amount = amounts
        .iter()
        .find_map(|(field, amount)| Some(format!("{field} {}", amount.as_ref()?.text)));
    match (amount, target.kind) {
        (Some(amount), _) => Some(amount),
        // A missing type is another mistake, which the API server refuses.
        (None, "" | "Utilization") => None,
        (None, kind) => Some(format!("type {kind}")),
    }
}
