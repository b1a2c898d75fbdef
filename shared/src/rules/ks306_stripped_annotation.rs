//! See [`KS306`].

use super::case::Inert;
use super::findings::{Advice, add, remove};
use super::rule::{Check, rule};
use crate::explain::Severity;
use crate::go::parse_int;
use crate::knative::annotations::{AUTOSCALING_GROUP, MAX_SCALE, MIN_SCALE};
use crate::kserve::annotations::AUTOSCALER_CLASS;
use crate::manifest::Extension;

rule! {
    /// ## What it does
    ///
    /// Finds annotations about scaling that KServe strips from everything it makes: `autoscaling.knative.dev/min-scale`
    /// and `max-scale`, and whatever the administrator lists in `serviceAnnotationDisallowedList`.
    ///
    /// ## Why it matters
    ///
    /// Knative's documentation bounds a workload by these two annotations, and on an InferenceService they are gone
    /// before Knative sees them. KServe writes both itself, from `minReplicas` and `maxReplicas`: without the fields
    /// one pod stays and there is no upper bound, whatever the annotations say.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/min-scale: "0"
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
    ///     autoscaling.knative.dev/max-scale: "5"
    /// spec:
    ///   predictor:
    ///     maxReplicas: 3
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
    ///     minReplicas: 0
    ///     maxReplicas: 5
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review where the field is free: the annotation becomes the field, and counts from then on. Safe where the
    /// field is written already, or the annotation is of another kind: it is removed.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/constants/constants.go`, `ServiceAnnotationDisallowedList`;
    ///   `pkg/apis/serving/v1beta1/configmap.go`
    /// - kserve/kserve 0.20, `pkg/controller/v1alpha1/utils/utils.go`, `SetAutoScalingAnnotations`
    KS306: "stripped-annotation", Error, "an annotation that KServe strips",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let (scaled, pointer) = (inert.scaled, inert.setting.pointer.as_str());
    let key = pointer
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .replace("~1", "/");
    let text = inert.setting.value.as_str().unwrap_or_default();
    let Some(field) = field(&key) else {
        // Lists of annotations to strip are there to strip them: only what bears on scaling is missed.
        let scales = key.starts_with(AUTOSCALING_GROUP) || key == AUTOSCALER_CLASS;
        let help =
            "remove it, or take it from serviceAnnotationDisallowedList in inferenceservice-config";
        let advice = Advice::help(help)
            .severity(Severity::Warning)
            .safe(vec![remove(pointer)]);
        return scales.then_some(advice);
    };
    let extension = scaled.extension?;
    let number = parse_int(text, 32).ok().filter(|number| *number >= 0);
    if number == Some(in_effect(extension, field)) {
        return None;
    }
    if scaled.is_written(field) {
        let help = format!("remove it: {field} says what counts");
        return Some(
            Advice::help(help)
                .severity(Severity::Warning)
                .safe(vec![remove(pointer)]),
        );
    }
    match number.filter(|number| fits(extension, field, *number)) {
        Some(number) => {
            let patch = vec![remove(pointer), add(&scaled.at(field), number)];
            Some(Advice::help(format!("write {field}: {number} instead")).review(patch))
        }
        None => Some(Advice::help(format!("write {field} instead"))),
    }
}

fn field(key: &str) -> Option<&'static str> {
    if key == MIN_SCALE.canonical {
        Some("minReplicas")
    } else if key == MAX_SCALE.canonical {
        Some("maxReplicas")
    } else {
        None
    }
}

/// What counts for the field; what the annotation repeats is not lost.
fn in_effect(extension: &Extension<'_>, field: &str) -> i64 {
    match field {
        "minReplicas" => extension.min_replicas.unwrap_or(1),
        _ => extension.max_replicas,
    }
}

/// Whether KServe's webhook takes the number beside the other bound.
fn fits(extension: &Extension<'_>, field: &str, number: i64) -> bool {
    let (min, max) = match field {
        "minReplicas" => (number, extension.max_replicas),
        _ => (extension.min_replicas.unwrap_or(1), number),
    };
    max == 0 || min <= max
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::explain::{Finding, Safety, Severity};
    use crate::facts::{Facts, Provenance};
    use crate::rules::judge;

    fn judged(annotations: &Value, predictor: &Value, facts: &Facts) -> Option<Finding> {
        let mut predictor = predictor.clone();
        predictor["model"] =
            json!({"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris"});
        let object = json!({
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": {"name": "iris", "annotations": annotations},
            "spec": {"predictor": predictor},
        });
        judge(&object, None, facts)
            .unwrap_or_default()
            .into_iter()
            .find(|one| one.code == "KS306")
    }

    #[test]
    fn what_the_fields_say_too_is_not_lost() {
        let facts = Facts::shipped();
        let min = |text: &str| json!({"autoscaling.knative.dev/min-scale": text});
        assert!(judged(&min("1"), &json!({}), &facts).is_none());
        assert!(judged(&min("2"), &json!({"minReplicas": 2}), &facts).is_none());
        let found = judged(&min("2"), &json!({"minReplicas": 3}), &facts).unwrap();
        assert_eq!(found.severity, Severity::Warning);
        assert_eq!(found.fix.unwrap().safety, Safety::Safe);
    }

    #[test]
    fn no_field_is_written_that_the_webhook_would_refuse() {
        let min = json!({"autoscaling.knative.dev/min-scale": "5"});
        let found = judged(&min, &json!({"maxReplicas": 3}), &Facts::shipped()).unwrap();
        assert!(found.fix.is_none() && found.severity == Severity::Error);
    }

    #[test]
    fn strangers_on_the_administrators_list_are_meant_to_go() {
        let mut facts = Facts::shipped();
        let list = r#"{"serviceAnnotationDisallowedList": ["argocd.argoproj.io/tracking-id", "autoscaling.knative.dev/target"]}"#;
        let data = [
            ("inferenceService", list),
            ("deploy", r#"{"defaultDeploymentMode": "Knative"}"#),
        ];
        let data = data.map(|(key, text)| (key.to_owned(), text.to_owned()));
        facts.set_kserve_config(data.into(), Provenance::Known("a test".to_owned()));
        assert!(
            judged(
                &json!({"argocd.argoproj.io/tracking-id": "x"}),
                &json!({}),
                &facts
            )
            .is_none()
        );
        let found = judged(
            &json!({"autoscaling.knative.dev/target": "5"}),
            &json!({}),
            &facts,
        )
        .unwrap();
        assert_eq!(found.severity, Severity::Warning);
    }
}
