//! What the webhooks say: the prediction, which the golden corpus holds against the real ones.

use kscale_rules::facts::Facts;
use kscale_rules::knative::validate_service;
use kscale_rules::kserve::{Prediction, Refused, predict};
use serde_json::{Value, json};

use super::{Asked, Hook, State, Verdict, lock};
use crate::facts;
use crate::json::{at, list, name, text};
use crate::kinds::Kind;

/// The answer to a review; none where the webhook does not answer.
pub(super) fn to(state: &State, hook: Hook, review: &Value) -> Option<Value> {
    let request = &review["request"];
    let object = &request["object"];
    let asked = Asked {
        hook,
        operation: text(request, "/operation").to_owned(),
        name: name(object).to_owned(),
        dry_run: request["dryRun"] == true,
    };
    lock(&state.asked).push(asked);
    let behaviour = lock(&state.behaviour).clone();
    std::thread::sleep(behaviour.delay);
    if behaviour.down.contains(&hook) {
        return None;
    }
    let verdict = match behaviour.deny.get(&hook) {
        Some(text) => Verdict::Denied(text.clone()),
        None => verdict(state, hook, request, object),
    };
    let mut response = json!({ "uid": request["uid"], "allowed": true });
    match verdict {
        Verdict::Denied(message) => {
            response["allowed"] = false.into();
            let code = if hook == Hook::Knative { 400 } else { 403 };
            response["status"] = json!({ "message": message, "code": code });
        }
        Verdict::Allowed(patch) if !patch.is_empty() => {
            use base64::Engine as _;
            let text = json!(patch).to_string();
            response["patchType"] = "JSONPatch".into();
            response["patch"] = base64::engine::general_purpose::STANDARD
                .encode(text)
                .into();
        }
        Verdict::Allowed(_) => {}
    }
    Some(
        json!({ "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response }),
    )
}

fn verdict(state: &State, hook: Hook, request: &Value, object: &Value) -> Verdict {
    let allowed = || Verdict::Allowed(Vec::new());
    // Whoever takes a finalizer away from what is being deleted is let through.
    if !at(object, "/metadata/deletionTimestamp").is_null() {
        return allowed();
    }
    let facts = match facts::read(&state.client) {
        Ok(facts) => facts,
        Err(error) => return Verdict::Denied(error.to_string()),
    };
    match hook {
        Hook::KserveDefault => by_kserve(object, &facts, |prediction| {
            Verdict::Allowed(defaults(object, prediction))
        }),
        Hook::Kserve => by_kserve(object, &facts, |prediction| {
            let error = if text(request, "/operation") == "UPDATE" {
                &prediction.update_error
            } else {
                &prediction.create_error
            };
            error.clone().map_or_else(allowed, Verdict::Denied)
        }),
        Hook::Knative => {
            let configs = facts.knative_configs.unwrap_or_default();
            let error = validate_service(object, &configs);
            error.map_or_else(allowed, |text| {
                Verdict::Denied(format!("validation failed: {text}"))
            })
        }
        Hook::Keda => rival(state, object).map_or_else(allowed, Verdict::Denied),
    }
}

fn by_kserve(
    object: &Value,
    facts: &Facts,
    then: impl FnOnce(&Prediction<'_>) -> Verdict,
) -> Verdict {
    match predict(object, facts) {
        Ok(prediction) => then(&prediction),
        Err(Refused::Decode(error)) => Verdict::Denied(error.text),
        Err(Refused::Crash(text) | Refused::Config(text)) => Verdict::Denied(text),
    }
}

/// The annotations that the defaulter leaves, as far as they are not there.
fn defaults(object: &Value, prediction: &Prediction<'_>) -> Vec<Value> {
    let there = &object["metadata"]["annotations"];
    let all = &prediction.defaulted.annotations;
    if all.iter().all(|(key, value)| there[key] == value.as_str()) {
        return Vec::new();
    }
    vec![json!({ "op": "add", "path": "/metadata/annotations", "value": all })]
}

/// KEDA refuses to share a Deployment.
fn rival(state: &State, scaled: &Value) -> Option<String> {
    let target = text(scaled, "/spec/scaleTargetRef/name");
    let namespace = text(scaled, "/metadata/namespace");
    for kind in [Kind::Hpa, Kind::ScaledObject] {
        let answer = state
            .client
            .send("GET", &kind.list(state.minor, Some(namespace)), "", None)
            .ok()?;
        for other in list(&answer.body, "/items") {
            let own = match kind {
                Kind::Hpa => text(other, "/metadata/ownerReferences/0/kind") == "ScaledObject",
                _ => name(other) == name(scaled),
            };
            let excused =
                other["metadata"]["annotations"]["validations.keda.sh/hpa-ownership"] == "false";
            if !own && !excused && text(other, "/spec/scaleTargetRef/name") == target {
                let what = if kind == Kind::Hpa {
                    "hpa"
                } else {
                    "ScaledObject"
                };
                return Some(format!(
                    "the workload '{target}' of type 'apps/v1.Deployment' is already managed by the {what} '{}'",
                    name(other)
                ));
            }
        }
    }
    None
}
