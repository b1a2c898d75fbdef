//! Rules that no single line of the corpus shows, and series of changes.

use serde_json::{Value, json};

use super::*;
use crate::facts::{Fact, Provenance};

fn graph(annotations: &Value, fields: &Value) -> Value {
    let mut value = json!({
        "metadata": {"name": "g", "namespace": "default", "annotations": annotations},
        "spec": {"nodes": {"root": {"routerType": "Sequence", "steps": [{"serviceName": "a"}]}}},
    });
    for (key, field) in fields.as_object().into_iter().flatten() {
        value["spec"][key] = field.clone();
    }
    value
}

fn facts(mode: &str, release: Release) -> Facts {
    let mut facts = Facts::shipped().with_kserve(Fact::known(release, "a test"));
    let deploy = format!(r#"{{"defaultDeploymentMode": "{mode}"}}"#);
    let data = [("deploy".to_owned(), deploy)].into_iter().collect();
    facts.set_kserve_config(data, Provenance::Known("a test".to_owned()));
    facts
}

/// Applies graphs in turn; the writes of each, and the last error.
fn series(facts: &Facts, graphs: &[Value]) -> (Vec<String>, Option<String>) {
    let mut context = GraphContext::default();
    let mut all = Vec::new();
    let mut error = None;
    for value in graphs {
        let prediction = predict(value, facts, &context).unwrap();
        let writes = prediction.operations.iter();
        let texts: Vec<String> = writes
            .map(|write| format!("{} {}", write.verb, write.object.group_kind()))
            .collect();
        all.push(texts.join(", "));
        error = prediction.failure.map(|failure| failure.text);
        context.objects = prediction.after;
    }
    (all, error)
}

#[test]
fn an_hpa_outlives_its_class_and_stands_in_keda_s_way() {
    let facts = facts("Standard", Release::MAIN);
    let class = |class: &str| graph(&json!({AUTOSCALER: class}), &json!({"maxReplicas": 3}));
    let (writes, error) = series(&facts, &[class("hpa"), class("none"), class("keda")]);
    assert_eq!(
        writes[1],
        "patch Deployment.apps, update HorizontalPodAutoscaler.autoscaling"
    );
    assert_eq!(
        writes[2],
        "patch Deployment.apps, create ScaledObject.keda.sh"
    );
    assert!(
        error
            .unwrap()
            .ends_with("is already managed by the hpa 'g'")
    );
}

const AUTOSCALER: &str = "serving.kserve.io/autoscalerClass";

#[test]
fn the_class_external_did_another_thing_to_an_hpa_in_each_age() {
    let class = |class: &str| graph(&json!({AUTOSCALER: class}), &json!({}));
    let second = |release: Release| {
        let facts = facts("RawDeployment", release);
        let (writes, _) = series(&facts, &[class("hpa"), class("external")]);
        writes[1].clone()
    };
    assert_eq!(second(Release::new(0, 12, 1)), "patch Deployment.apps");
    assert_eq!(
        second(Release::new(0, 15, 0)),
        "patch Deployment.apps, delete HorizontalPodAutoscaler.autoscaling"
    );
    assert_eq!(
        second(Release::new(0, 15, 1)),
        "patch Deployment.apps, update HorizontalPodAutoscaler.autoscaling"
    );
}

#[test]
fn a_refused_update_leaves_the_knative_service_as_it_was() {
    let facts = facts("Knative", Release::MAIN);
    let fine = graph(&json!({}), &json!({"minReplicas": 1}));
    let wrong = graph(&json!({}), &json!({"scaleMetric": "cpu"}));
    let (writes, error) = series(&facts, &[fine.clone(), wrong.clone()]);
    assert_eq!(writes[1], "dry-run-update Service.serving.knative.dev");
    let text = error.unwrap();
    assert!(text.starts_with("fails to reconcile inference graph ksvc: fails to reconcile inference graph knative service: "));
    let stop = graph(&json!({"serving.kserve.io/stop": "TRUE"}), &json!({}));
    let (writes, _) = series(&facts, &[fine, wrong, stop]);
    assert_eq!(writes[2], "delete Service.serving.knative.dev");
}

#[test]
fn until_0_15_0_the_scaling_fields_did_nothing_in_knative_mode() {
    let value = graph(
        &json!({"autoscaling.knative.dev/min-scale": "4"}),
        &json!({"minReplicas": 2, "maxReplicas": 9, "scaleMetric": "rps"}),
    );
    let template = |release| {
        let facts = facts("Serverless", release);
        let prediction = predict(&value, &facts, &GraphContext::default()).unwrap();
        prediction
            .knative()
            .unwrap()
            .service
            .template_annotations
            .clone()
    };
    let old = template(Release::new(0, 15, 0));
    assert_eq!(old["autoscaling.knative.dev/min-scale"], "4");
    assert_eq!(old.len(), 2);
    let new = template(Release::new(0, 15, 2));
    assert_eq!(new["autoscaling.knative.dev/min-scale"], "2");
    assert_eq!(new["autoscaling.knative.dev/metric"], "rps");
}

#[test]
fn before_0_12_standard_mode_is_refused() {
    let facts = facts("RawDeployment", Release::new(0, 11, 2));
    let (writes, error) = series(&facts, &[graph(&json!({}), &json!({}))]);
    assert_eq!(writes, [""]);
    assert_eq!(
        error.unwrap(),
        "RawDeployment mode is not supported for InferenceGraph"
    );
}

#[test]
fn every_mode_but_standard_needs_knative_and_its_config() {
    let mut value = graph(&json!({}), &json!({}));
    value["status"] = json!({"deploymentMode": "bogus"});
    let mut facts = facts("Standard", Release::MAIN);
    facts.knative_installed = Fact::known(false, "a test");
    let (_, error) = series(&facts, std::slice::from_ref(&value));
    assert_eq!(
        error.unwrap(),
        "terminal error: the resolved deployment mode of InferenceGraph 'g' is Knative, but Knative Serving is not available"
    );
    facts.knative_installed = Fact::known(true, "a test");
    let data = [("allow-zero-initial-scale".to_owned(), "perhaps".to_owned())]
        .into_iter()
        .collect();
    facts.set_config_autoscaler(Some(data), Provenance::Known("a test".to_owned()));
    let (_, error) = series(&facts, &[value]);
    assert_eq!(
        error.unwrap(),
        "failed to retrieve the knative autoscaler configuration: strconv.ParseBool: parsing \"perhaps\": invalid syntax"
    );
}

#[test]
fn a_graph_waits_for_its_services_unless_it_is_stopped() {
    let facts = facts("Standard", Release::MAIN);
    let context = GraphContext {
        services: GraphServices::Known([("a".to_owned(), false)].into_iter().collect()),
        ..GraphContext::default()
    };
    let value = graph(&json!({}), &json!({}));
    let prediction = predict(&value, &facts, &context).unwrap();
    assert!(prediction.requeues);
    assert_eq!(
        prediction.failure.unwrap().text,
        "service a is not ready: service a is not ready"
    );
    let value = graph(&json!({"serving.kserve.io/stop": "true"}), &json!({}));
    let prediction = predict(&value, &facts, &context).unwrap();
    assert!(prediction.failure.is_none() && !prediction.requeues);
}

#[test]
fn a_selector_needs_a_feature_and_a_node_name_is_pruned() {
    let facts = facts("Knative", Release::MAIN);
    let error = |fields: &Value| series(&facts, &[graph(&json!({}), fields)]).1;
    assert_eq!(error(&json!({"nodeName": "n1", "tolerations": []})), None);
    assert!(
        error(&json!({"nodeSelector": {"a": "b"}}))
            .unwrap()
            .contains("must not set the field(s)")
    );
}
