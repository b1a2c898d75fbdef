//! Services of Standard mode.

mod class;
mod fixed;
mod hpa;
mod keda;
mod surroundings;

use serde_json::{Value, json};

use super::super::{Destination, Plan, Refusal, Wish, plan};
use crate::explain::{Explanation, explain};
use crate::facts::{Fact, Facts};
use crate::kserve::Release;
use crate::observed::{Observation, ObservedComponent, ObservedDeployment, ObservedScaling};

/// A service whose predictor says this about scaling.
fn service(scaling: Value) -> Value {
    let mut predictor = scaling;
    predictor["model"] =
        json!({"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/bert"});
    json!({
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {
            "name": "bert",
            "namespace": "ml",
            "annotations": {"serving.kserve.io/deploymentMode": "Standard"},
        },
        "spec": {"predictor": predictor},
    })
}

/// The same with a class on the object.
fn of_class(class: &str, scaling: Value) -> Value {
    let mut object = service(scaling);
    object["metadata"]["annotations"]["serving.kserve.io/autoscalerClass"] = json!(class);
    object
}

/// The same with a transformer beside the predictor.
fn with_transformer(mut object: Value, scaling: Value) -> Value {
    object["spec"]["transformer"] = scaling;
    object["spec"]["transformer"]["containers"] = json!([{
        "name": "kserve-container",
        "image": "example.com/transformer:1",
        "resources": {"requests": {"cpu": "1", "memory": "1Gi"}},
    }]);
    object
}

fn to(to: Destination) -> Wish {
    Wish {
        to,
        ..Wish::default()
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A plan without any facts.
fn planned(object: &Value, wish: &Wish) -> Result<Plan, Refusal> {
    under(object, wish, &Facts::shipped())
}

/// A plan under these facts.
fn under(object: &Value, wish: &Wish, facts: &Facts) -> Result<Plan, Refusal> {
    plan(object, &explain(object, facts).unwrap(), facts, wish)
}

/// A plan of a service of whose predictor so many pods were seen.
fn seen(object: &Value, wish: &Wish, pods: i64) -> Result<Plan, Refusal> {
    let facts = Facts::shipped();
    plan(object, &observed(object, &facts, pods), &facts, wish)
}

fn observed(object: &Value, facts: &Facts, pods: i64) -> Explanation {
    let mut explanation = explain(object, facts).unwrap();
    let deployment = ObservedDeployment {
        name: "bert-predictor".to_owned(),
        replicas: pods,
        ready: pods,
        ..ObservedDeployment::default()
    };
    explanation.observed = Some(Observation {
        components: vec![ObservedComponent {
            name: "predictor".to_owned(),
            scaling: Some(ObservedScaling {
                deployment: Some(deployment),
                ..ObservedScaling::default()
            }),
            ..ObservedComponent::default()
        }],
        ..Observation::default()
    });
    explanation
}

fn release(minor: u16, patch: u16) -> Facts {
    Facts::shipped().with_kserve(Fact::known(Release::new(0, minor, patch), "a test"))
}

/// The predictor without its model.
fn predictor(object: &Value) -> Value {
    let mut predictor = object["spec"]["predictor"].clone();
    predictor.as_object_mut().unwrap().remove("model");
    predictor
}

fn class(object: &Value) -> &Value {
    &object["metadata"]["annotations"]["serving.kserve.io/autoscalerClass"]
}

/// Why a value was chosen.
fn why<'a>(plan: &'a Plan, field: &str) -> &'a str {
    let decision = plan.decisions.iter().find(|one| one.field == field);
    decision.map_or("", |one| one.why.as_str())
}
