//! Lines of kind `isvc_sequence`: an InferenceService that is changed step by step in one cluster, its predictor reconciled
//! once after each.
//!
//! Writes of the kind `patch Deployment` are left out, since the fake cluster has no defaults and so patches where a real one
//! would find nothing to change; dry runs are left out, since the corpus does not tell of them.

use kscale_rules::kserve::graph::Verb;
use kscale_rules::kserve::sequence::{Owner, Reconciled, WorkloadObjects, Write, reconcile};
use kscale_rules::manifest::ComponentKind;
use serde_json::{Value, json};

use crate::agreement::Agreement;
use crate::cluster;

const NULL: &Value = &Value::Null;

pub(crate) fn check(line: &Value, agreement: &mut Agreement) {
    let facts = cluster::facts(line);
    let input = &line["input"];
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let steps = list(&input["steps"]);
    let mut objects = WorkloadObjects::default();
    let namespace = steps
        .first()
        .and_then(|step| step.pointer("/metadata/namespace"));
    let namespace = namespace.and_then(Value::as_str).unwrap_or_default();
    for object in list(&input["existing"]) {
        let added = objects.add(&object, namespace);
        agreement.compare("existing is read", &json!(true), &json!(added));
    }
    let expected = list(&line["expect"]["steps"]);
    agreement.compare("steps", &json!(expected.len()), &json!(steps.len()));
    for (step, expected) in steps.iter().zip(&expected) {
        match reconcile(step, &facts, ComponentKind::Predictor, &objects) {
            Ok(reconciled) => {
                check_step(expected, &reconciled, agreement);
                objects = reconciled.after;
            }
            Err(refused) => {
                let actual = json!(format!("{refused:?}"));
                agreement.compare("mode", expected.get("mode").unwrap_or(NULL), &actual);
            }
        }
    }
}

fn check_step(expected: &Value, reconciled: &Reconciled<'_>, agreement: &mut Agreement) {
    let get = |key: &str| expected.get(key).unwrap_or(NULL);
    let prediction = &reconciled.prediction;
    agreement.compare("mode", get("mode"), &json!(prediction.mode.word));
    agreement.compare(
        "webhook_error",
        get("webhook_error"),
        &json!(prediction.webhook_error()),
    );
    let error = reconciled.failure.as_ref().map(|failure| &failure.text);
    agreement.compare("reconcile_error", get("reconcile_error"), &json!(error));
    let writes = get("ops").as_array().into_iter().flatten();
    let is_patch = |write: &&Value| {
        let text = write.as_str().unwrap_or_default();
        text.starts_with("patch Deployment/")
    };
    let kept: Vec<&Value> = writes.filter(|write| !is_patch(write)).collect();
    let actual = reconciled.writes.iter().filter_map(told);
    agreement.compare("ops", &json!(kept), &json!(actual.collect::<Vec<_>>()));
    agreement.compare(
        "pod_template_changed",
        get("pod_template_changed"),
        &json!(reconciled.template_changed),
    );
    let predictor = prediction.components.first();
    let deployment = predictor.and_then(|one| reconciled.after.deployments.get(&one.name));
    agreement.compare(
        "deployment_replicas",
        get("deployment_replicas"),
        &json!(deployment.and_then(|deployment| deployment.replicas)),
    );
    agreement.compare(
        "objects_after",
        get("objects_after"),
        &objects_after(&reconciled.after),
    );
}

/// A write in the words of the corpus, if it tells of such writes.
fn told(write: &Write) -> Option<String> {
    let operation = write.operation;
    let denied = if write.refused { "-denied" } else { "" };
    match operation.verb {
        Verb::Patch | Verb::DryRunUpdate => None,
        verb => Some(format!(
            "{verb}{denied} {}/{}",
            operation.object.kind(),
            write.name
        )),
    }
}

fn objects_after(objects: &WorkloadObjects) -> Value {
    let mut all = Vec::new();
    let mut put = |kind: &str, name: &str, owners: &[Owner], min: Value, max: Value| {
        let owned = owners.iter().any(Owner::is_inference_service);
        all.push(json!({
            "kind": kind, "name": name, "min": min, "max": max, "owned_by_isvc": owned,
        }));
    };
    for (name, hpa) in &objects.hpas {
        let (min, max) = (hpa.spec.min_replicas, hpa.spec.max_replicas);
        put(
            "HorizontalPodAutoscaler",
            name,
            &hpa.owners,
            json!(min),
            json!(max),
        );
    }
    for (name, scaled) in &objects.scaled_objects {
        let bound = |key: &str| scaled.spec[key].clone();
        let (min, max) = (bound("minReplicaCount"), bound("maxReplicaCount"));
        put("ScaledObject", name, &scaled.owners, min, max);
    }
    json!(all)
}
