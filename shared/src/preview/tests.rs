//! What no pair of recorded lines shows: a service as the old release left it, graphs, and Knative's own services.

use serde_json::json;

use super::*;
use crate::facts::{Fact, FactsSource, KnativeVersion};
use crate::kserve::Release;

const MODE: &str = "serving.kserve.io/deploymentMode";

fn at(minor: u16, patch: u16) -> Facts {
    let release = Fact::known(Release::new(0, minor, patch), "a test");
    Facts::from_objects(&[], FactsSource::Snapshot).with_kserve(release)
}

fn knative(minor: u16) -> Facts {
    let version = Fact::known(KnativeVersion::new(1, minor, 0), "a test");
    at(20, 0).with_knative(version)
}

fn service(annotations: &Value, predictor: &Value) -> Value {
    let mut fields = json!({"model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://m"}});
    for (key, value) in predictor.as_object().into_iter().flatten() {
        fields[key] = value.clone();
    }
    json!({
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
        "metadata": {"name": "m", "namespace": "default", "annotations": annotations},
        "spec": {"predictor": fields},
    })
}

fn told(changes: &[Change]) -> Vec<&'static str> {
    changes.iter().map(|change| change.cause.slug()).collect()
}

fn of(value: &Value, before: &Facts, after: &Facts) -> Vec<Change> {
    preview(value, before, after).unwrap()
}

/// The status that 0.15.2 writes makes Knative mode of Standard mode from 0.16 to 0.18, and locks the object.
#[test]
fn a_manifest_is_judged_by_the_status_that_the_old_release_wrote() {
    let raw = service(&json!({MODE: "RawDeployment"}), &json!({"maxReplicas": 3}));
    let changes = of(&raw, &at(15, 2), &at(18, 0));
    assert_eq!(told(&changes), ["locked", "orphaned", "mode"]);
    let left = &changes[1].before;
    assert!(
        left.to_string()
            .contains("HorizontalPodAutoscaler.autoscaling/m-predictor"),
        "{left}"
    );
    for change in &changes {
        assert_eq!(
            change.until.as_deref(),
            Some("0.19.0"),
            "{:?}",
            change.cause
        );
    }
    // 0.16.0 took the mode for another, 0.17.0 locked it.
    let since: Vec<_> = changes
        .iter()
        .map(|change| change.since.as_deref())
        .collect();
    assert_eq!(since, [Some("0.17.0"), Some("0.16.0"), Some("0.16.0")]);
    assert_eq!(
        told(&of(&raw, &at(15, 2), &at(19, 0))),
        ["rolled-on-update"]
    );
    // 0.15.0 wrote no status; the new release writes its own word then.
    assert_eq!(
        told(&of(&raw, &at(15, 0), &at(18, 0))),
        ["rolled-on-update"]
    );
}

/// 0.16.0 records the new word and compares the annotation with it as it is written.
#[test]
fn the_status_that_the_new_release_writes_first_may_lock_it() {
    let raw = service(&json!({MODE: "RawDeployment"}), &json!({}));
    let changes = of(&raw, &at(14, 1), &at(16, 0));
    assert_eq!(told(&changes), ["locked"]);
    assert_eq!(
        changes[0].text.as_deref(),
        Some(
            "update rejected: deploymentMode cannot be changed from 'Standard' to 'RawDeployment'"
        )
    );
}

#[test]
fn a_service_that_never_was_breaks_nothing() {
    let refused = service(
        &json!({MODE: "RawDeployment"}),
        &json!({"minReplicas": 3, "maxReplicas": 2}),
    );
    assert_eq!(told(&of(&refused, &at(15, 2), &at(18, 0))), [""; 0]);
}

#[test]
fn a_stop_that_is_obeyed_leaves_nothing_behind() {
    let annotations = json!({MODE: "RawDeployment", "serving.kserve.io/stop": "true"});
    let changes = of(&service(&annotations, &json!({})), &at(15, 0), &at(19, 0));
    assert_eq!(told(&changes), ["stopped"]);
    assert!(changes[0].breaks);
}

/// An unknown word of the annotation is the cluster's default until it is known.
#[test]
fn a_word_that_only_the_new_release_knows_changes_the_mode_and_an_edit_helps() {
    let value = service(&json!({MODE: "Standard"}), &json!({}));
    let changes = of(&value, &at(14, 1), &at(19, 0));
    assert_eq!(told(&changes), ["orphaned", "mode"]);
    assert_eq!(
        changes[0].before,
        json!(["Service.serving.knative.dev/m-predictor"])
    );
    assert_eq!(
        changes[0].help.as_deref(),
        Some(
            "write Serverless into the annotation serving.kserve.io/deploymentMode first, which replaces its pods"
        )
    );
}

/// 0.17 and 0.18 rewrite the annotation and compare it with the old word in the status; without it there is nothing to compare.
#[test]
fn a_locked_service_is_freed_by_removing_the_annotation_where_the_cluster_s_default_is_its_mode() {
    let value = service(&json!({MODE: "Serverless"}), &json!({}));
    let changes = of(&value, &at(15, 2), &at(18, 0));
    assert_eq!(told(&changes), ["locked"]);
    assert_eq!(
        changes[0].help.as_deref(),
        Some(
            "remove the annotation serving.kserve.io/deploymentMode first, which replaces its pods"
        )
    );
    assert_eq!(
        told(&of(
            &service(&json!({}), &json!({})),
            &at(15, 2),
            &at(18, 0)
        )),
        [""; 0]
    );
}

#[test]
fn nothing_is_said_where_nothing_is_upgraded() {
    for annotations in [
        json!({}),
        json!({MODE: "RawDeployment"}),
        json!({MODE: "Raw"}),
    ] {
        let value = service(&annotations, &json!({"minReplicas": 0}));
        for facts in [at(11, 2), at(15, 2), at(16, 0), at(18, 0), at(20, 0)] {
            assert_eq!(of(&value, &facts, &facts), [], "{annotations}");
        }
    }
}

#[test]
fn knative_s_own_services_are_judged_by_knative() {
    let app = |annotations: &Value| {
        json!({
            "apiVersion": "serving.knative.dev/v1", "kind": "Service",
            "metadata": {"name": "app", "namespace": "default"},
            "spec": {"template": {"metadata": {"annotations": annotations}, "spec": {"containers": [{"image": "i"}]}}},
        })
    };
    let odd = app(&json!({"networking.knative.dev/unheard-of": "x"}));
    let changes = of(&odd, &knative(20), &knative(21));
    assert_eq!(told(&changes), ["refused"]);
    assert!(
        changes[0]
            .text
            .as_deref()
            .unwrap()
            .contains("networking.knative.dev/unheard-of")
    );
    let low = app(&json!({"autoscaling.knative.dev/activation-scale": "1"}));
    assert_eq!(told(&of(&low, &knative(6), &knative(7))), ["refused"]);
    assert_eq!(told(&of(&low, &knative(5), &knative(6))), [""; 0]);
}

#[test]
fn a_graph_goes_on_in_the_mode_that_its_word_means() {
    let graph = |word: &str| {
        json!({
            "apiVersion": "serving.kserve.io/v1alpha1", "kind": "InferenceGraph",
            "metadata": {"name": "g", "namespace": "default", "annotations": {MODE: word}},
            "spec": {"nodes": {"root": {"routerType": "Sequence", "steps": [{"serviceName": "m"}]}}},
        })
    };
    let changes = of(&graph("Standard"), &at(15, 2), &at(16, 0));
    assert_eq!(told(&changes), ["orphaned", "mode"]);
    assert_eq!(
        told(&of(&graph("RawDeployment"), &at(15, 2), &at(16, 0))),
        [""; 0]
    );
}

#[test]
fn other_kinds_are_nobody_s_business() {
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}});
    assert!(preview(&map, &at(15, 2), &at(20, 0)).is_none());
    assert!(compare(&map, &at(15, 2), &at(20, 0)).is_none());
}
