//! Knative mode: a Knative Service for each component.

use kscale_rules::facts::Facts;
use kscale_rules::kserve::{ComponentOutcome, Gate, KnativeService, Prediction};
use serde_json::{Value, json};

use super::{json_map, pod, tried};
use crate::error::Error;
use crate::json::{covers, name};
use crate::kinds::Kind;
use crate::scene::{Scene, Wrote, owner};

/// Makes the Knative Services; why it fails, if it does.
pub(super) fn reconcile(
    scene: &mut Scene<'_>,
    service: &Value,
    facts: &Facts,
    prediction: &Prediction<'_>,
) -> Result<Option<String>, Error> {
    match &prediction.gate {
        Some(Gate::AutoUpdateDisabled) => return Ok(None),
        Some(gate) => return Ok(gate.text().map(str::to_owned)),
        None => {}
    }
    for made in &prediction.components {
        if let Some(failure) = component(scene, service, facts, (prediction, made))? {
            return Ok(Some(failure));
        }
    }
    Ok(None)
}

fn component(
    scene: &mut Scene<'_>,
    service: &Value,
    facts: &Facts,
    (prediction, made): (&Prediction<'_>, &ComponentOutcome),
) -> Result<Option<String>, Error> {
    let there = scene.get(Kind::KnativeService, &made.name);
    if made.stopped {
        if let Some(there) = there {
            scene.delete(Kind::KnativeService, &there)?;
        }
        return Ok(None);
    }
    let Some(outcome) = made.knative() else {
        return Ok(made.failure.as_ref().map(|failure| failure.text.clone()));
    };
    let wanted = object(scene, service, facts, (prediction, made), &outcome.service);
    if there
        .as_ref()
        .is_some_and(|there| is_as_wanted(there, &wanted))
    {
        tried(scene, service, None)?;
        return Ok(None);
    }
    let kind = made.kind.as_str();
    let before = match &there {
        Some(_) => format!("fails to reconcile {kind}: fails to reconcile knative service: "),
        None => format!("fails to reconcile {kind}: "),
    };
    let refusal = refusal(scene, made);
    let refused = match refusal {
        Some(text) => Some(text),
        None => match send(scene, there.as_deref(), &wanted)? {
            Wrote::Refused(text) => Some(text),
            Wrote::Done | Wrote::Lost => None,
        },
    };
    let failure = refused.map(|text| format!("{before}{text}"));
    tried(scene, service, failure.as_deref())?;
    Ok(failure)
}

/// What Knative's webhook would say, whether it is registered or not.
fn refusal(scene: &Scene<'_>, made: &ComponentOutcome) -> Option<String> {
    let webhook = "admission webhook \"validation.webhook.serving.knative.dev\" denied the request: validation failed: ";
    if let Some(text) = &scene.script.refuse {
        return Some(format!("{webhook}{text}"));
    }
    made.failure.as_ref().map(|failure| failure.refusal.clone())
}

fn send(scene: &mut Scene<'_>, there: Option<&Value>, wanted: &Value) -> Result<Wrote, Error> {
    let Some(there) = there else {
        return scene.create(Kind::KnativeService, wanted.clone());
    };
    let mut changed = there.clone();
    changed["spec"] = wanted["spec"].clone();
    for (key, value) in wanted["metadata"]["annotations"]
        .as_object()
        .into_iter()
        .flatten()
    {
        changed["metadata"]["annotations"][key] = value.clone();
    }
    scene.replace(Kind::KnativeService, &changed)
}

/// Whether nothing of it has to be changed: what others fill in does not count.
fn is_as_wanted(there: &Value, wanted: &Value) -> bool {
    let annotations =
        |object: &Value| object["spec"]["template"]["metadata"]["annotations"].clone();
    covers(&there["spec"], &wanted["spec"]) && annotations(there) == annotations(wanted)
}

fn object(
    scene: &Scene<'_>,
    service: &Value,
    facts: &Facts,
    (prediction, made): (&Prediction<'_>, &ComponentOutcome),
    sent: &KnativeService,
) -> Value {
    let component = prediction
        .service
        .components()
        .find(|one| one.kind == made.kind);
    let mut spec =
        component.map_or_else(|| json!({}), |one| pod::spec(one, scene.namespace(), facts));
    spec["containerConcurrency"] = sent.container_concurrency.unwrap_or(0).into();
    spec["timeoutSeconds"] = sent.timeout_seconds.unwrap_or(300).into();
    spec["enableServiceLinks"] = false.into();
    let mut labels = service["metadata"]["labels"].clone();
    labels["component"] = made.kind.as_str().into();
    labels["serving.kserve.io/inferenceservice"] = name(service).into();
    let traffic: Vec<Value> = sent
        .traffic
        .iter()
        .map(|target| {
            let mut one =
                json!({ "latestRevision": target.revision.is_none(), "percent": target.percent });
            if let Some(revision) = &target.revision {
                one["revisionName"] = revision.as_str().into();
            }
            if let Some(tag) = target.tag {
                one["tag"] = tag.into();
            }
            one
        })
        .collect();
    let mut annotations = json_map(&sent.annotations);
    for key in ["creator", "lastModifier"] {
        annotations[format!("serving.knative.dev/{key}")] = "admin".into();
    }
    json!({
        "metadata": {
            "name": sent.name,
            "labels": labels,
            "annotations": annotations,
            "ownerReferences": owner(service),
        },
        "spec": {
            "template": {
                "metadata": { "labels": labels, "annotations": json_map(&sent.template_annotations) },
                "spec": spec,
            },
            "traffic": traffic,
        },
    })
}
