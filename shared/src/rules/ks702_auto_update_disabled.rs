//! See [`KS702`].

use super::case::{Case, Workload};
use super::findings::{Advice, Findings, Report, remove};
use super::rule::{Check, rule};
use crate::explain::Severity;
use crate::kserve::annotations::DISABLE_AUTO_UPDATE;
use crate::kserve::{Behaviour, Gate};
use crate::manifest::child;

rule! {
    /// ## What it does
    ///
    /// Finds the annotation `serving.kserve.io/disable-auto-update` with the value `true`, since KServe 0.16.
    ///
    /// ## Why it matters
    ///
    /// It was made to keep services from rolling when a ServingRuntime changes. It does more: while the service is
    /// ready, the controller leaves before it looks at anything, so that edits of `minReplicas`, of the model, of
    /// everything, are accepted and not applied. They are applied all at once when the service stops being ready for a
    /// moment. On an object that is ready this is a warning, in a manifest advice.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/disable-auto-update: "true"
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
    /// spec:
    ///   predictor:
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
    ///   annotations:
    ///     serving.kserve.io/disable-auto-update: "false"
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
    /// Needs review: edits that wait are applied once the annotation is gone.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.16 to 0.20, `pkg/controller/v1beta1/inferenceservice/controller.go`
    KS702: "auto-update-disabled", Warning, "disable-auto-update, which keeps edits from being applied",
    Check::Workload(check)
}

fn check(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Workload::InferenceService(prediction) = case.workload else {
        return;
    };
    let disabled = prediction.service.annotation(DISABLE_AUTO_UPDATE) == Some("true");
    if !disabled || !case.facts.release().has(Behaviour::AutoUpdateSwitch) {
        return;
    }
    let (severity, message) = if matches!(prediction.gate, Some(Gate::AutoUpdateDisabled)) {
        (
            Severity::Warning,
            "KServe applies no edit of this service while it is ready, scaling included",
        )
    } else {
        (
            Severity::Info,
            "once this service is ready, KServe applies no edit of it any more, scaling included",
        )
    };
    let pointer = child("/metadata/annotations", DISABLE_AUTO_UPDATE);
    let advice = Advice::help("remove the annotation to have edits applied")
        .severity(severity)
        .review(vec![remove(&pointer)]);
    findings.push(Report::at(pointer, message).advice(advice));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::explain::Severity;
    use crate::facts::{Fact, Facts};
    use crate::kserve::Release;
    use crate::rules::judge;

    #[test]
    fn it_is_worse_on_a_service_that_is_ready_and_nothing_before_0_16() {
        let mut object = json!({
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": {
                "name": "iris", "namespace": "default",
                "annotations": {"serving.kserve.io/disable-auto-update": "true"},
            },
            "spec": {"predictor": {"model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris"}}},
        });
        let severity = |object: &serde_json::Value, facts: &Facts| {
            let found = judge(object, None, facts).unwrap_or_default();
            found
                .iter()
                .find(|one| one.code == "KS702")
                .map(|one| one.severity)
        };
        let facts = Facts::shipped();
        assert_eq!(severity(&object, &facts), Some(Severity::Info));
        object["status"] = json!({"conditions": [{"type": "Ready", "status": "True"}]});
        assert_eq!(severity(&object, &facts), Some(Severity::Warning));
        let older = facts.with_kserve(Fact::known(Release::new(0, 15, 2), "a test"));
        assert_eq!(severity(&object, &older), None);
    }
}
