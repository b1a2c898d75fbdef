//! See [`KS311`].

use super::case::Inert;
use super::findings::{Advice, moved};
use super::ks310_misplaced_field::is_of_its_type;
use super::rule::{Check, rule};
use crate::explain::{Severity, nearest_field};

rule! {
    /// ## What it does
    ///
    /// Finds fields of a component, or of a graph, that the API does not have. Where one comes close to a scaling
    /// field, that field is named.
    ///
    /// ## Why it matters
    ///
    /// The API server drops what it does not know. `minReplica: 0` reads like a setting, is accepted, and is gone; the
    /// workload runs with the default.
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
    ///     minReplica: 0
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
    /// spec:
    ///   maxreplicas: 5
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
    ///     minReplicas: 0
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review where a scaling field was meant: its value counts from then on. There is no fix for other fields,
    /// nor where the field that was meant is written too.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/component.go` and `podspec.go`
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1alpha1/inference_graph.go`
    KS311: "unknown-field", Error, "a field that the API does not have",
    Check::Inert(advise)
}

/// The scaling fields that a graph has too.
const OF_A_GRAPH: [&str; 5] = [
    "minReplicas",
    "maxReplicas",
    "scaleTarget",
    "scaleMetric",
    "timeout",
];

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let pointer = inert.setting.pointer.as_str();
    let name = pointer.rsplit('/').next().unwrap_or_default();
    // A graph has few of the fields of a component.
    let has = |field: &&str| inert.scaled.component.is_some() || OF_A_GRAPH.contains(field);
    let meant = nearest_field(name)
        .filter(has)
        .filter(|field| !inert.scaled.is_written(field));
    let Some(meant) = meant else {
        return Some(
            Advice::help("remove it, or see which field was meant").severity(Severity::Warning),
        );
    };
    let advice = Advice::help(format!("write {meant}"));
    if !is_of_its_type(meant, &inert.setting.value) {
        return Some(advice);
    }
    Some(advice.review(vec![moved(pointer, &inert.scaled.at(meant))]))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::explain::{Finding, Severity};
    use crate::facts::Facts;
    use crate::rules::judge;

    fn judged(field: &str, value: Value) -> Finding {
        let mut object = json!({
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": {"name": "iris", "namespace": "default"},
            "spec": {"predictor": {"model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris"}}},
        });
        object["spec"]["predictor"][field] = value;
        let findings = judge(&object, None, &Facts::shipped()).unwrap_or_default();
        findings
            .into_iter()
            .find(|one| one.code == "KS311")
            .unwrap()
    }

    #[test]
    fn only_a_near_miss_of_a_scaling_field_is_an_error() {
        assert_eq!(judged("parallelism", json!(1)).severity, Severity::Warning);
        let near = judged("autoscaling", json!({"metrics": []}));
        assert_eq!(near.severity, Severity::Error);
        assert!(near.fix.is_some());
    }

    #[test]
    fn a_value_that_kserve_would_refuse_is_not_moved() {
        assert!(judged("minReplica", json!("0")).fix.is_none());
    }
}
