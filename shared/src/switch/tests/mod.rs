//! A service there and back again.

mod capacity;
mod knative;
mod knative_service;
mod standard;
mod way_back;

use serde_json::{Value, json};

use super::{Destination, Plan, Record, Refusal, Wish, plan, restore};
use crate::explain::{Autoscaler, explain};
use crate::facts::Facts;

fn service() -> Value {
    json!({
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "bert", "namespace": "ml"},
        "spec": {"predictor": {
            "minReplicas": 1,
            "maxReplicas": 5,
            "scaleMetric": "concurrency",
            "scaleTarget": 10,
            "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/bert"},
        }},
    })
}

fn planned(object: &Value, wish: &Wish) -> Result<Plan, Refusal> {
    let facts = Facts::shipped();
    let explanation = explain(object, &facts).unwrap();
    plan(object, &explanation, &facts, wish)
}

#[test]
fn there_and_back_again() {
    let object = service();
    let to_hpa = Wish {
        to: Destination::Hpa,
        ..Wish::default()
    };
    let plan = planned(&object, &to_hpa).unwrap();
    assert_eq!(plan.changes[0].after.autoscaler, Autoscaler::KnativeHpa);
    let record = Record::of(&plan, "2026-11-25T00:00:00Z");
    assert!(record.is_in_effect(&plan.after));
    let facts = Facts::shipped();
    let explanation = explain(&plan.after, &facts).unwrap();
    let back = restore(
        &plan.after,
        &explanation,
        &facts,
        (1, &record),
        &Wish::default(),
    )
    .unwrap();
    assert_eq!(back.after, object);
}
