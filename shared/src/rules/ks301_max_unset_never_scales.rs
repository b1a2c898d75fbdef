//! See [`KS301`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, add};
use super::rule::{Check, rule};
use crate::kserve::annotations::{AUTOSCALER_CLASS, METRIC, METRICS, TARGET_UTILIZATION};

rule! {
    /// ## What it does
    ///
    /// Finds workloads in Standard mode of the class hpa or keda that say how to scale and have no `maxReplicas`.
    ///
    /// ## Why it matters
    ///
    /// KServe turns a missing `maxReplicas` into the number of `minReplicas`, which is 1 where none is written. The
    /// autoscaler is made, its bounds are one number, and it never scales, whatever the load is. KServe's own example
    /// of an HPA was published without the field. In Knative mode a missing `maxReplicas` means no upper bound, so a
    /// manifest that scales there stops to do so in Standard mode.
    ///
    /// Workloads that say nothing about scaling are left alone: one pod is what they ask for.
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
    ///     serving.kserve.io/autoscalerClass: hpa
    /// spec:
    ///   predictor:
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
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/autoscalerClass: hpa
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 80
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: the workload scales from then on, and the number is an invention. It leaves room for twice the
    /// `minReplicas`, and for 3 at least.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/reconcilers/hpa/hpa_reconciler.go` and
    ///   `reconcilers/keda/keda_reconciler.go`
    KS301: "max-unset-never-scales", Error, "no maxReplicas where it then equals minReplicas",
    Check::Component(check)
}

/// Fields that say how to scale.
const FIELDS: [&str; 3] = ["scaleMetric", "scaleTarget", "autoScaling"];

/// Annotations that say so, those that nothing reads any more among them.
const ANNOTATIONS: [&str; 3] = [TARGET_UTILIZATION, METRICS, METRIC];

fn check(_case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let (Some(standard), Some(extension)) = (scaled.standard, scaled.extension) else {
        return;
    };
    // KServe sets the bounds of canaries itself, and refuses a maxReplicas there.
    let is_canary = scaled.pointer.starts_with("/spec/canary/");
    if !matches!(standard.class.as_str(), "hpa" | "keda")
        || extension.max_replicas != 0
        || is_canary
    {
        return;
    }
    let Some(pointer) = intent(scaled) else {
        return;
    };
    let min = scaled.explained.min_replicas.unwrap_or(1);
    let room = room(min);
    let message = format!(
        "without maxReplicas it becomes minReplicas: the bounds are {min} and {min}, and nothing ever scales"
    );
    let help = format!(
        "write maxReplicas under {}, such as {room}",
        crate::explain::dotted(scaled.pointer)
    );
    let advice = Advice::help(help).review(vec![add(&scaled.at("maxReplicas"), room)]);
    findings.push(Report::at(pointer, message).advice(advice));
}

/// A maximum that leaves room to scale: twice the minimum, and 3 at least.
pub(super) fn room(min: i64) -> i64 {
    min.saturating_mul(2).clamp(3, i32::MAX.into())
}

/// What shows that the author wants it to scale.
fn intent(scaled: &Scaled<'_>) -> Option<String> {
    // What KServe's HPA cannot scale on is a mistake of its own, and was meant for Knative, which needs no maxReplicas.
    let metric = scaled
        .extension
        .and_then(|extension| extension.scale_metric);
    let fits = metric.is_none_or(|metric| matches!(metric, "cpu" | "memory"));
    let field = FIELDS
        .into_iter()
        .find(|field| (fits || *field == "autoScaling") && scaled.is_written(field));
    if let Some(field) = field {
        return Some(scaled.at(field));
    }
    let own = |key: &str| {
        let found = scaled.annotation(key)?;
        // An annotation of the object speaks for all of its components, and may mean another one than this.
        let speaks = scaled.component.is_none_or(|one| {
            one.kind.as_str() == "predictor" || found.0.starts_with(scaled.pointer)
        });
        speaks.then_some(found)
    };
    let class = own(AUTOSCALER_CLASS).filter(|(_, class)| matches!(*class, "hpa" | "keda"));
    class
        .or_else(|| ANNOTATIONS.iter().find_map(|key| own(key)))
        .map(|(pointer, _)| pointer)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::Facts;
    use crate::rules::judge;

    fn found(predictor: Value, class: Option<&str>) -> Vec<String> {
        let mut predictor = predictor;
        predictor["model"] =
            json!({"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris"});
        let mut object = json!({
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": {
                "name": "iris", "namespace": "default",
                "annotations": {"serving.kserve.io/deploymentMode": "Standard"},
            },
            "spec": {"predictor": predictor},
        });
        if let Some(class) = class {
            object["metadata"]["annotations"]["serving.kserve.io/autoscalerClass"] = json!(class);
        }
        let findings = judge(&object, None, &Facts::shipped()).unwrap_or_default();
        findings
            .into_iter()
            .filter(|one| one.code == "KS301")
            .map(|one| one.pointer)
            .collect()
    }

    #[test]
    fn a_bare_service_is_right() {
        assert!(found(json!({}), None).is_empty());
        assert!(found(json!({"minReplicas": 2}), None).is_empty());
        assert!(found(json!({"minReplicas": 2}), Some("none")).is_empty());
    }

    #[test]
    fn a_class_that_is_written_wants_to_scale() {
        let at = "/metadata/annotations/serving.kserve.io~1autoscalerClass";
        assert_eq!(found(json!({}), Some("hpa")), [at]);
        assert!(found(json!({"maxReplicas": 1}), Some("hpa")).is_empty());
    }

    #[test]
    fn settings_for_knative_say_nothing_about_an_hpa() {
        let knative = json!({"scaleMetric": "concurrency", "scaleTarget": 5});
        assert!(found(knative.clone(), None).is_empty());
        assert_eq!(found(knative, Some("hpa")).len(), 1);
    }

    #[test]
    fn a_target_alone_wants_to_scale() {
        assert_eq!(
            found(json!({"scaleTarget": 50}), None),
            ["/spec/predictor/scaleTarget"]
        );
    }
}
