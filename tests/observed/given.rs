//! What the host gives beside the objects: a manifest that is laid over the cluster, and what time it is.

use std::path::Path;

use kscale_rules::explain::explain;
use kscale_rules::facts::{Facts, FactsSource};
use kscale_rules::observed::{CauseSeverity, Index, Observation, observe};
use serde_json::{Value, json};

use crate::load::documents;

fn situation(name: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/observed");
    documents(&folder.join(format!("{name}.yaml")))
}

fn seen(object: &Value, objects: &[Value], index: &Index<'_>) -> Observation {
    let facts = Facts::from_objects(objects, FactsSource::Snapshot);
    let explanation = explain(object, &facts).expect("a workload");
    observe(object, &explanation, &facts, index)
}

#[test]
fn a_manifest_from_a_file_is_held_against_the_cluster() {
    let objects = situation("kpa-ready");
    let mut manifest = objects[0].clone();
    manifest
        .as_object_mut()
        .expect("an object")
        .remove("status");
    manifest["spec"]["predictor"]["minReplicas"] = json!(2);
    let observation = seen(&manifest, &objects, &Index::new(&objects));
    assert!(observation.ready.is_some_and(|ready| ready.is_true()));
    let told: Vec<String> = observation
        .differences
        .iter()
        .map(|one| {
            format!(
                "{} {} {} {}",
                one.object, one.field, one.predicted, one.observed
            )
        })
        .collect();
    assert_eq!(told, ["Service/bert-predictor minReplicas \"2\" \"1\""]);
    let why = &observation.differences[0].why;
    assert!(
        why.starts_with("either what is given here is not applied, or "),
        "{why}"
    );
}

#[test]
fn what_lasts_too_long_is_a_problem_for_whoever_has_a_clock() {
    let objects = situation("not-reconciled-new");
    let severity = |index: Index<'_>| {
        let observation = seen(&objects[0], &objects, &index);
        let cause = observation.causes.first().expect("a cause");
        assert_eq!(cause.slug, "not-reconciled-yet");
        (cause.severity, cause.message.clone())
    };
    let (without, _) = severity(Index::new(&objects));
    assert_eq!(without, CauseSeverity::Waiting);
    let (with, message) = severity(Index::new(&objects).at("2026-11-22T11:12:00Z"));
    assert_eq!(with, CauseSeverity::Problem);
    assert!(message.contains("in 12 min"), "{message}");
}

#[test]
fn objects_in_a_list_are_objects() {
    let objects = situation("scaled-to-zero");
    let list = [json!({"apiVersion": "v1", "kind": "List", "items": objects})];
    let observation = seen(&objects[0], &list, &Index::new(&list));
    assert_eq!(observation.causes[0].slug, "scaled-to-zero");
}
