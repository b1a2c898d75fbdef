//! That the explanation agrees with the prediction is held against the corpus; here is what only the explanation says.

use serde_json::{Value, json};

use super::*;
use crate::explain::types::{Explanation, InertSetting, Reason, System};
use crate::facts::{Fact, KnativeVersion, Provenance};
use crate::kserve::Release;

const STANDARD: (&str, &str) = ("serving.kserve.io/deploymentMode", "Standard");

fn graph(annotations: &[(&str, &str)], fields: Value) -> Value {
    let annotations: serde_json::Map<String, Value> = annotations
        .iter()
        .map(|(key, value)| ((*key).to_owned(), json!(value)))
        .collect();
    let mut spec = fields;
    spec["nodes"] = json!({"root": {"routerType": "Sequence", "steps": [{"serviceName": "a"}]}});
    json!({
        "apiVersion": "serving.kserve.io/v1alpha1",
        "kind": "InferenceGraph",
        "metadata": {"name": "g", "namespace": "ml", "annotations": annotations},
        "spec": spec,
    })
}

fn explained(value: &Value, facts: &Facts) -> Explanation {
    crate::explain::explain(value, facts).unwrap()
}

fn known(release: Release) -> Facts {
    Facts::shipped().with_kserve(Fact::known(release, "test"))
}

fn newest(annotations: &[(&str, &str)], fields: Value) -> Explanation {
    explained(&graph(annotations, fields), &known(Release::NEWEST))
}

fn reason<'a>(explained: &'a Explanation, field: &str) -> &'a Reason {
    let because = &explained.components[0].because;
    because.iter().find(|link| link.field == field).unwrap()
}

fn inert<'a>(explained: &'a Explanation, pointer: &str) -> Option<&'a InertSetting> {
    let inert = &explained.components[0].inert;
    inert.iter().find(|setting| setting.pointer == pointer)
}

#[test]
fn bounds_and_metric_say_where_they_stand() {
    let fields = json!({"minReplicas": 0, "scaleMetric": "rps", "scaleTarget": 10});
    let answer = newest(&[], fields);
    let router = &answer.components[0];
    assert_eq!(router.name, "router");
    assert!(router.scale_to_zero);
    for field in ["minReplicas", "metric", "target"] {
        assert!(reason(&answer, field).pointer.is_some(), "{field}");
    }
    assert_eq!(
        reason(&answer, "minReplicas").pointer.as_deref(),
        Some("/spec/minReplicas")
    );
}

#[test]
fn a_percentage_is_of_the_routers_requests() {
    let answer = newest(&[STANDARD], json!({}));
    let requests = reason(&answer, "requests");
    assert_eq!(requests.value, "g 100m");
    assert_eq!(
        requests.source,
        "ConfigMap inferenceservice-config, router (assumed)"
    );
    let own = json!({"resources": {"requests": {"cpu": "2"}}});
    let class = (CLASS.canonical, "hpa.autoscaling.knative.dev");
    let answer = newest(&[class], own);
    let requests = reason(&answer, "requests");
    assert_eq!(requests.value, "user-container 2 + queue-proxy 25m");
    assert_eq!(requests.pointer.as_deref(), Some("/spec/resources"));
}

#[test]
fn resources_without_a_cpu_request_are_said_to_scale_nothing() {
    let own = json!({"resources": {"limits": {"memory": "2Gi"}}});
    let answer = newest(&[STANDARD], own);
    assert!(
        reason(&answer, "requests")
            .effect
            .contains("nothing scales")
    );
}

#[test]
fn a_router_that_the_config_map_leaves_out_is_the_reason() {
    let mut facts = known(Release::NEWEST);
    let data = [("deploy", r#"{"defaultDeploymentMode": "Standard"}"#)];
    facts.set_kserve_config(
        data.map(|(key, text)| (key.to_owned(), text.to_owned()))
            .into(),
        Provenance::Known("test".to_owned()),
    );
    let answer = explained(&graph(&[], json!({})), &facts);
    assert!(
        answer.components[0]
            .failure
            .as_ref()
            .unwrap()
            .starts_with("Failed to parse resource configuration for router")
    );
    assert_eq!(
        reason(&answer, "router").source,
        "ConfigMap inferenceservice-config, router"
    );
}

#[test]
fn settings_of_the_other_mode_have_no_effect() {
    let standard = "serving.kserve.io/autoscalerClass";
    let knative = "/metadata/annotations/autoscaling.knative.dev~1target";
    let both = [(standard, "hpa"), ("autoscaling.knative.dev/target", "5")];
    let answer = newest(&both, json!({"timeout": 30, "nodeName": "n"}));
    assert!(
        inert(
            &answer,
            "/metadata/annotations/serving.kserve.io~1autoscalerClass"
        )
        .is_some()
    );
    assert!(inert(&answer, "/spec/nodeName").is_some());
    assert!(inert(&answer, knative).is_none());
    assert!(inert(&answer, "/spec/timeout").is_none());
    let answer = newest(
        &[both[0], both[1], STANDARD],
        json!({"timeout": 30, "nodeName": "n"}),
    );
    assert!(inert(&answer, "/spec/timeout").is_some());
    assert!(inert(&answer, knative).is_some());
    assert!(inert(&answer, "/spec/nodeName").is_none());
}

#[test]
fn min_scale_is_always_overwritten_and_max_scale_by_a_field() {
    let written = [
        ("autoscaling.knative.dev/min-scale", "3"),
        ("autoscaling.knative.dev/max-scale", "9"),
    ];
    let min = "/metadata/annotations/autoscaling.knative.dev~1min-scale";
    let max = "/metadata/annotations/autoscaling.knative.dev~1max-scale";
    let answer = newest(&written, json!({}));
    assert!(inert(&answer, min).is_some() && inert(&answer, max).is_none());
    assert_eq!(answer.components[0].max_replicas, Some(9));
    let answer = newest(&written, json!({"maxReplicas": 2}));
    assert!(inert(&answer, max).is_some());
    // Before 0.15.1 it was the other way round.
    let old = known(Release::new(0, 15, 0));
    let answer = explained(&graph(&written, json!({"maxReplicas": 2})), &old);
    assert!(inert(&answer, min).is_none() && inert(&answer, "/spec/maxReplicas").is_some());
    assert_eq!(answer.components[0].min_replicas, Some(3));
    assert_eq!(reason(&answer, "minReplicas").pointer.as_deref(), Some(min));
}

#[test]
fn bounds_that_standard_mode_corrects_are_named() {
    let answer = newest(&[STANDARD], json!({"minReplicas": 5, "maxReplicas": 2}));
    assert_eq!(
        inert(&answer, "/spec/maxReplicas").unwrap().why,
        "less than minReplicas: KServe raises it to 5"
    );
    for min in [0, -1] {
        let answer = newest(&[STANDARD], json!({"minReplicas": min}));
        assert!(inert(&answer, "/spec/minReplicas").is_some(), "{min}");
    }
    let answer = newest(&[STANDARD], json!({"minReplicas": 1, "maxReplicas": 1}));
    assert!(answer.components[0].inert.is_empty());
}

#[test]
fn a_near_miss_is_named_and_a_field_of_a_later_release_dated() {
    let answer = newest(&[], json!({"maxReplica": 3}));
    let why = &inert(&answer, "/spec/maxReplica").unwrap().why;
    assert!(why.ends_with("did you mean maxReplicas?"), "{why}");
    let old = known(Release::new(0, 14, 1));
    let answer = explained(&graph(&[], json!({"tolerations": []})), &old);
    let why = &inert(&answer, "/spec/tolerations").unwrap().why;
    assert!(why.contains("0.15.0 does"), "{why}");
}

#[test]
fn a_mode_that_is_refused_later_is_no_setting_without_effect() {
    let mut facts = known(Release::NEWEST);
    let mut data = crate::kserve::KserveConfig::shipped_data(Release::NEWEST);
    data.insert(
        "deploy".to_owned(),
        r#"{"defaultDeploymentMode": "Standard"}"#.to_owned(),
    );
    facts.set_kserve_config(data, Provenance::Known("test".to_owned()));
    let typo = graph(&[(STANDARD.0, "Raw")], json!({}));
    let answer = explained(&typo, &facts);
    assert!(
        answer.components[0]
            .failure
            .as_ref()
            .unwrap()
            .ends_with("unsupported deployment mode for workload: Raw")
    );
    assert!(answer.components[0].inert.is_empty());
}

#[test]
fn a_stopped_graph_makes_nothing_unless_the_controller_fails_first() {
    let stop = (STOP, "TRUE");
    for mode in ["Standard", "Knative"] {
        let answer = newest(&[stop, (STANDARD.0, mode)], json!({}));
        let router = &answer.components[0];
        assert_eq!(router.autoscaler, Autoscaler::Stopped);
        assert!(router.creates.is_empty() && router.class.is_none());
    }
    let mut facts = known(Release::NEWEST);
    facts.knative_installed = Fact::known(false, "test");
    let answer = explained(&graph(&[stop], json!({})), &facts);
    assert_eq!(answer.components[0].autoscaler, Autoscaler::Unmanaged);
}

#[test]
fn other_releases_are_told_of_only_while_the_release_is_assumed() {
    let value = graph(&[], json!({"maxReplicas": 3}));
    let notes = explained(&value, &Facts::shipped()).versions;
    let spans: Vec<_> = notes
        .iter()
        .map(|note| (note.system, note.from.as_str(), note.until.as_str()))
        .collect();
    // KServe stamps the field since 0.15.1, under a name that Knative reads since 1.1.
    let expected = [
        (System::Kserve, "0.11.0", "0.15.1"),
        (System::Knative, "1.0.0", "1.1.0"),
    ];
    assert_eq!(spans, expected);
    let known = known(Release::NEWEST).with_knative(Fact::known(KnativeVersion::NEWEST, "test"));
    assert!(explained(&value, &known).versions.is_empty());
}

#[test]
fn what_does_not_decode_has_no_router() {
    let answer = newest(&[], json!({"minReplicas": "two"}));
    assert!(answer.components.is_empty());
    assert!(answer.admission.kserve.is_some());
}

#[test]
fn what_knative_refuses_says_where_the_annotations_come_from() {
    let fields = json!({"minReplicas": 5, "maxReplicas": 2});
    let answer = newest(&[], fields);
    assert!(answer.admission.knative.is_some());
    assert_eq!(answer.components[0].min_replicas, None);
    for (field, value) in [("minReplicas", 5), ("maxReplicas", 2)] {
        let reason = reason(&answer, field);
        assert_eq!(reason.value, value);
        assert_eq!(reason.pointer, Some(format!("/spec/{field}")));
    }
}
