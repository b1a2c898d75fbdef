//! Fixes that random manifests have shown to be wrong once: see `fuzz/`.

use serde_json::{Value, json};

use crate::explain::{Finding, Safety};
use crate::facts::{Fact, Facts, FactsSource, KnativeVersion};
use crate::kserve::Release;
use crate::rules::judge;

const CLASS: &str = "autoscaling.knative.dev/class";
const TARGET: &str = "autoscaling.knative.dev/target";
const METRIC: &str = "autoscaling.knative.dev/metric";
const HPA: &str = "hpa.autoscaling.knative.dev";

fn of_kserve(release: &str) -> Facts {
    Facts::shipped().with_kserve(Fact::known(Release::parse(release).unwrap(), "a test"))
}

fn of_knative(version: &str) -> Facts {
    let version = KnativeVersion::parse(version).unwrap();
    Facts::shipped().with_knative(Fact::known(version, "a test"))
}

/// An InferenceService whose transformer, where there is one, has a container of its own.
fn service(annotations: &Value, predictor: &Value, transformer: Option<&Value>) -> Value {
    let mut object = json!({
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
        "metadata": {"name": "iris", "namespace": "default", "annotations": annotations},
        "spec": {"predictor": {"model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris"}}},
    });
    let fields = |component: &mut Value, fields: &Value| {
        for (key, value) in fields.as_object().into_iter().flatten() {
            component[key] = value.clone();
        }
    };
    fields(&mut object["spec"]["predictor"], predictor);
    if let Some(transformer) = transformer {
        object["spec"]["transformer"] =
            json!({"containers": [{"name": "kserve-container", "image": "iris"}]});
        fields(&mut object["spec"]["transformer"], transformer);
    }
    object
}

fn graph(annotations: &Value) -> Value {
    json!({
        "apiVersion": "serving.kserve.io/v1alpha1", "kind": "InferenceGraph",
        "metadata": {"name": "iris", "namespace": "default", "annotations": annotations},
        "spec": {"nodes": {"root": {"routerType": "Sequence", "steps": [{"serviceName": "iris"}]}}},
    })
}

fn found(code: &str, object: &Value, facts: &Facts) -> Vec<Finding> {
    let all = judge(object, None, facts).unwrap_or_default();
    all.into_iter().filter(|one| one.code == code).collect()
}

fn the_only(code: &str, object: &Value, facts: &Facts) -> Finding {
    let mut all = found(code, object, facts);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

#[test]
fn the_older_spelling_counts_where_knative_knows_no_other() {
    let object = service(
        &json!({"autoscaling.knative.dev/minScale": "2"}),
        &json!({}),
        None,
    );
    assert_eq!(found("KS111", &object, &Facts::shipped()).len(), 1);
    assert!(found("KS111", &object, &of_knative("1.0.0")).is_empty());
}

#[test]
fn the_newer_spelling_is_unknown_to_an_older_knative() {
    let annotations = json!({"autoscaling.knative.dev/target-burst-capacity": "10"});
    let object = service(&annotations, &json!({}), None);
    assert!(found("KS110", &object, &Facts::shipped()).is_empty());
    let finding = the_only("KS110", &object, &of_knative("1.0.0"));
    assert!(
        finding.message.contains("Knative 1.0.0 knows no"),
        "{}",
        finding.message
    );
    assert!(
        finding.help.contains("targetBurstCapacity"),
        "{}",
        finding.help
    );
}

#[test]
fn a_percentage_with_a_blank_is_none() {
    let config = |percentage: &str| {
        json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "config-autoscaler", "namespace": "knative-serving"},
            "data": {"container-concurrency-target-percentage": percentage},
        })
    };
    assert_eq!(found("KS604", &config("1"), &Facts::shipped()).len(), 1);
    assert!(found("KS604", &config(" 1"), &Facts::shipped()).is_empty());
}

#[test]
fn the_bound_of_a_graph_is_an_annotation_until_its_fields_count() {
    let patched = |release: &str| {
        let finding = the_only("KS303", &graph(&json!({CLASS: HPA})), &of_kserve(release));
        finding.fix.unwrap().patch[0]["path"].clone()
    };
    assert_eq!(
        patched("0.14.1"),
        "/metadata/annotations/autoscaling.knative.dev~1max-scale"
    );
    assert_eq!(patched("0.20.0"), "/spec/maxReplicas");
}

#[test]
fn a_target_that_others_share_is_not_lowered_to_the_limit_of_one() {
    let one = json!({"containerConcurrency": 4});
    let alone = service(&json!({TARGET: "80"}), &one, None);
    assert!(the_only("KS220", &alone, &Facts::shipped()).fix.is_some());
    let shared = service(&json!({TARGET: "80"}), &one, Some(&json!({})));
    assert!(the_only("KS220", &shared, &Facts::shipped()).fix.is_none());
}

#[test]
fn a_fraction_that_others_share_is_cut_after_a_review_only() {
    let queue = json!({"annotations": {CLASS: HPA, METRIC: "queue_length"}, "maxReplicas": 3});
    let safety = |transformer| {
        let object = service(&json!({TARGET: "10.9"}), &queue, transformer);
        the_only("KS208", &object, &Facts::shipped())
            .fix
            .unwrap()
            .safety
    };
    assert_eq!(safety(None), Safety::Safe);
    assert_eq!(safety(Some(&json!({}))), Safety::NeedsReview);
}

#[test]
fn components_on_metrics_of_both_classes_are_not_mended_to_and_fro() {
    let memory = json!({"scaleMetric": "memory", "maxReplicas": 3});
    let refused = service(&json!({METRIC: "concurrency"}), &json!({}), Some(&memory));
    assert!(the_only("KS120", &refused, &Facts::shipped()).fix.is_none());
    let under_hpa = service(
        &json!({METRIC: "concurrency", TARGET: "10", CLASS: HPA}),
        &json!({}),
        Some(&memory),
    );
    let found = found("KS207", &under_hpa, &Facts::shipped());
    assert!(
        !found.is_empty() && found.iter().all(|one| one.fix.is_none()),
        "{found:#?}"
    );
}

#[test]
fn an_annotation_that_kserve_strips_is_no_mend() {
    let config = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "inferenceservice-config", "namespace": "kserve"},
        "data": {"inferenceService": format!("{{\"serviceAnnotationDisallowedList\": [\"{TARGET}\"]}}")},
    });
    let container = json!([{
        "name": "kserve-container", "image": "iris", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}},
    }]);
    let fields =
        json!({"scaleMetric": "memory", "maxReplicas": 3, "model": null, "containers": container});
    let object = service(&json!({CLASS: HPA}), &fields, None);
    assert!(the_only("KS203", &object, &Facts::shipped()).fix.is_some());
    let facts = Facts::from_objects([&config], FactsSource::Snapshot);
    assert!(the_only("KS203", &object, &facts).fix.is_none());
}

#[test]
fn stop_is_not_mended_where_no_release_stops() {
    let object = service(
        &json!({}),
        &json!({"annotations": {"serving.kserve.io/stop": "yes"}}),
        None,
    );
    assert!(the_only("KS107", &object, &Facts::shipped()).fix.is_some());
    assert!(
        the_only("KS107", &object, &of_kserve("0.14.1"))
            .fix
            .is_none()
    );
}

#[test]
fn false_in_capitals_stops_nothing_and_says_so() {
    let predictor = json!({"annotations": {"serving.kserve.io/stop": "False"}});
    assert!(
        found(
            "KS107",
            &service(&json!({}), &predictor, None),
            &Facts::shipped()
        )
        .is_empty()
    );
    assert!(
        found(
            "KS107",
            &graph(&json!({"serving.kserve.io/stop": "False"})),
            &Facts::shipped()
        )
        .is_empty()
    );
}

#[test]
fn nobody_is_told_to_request_concurrency() {
    let sidecar = json!([{"name": "sidecar", "image": "iris"}]);
    let fields = |metric: &str| json!({"scaleMetric": metric, "scaleTarget": 2, "maxReplicas": 3, "containers": sidecar});
    let standard = json!({"serving.kserve.io/deploymentMode": "RawDeployment"});
    let facts = of_kserve("0.14.1");
    assert!(!found("KS403", &service(&standard, &fields("cpu"), None), &facts).is_empty());
    assert!(
        found(
            "KS403",
            &service(&standard, &fields("concurrency"), None),
            &facts
        )
        .is_empty()
    );
}
