//! See [`KS308`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, add, annotate};
use super::rule::{Check, rule};
use crate::knative::annotations::{Key, MAX_SCALE, MIN_SCALE};

rule! {
    /// ## What it does
    ///
    /// Finds a `minReplicas`, or a `min-scale`, above the `max-scale` of the cluster's config-autoscaler, on a workload
    /// of Knative's own autoscaler that has no maximum of its own; and a `max-scale` below the cluster's `min-scale`, on
    /// a Knative Service without a minimum.
    ///
    /// ## Why it matters
    ///
    /// Knative compares the bounds of a workload with each other and not with the cluster's. With a minimum of 12 and a
    /// maximum of 9, Knative runs 12 pods without load and, as soon as the load asks for more than 12, only 9. Under
    /// the HPA class the API server refuses the HPA, which another rule reports.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   max-scale: "9"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     minReplicas: 12
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   max-scale: "9"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     minReplicas: 12
    ///     maxReplicas: 20
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: a maximum is written that is the same as the minimum, which may be less than what the load needs.
    /// There is no fix where `max-scale-limit` forbids it.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/kpa/scaler.go`, `applyBounds`;
    ///   `pkg/apis/autoscaling/annotation_validation.go`
    KS308: "min-above-cluster-max", Error, "minReplicas above the cluster's max-scale",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Ok(configs) = &case.facts.knative_configs else {
        return;
    };
    let Some(pod_autoscaler) = scaled.pod_autoscaler.filter(|_| scaled.is_kpa()) else {
        return;
    };
    let (min, max) = (pod_autoscaler.bounds.min, pod_autoscaler.bounds.max);
    let key = MAX_SCALE.at(configs.release());
    if max == 0 || min <= max || !case.facts.config_autoscaler.is_known() {
        return;
    }
    let own = |key: Key| {
        let template = scaled.template;
        template.is_some_and(|template| key.get(template).is_some())
    };
    if own(key) {
        below_cluster_min(scaled, [min, max], findings);
        return;
    }
    let Some(pointer) = scaled.field_or_annotation("minReplicas", MIN_SCALE) else {
        return;
    };
    let message = format!(
        "{min} is above the cluster's max-scale of {max}, which counts here: {min} pods run without load, and {max} once the load \
         asks for more than {min}"
    );
    let (name, patch) = match scaled.extension {
        Some(_) => ("maxReplicas", vec![add(&scaled.at("maxReplicas"), min)]),
        None => {
            let map = scaled.at("metadata/annotations");
            (
                key.canonical,
                annotate(case.object, &map, key.canonical, min.to_string()),
            )
        }
    };
    let limit = configs.autoscaler.max_scale_limit;
    let advice = if limit == 0 || min <= limit {
        Advice::help(format!(
            "write {name}, {min} or more, or a minimum of {max} at most"
        ))
        .review(patch)
    } else {
        Advice::help(format!("write a minimum of {max} at most"))
    };
    findings.push(Report::at(pointer, message).advice(advice));
}

/// The other way round, which only a Knative Service can come to: KServe always writes a minimum of its own.
fn below_cluster_min(scaled: &Scaled<'_>, [min, max]: [i32; 2], findings: &mut Findings<'_>) {
    let Some((pointer, _)) = scaled.knative_annotation(MAX_SCALE) else {
        return;
    };
    let message = format!(
        "{max} is below the cluster's min-scale of {min}, which counts here: {min} pods run without load, and {max} once the load \
         asks for more than {min}"
    );
    let advice = Advice::help(format!(
        "write {}, {max} at most, or a maximum of {min} at least",
        MIN_SCALE.canonical
    ));
    findings.push(Report::at(pointer, message).advice(advice));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::facts::{Facts, Provenance};
    use crate::rules::judge;

    #[test]
    fn the_hpa_class_is_reported_by_the_refusal_alone() {
        let mut facts = Facts::shipped();
        let data = [("max-scale".to_owned(), "9".to_owned())];
        facts.set_config_autoscaler(Some(data.into()), Provenance::Known("a test".to_owned()));
        let mut object = json!({
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": {"name": "iris", "namespace": "default", "annotations": {}},
            "spec": {"predictor": {
                "minReplicas": 12,
                "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris"},
            }},
        });
        let codes = |object: &serde_json::Value| -> Vec<String> {
            judge(object, None, &facts)
                .unwrap_or_default()
                .into_iter()
                .map(|one| one.code)
                .collect()
        };
        assert_eq!(codes(&object), ["KS308"]);
        object["metadata"]["annotations"] =
            json!({"autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev"});
        let found = codes(&object);
        assert!(
            found.contains(&"KS122".to_owned()) && !found.contains(&"KS308".to_owned()),
            "{found:?}"
        );
    }

    #[test]
    fn a_maximum_below_the_clusters_minimum_is_reported_too() {
        let mut facts = Facts::shipped();
        let data = [("min-scale".to_owned(), "5".to_owned())];
        facts.set_config_autoscaler(Some(data.into()), Provenance::Known("a test".to_owned()));
        let object = json!({
            "apiVersion": "serving.knative.dev/v1", "kind": "Service",
            "metadata": {"name": "app", "namespace": "default"},
            "spec": {"template": {
                "metadata": {"annotations": {"autoscaling.knative.dev/max-scale": "2"}},
                "spec": {"containers": [{"image": "registry.example.com/app:1"}]},
            }},
        });
        let found = judge(&object, None, &facts).unwrap_or_default();
        let codes: Vec<&str> = found.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, ["KS308"]);
    }
}
