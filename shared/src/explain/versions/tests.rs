use serde_json::json;

use super::*;
use crate::explain::explain;

fn service(annotations: &Value) -> Value {
    json!({
        "apiVersion": "serving.knative.dev/v1", "kind": "Service",
        "metadata": {"name": "app", "namespace": "default"},
        "spec": {"template": {"metadata": {"annotations": annotations}, "spec": {"containers": [{"image": "i"}]}}}
    })
}

fn notes_on(annotations: &Value) -> Vec<VersionNote> {
    let facts = Facts::shipped();
    explain(&service(annotations), &facts).unwrap().versions
}

#[test]
fn what_is_only_said_more_precisely_is_no_other_answer() {
    // 1.3 tells a target that is no number from one that is too small.
    assert_eq!(
        notes_on(&json!({"autoscaling.knative.dev/target": "x"})),
        []
    );
}

#[test]
fn neighbours_with_one_difference_are_one_note() {
    // Known since 1.7, and no metric or class is at stake: twelve milestones before say the same.
    let notes = notes_on(&json!({
        "autoscaling.knative.dev/activation-scale": "1",
        "autoscaling.knative.dev/window": "90s",
        "serving.knative.dev/progress-deadline": "10s",
    }));
    let spans: Vec<(&str, &str)> = notes
        .iter()
        .map(|note| (note.from.as_str(), note.until.as_str()))
        .collect();
    assert_eq!(spans, [("1.0.0", "1.7.0")]);
    assert_eq!(notes[0].differs[0], "Knative accepts it");
    assert_eq!(notes[0].system, System::Knative);
}

#[test]
fn nothing_is_said_where_nothing_differs_or_the_release_is_known() {
    assert_eq!(notes_on(&json!({})), []);
    let annotations = json!({"autoscaling.knative.dev/min-scale": "2"});
    assert_eq!(notes_on(&annotations).len(), 1);
    let known = Fact::known(KnativeVersion::NEWEST, "a test");
    let facts = Facts::shipped().with_knative(known);
    assert_eq!(
        explain(&service(&annotations), &facts).unwrap().versions,
        []
    );
}

#[test]
fn standard_mode_knows_no_knative() {
    let value = json!({
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
        "metadata": {"name": "a", "namespace": "default", "annotations": {
            "serving.kserve.io/deploymentMode": "Standard", "autoscaling.knative.dev/min-scale": "3"}},
        "spec": {"predictor": {"model": {"modelFormat": {"name": "sklearn"}}}}
    });
    let facts = Facts::shipped();
    let versions = explain(&value, &facts).unwrap().versions;
    assert!(
        versions.iter().all(|note| note.system == System::Kserve),
        "{versions:?}"
    );
}
