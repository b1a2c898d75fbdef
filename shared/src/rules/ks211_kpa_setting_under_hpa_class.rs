//! See [`KS211`].

use super::case::{Inert, Scaled};
use super::findings::{Advice, remove};
use super::rule::{Check, rule};
use crate::knative::annotations::{AUTOSCALING, Key, POD_RETENTION, SCALE_DOWN_DELAY, WINDOW};
use crate::manifest::escape;

rule! {
    /// ## What it does
    ///
    /// Finds annotations that only Knative's own autoscaler reads, under the class `hpa.autoscaling.knative.dev`:
    /// target-utilization-percentage, target-burst-capacity, panic-window-percentage, panic-threshold-percentage,
    /// scale-down-delay, scale-to-zero-pod-retention-period, activation-scale and metric-aggregation-algorithm.
    ///
    /// ## Why it matters
    ///
    /// Knative checks them for every class and then uses them for one. Under the HPA class they do nothing: there is no
    /// panic, no share of the target, and the last pod always stays.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///     autoscaling.knative.dev/scale-down-delay: 5m
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleMetric: cpu
    ///     scaleTarget: 80
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: what is removed has no effect. There is no fix where another component may read it, or where the annotation is
    /// there a second time, on another level or in another spelling.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/resources/hpa.go`, `pkg/apis/autoscaling/register.go`
    KS211: "kpa-setting-under-hpa-class", Warning, "a setting of Knative's own autoscaler under the HPA class",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let pointer = inert.setting.pointer.as_str();
    let is = |key: &str| pointer.ends_with(&*escape(key));
    let delays = [SCALE_DOWN_DELAY, POD_RETENTION];
    let delays = delays
        .iter()
        .any(|key| is(key.canonical) || key.alias.is_some_and(is));
    let help = if delays {
        format!("remove it; {} slows the HPA down", WINDOW.canonical)
    } else {
        "remove it, or leave the scaling to Knative's own autoscaler".to_owned()
    };
    let advice = Advice::help(help);
    Some(if may_count(inert) {
        advice
    } else {
        advice.safe(vec![remove(pointer)])
    })
}

/// Whether another component reads the same annotation, or this one would read another spelling or level of it once it is
/// gone: even what has no effect can be refused.
fn may_count(inert: &Inert<'_>) -> bool {
    let pointer = inert.setting.pointer.as_str();
    let all_hpa = inert.case.scaled.iter().all(Scaled::is_knative_hpa);
    if inert.case.is_shared(pointer) && !all_hpa {
        return true;
    }
    let is_it = |name: &str| pointer.ends_with(&*escape(name));
    let is_of = |key: &&Key| is_it(key.canonical) || key.alias.is_some_and(is_it);
    let Some(key) = AUTOSCALING.iter().find(is_of) else {
        return false;
    };
    let names = inert.scaled.written.iter().flat_map(|(_, map)| map.keys());
    let same = names.filter(|name| *name == key.canonical || Some(name.as_str()) == key.alias);
    same.count() > 1
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::Facts;
    use crate::rules::judge;

    const CLASS: &str = "autoscaling.knative.dev/class";
    const HPA: &str = "hpa.autoscaling.knative.dev";

    /// Whether each finding has a fix.
    fn fixes(object: &Value, predictor: &Value, transformer: Option<Value>) -> Vec<bool> {
        let model = json!({"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris"});
        let mut service = json!({
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": {"name": "iris", "namespace": "default", "annotations": object},
            "spec": {"predictor": {"maxReplicas": 3, "annotations": predictor, "model": model}},
        });
        if let Some(annotations) = transformer {
            let containers = json!([{"name": "kserve-container", "image": "iris"}]);
            service["spec"]["transformer"] =
                json!({"annotations": annotations, "containers": containers});
        }
        let found = judge(&service, None, &Facts::shipped()).unwrap_or_default();
        let found = found.iter().filter(|one| one.code == "KS211");
        found.map(|one| one.fix.is_some()).collect()
    }

    #[test]
    fn what_another_level_or_spelling_would_replace_stays() {
        let delay =
            |value: &str| json!({CLASS: HPA, "autoscaling.knative.dev/scale-down-delay": value});
        assert_eq!(fixes(&json!({CLASS: HPA}), &delay("5m"), None), [true]);
        // Knative refuses two hours, and would see them.
        let object = json!({"autoscaling.knative.dev/scale-down-delay": "2h"});
        assert!(!fixes(&object, &delay("5m"), None).contains(&true));
        let mut both = delay("5m");
        both["autoscaling.knative.dev/scaleDownDelay"] = json!("2h");
        assert_eq!(fixes(&json!({}), &both, None), [false]);
    }

    #[test]
    fn what_another_component_reads_stays() {
        let object = json!({"autoscaling.knative.dev/scale-down-delay": "5m"});
        let hpa = json!({CLASS: HPA});
        assert_eq!(fixes(&object, &hpa, Some(json!({}))), [false]);
        assert_eq!(fixes(&object, &hpa, Some(hpa.clone())), [true]);
    }
}
