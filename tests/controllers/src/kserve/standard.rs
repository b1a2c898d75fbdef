//! Standard mode: a Deployment for each component, and the autoscaler of the class in effect. What is left behind on a change of
//! class is left behind here, too.

use std::sync::Arc;

use kscale_rules::facts::Facts;
use kscale_rules::kserve::graph::{ObjectKind, Verb};
use kscale_rules::kserve::sequence::{
    KeptDeployment, Reconciled, WorkloadObjects, Write, reconcile as next,
};
use kscale_rules::kserve::{ComponentOutcome, Gate, Prediction};
use serde_json::{Value, json};

use super::{json_map, pod, tried};
use crate::error::Error;
use crate::json::{covers, name};
use crate::kinds::Kind;
use crate::scene::{Scene, Wrote, owner};

/// Makes the objects; why it fails, if it does.
pub(super) fn reconcile(
    scene: &mut Scene<'_>,
    service: &Value,
    facts: &Facts,
    prediction: &Prediction<'_>,
) -> Result<Option<String>, Error> {
    if prediction.gate == Some(Gate::AutoUpdateDisabled) {
        return Ok(None);
    }
    for made in &prediction.components {
        let before = existing(scene, &made.name);
        let Ok(reconciled) = next(service, facts, made.kind, &before) else {
            return Ok(None);
        };
        let failure = component(scene, service, facts, (prediction, made), &reconciled)?;
        tried(scene, service, failure.as_deref())?;
        if failure.is_some() {
            return Ok(failure);
        }
    }
    Ok(None)
}

/// What there is in the namespace, of whomever.
fn existing(scene: &Scene<'_>, workload: &str) -> WorkloadObjects {
    let mut objects = WorkloadObjects::default();
    for kind in [Kind::Hpa, Kind::ScaledObject] {
        for object in scene.of_namespace(kind) {
            objects.add(&object, scene.namespace());
        }
    }
    let key = (scene.namespace().to_owned(), workload.to_owned());
    if let Some(kept) = scene.memory.deployments.get(&key)
        && scene.get(Kind::Deployment, workload).is_some()
    {
        objects
            .deployments
            .insert(workload.to_owned(), kept.clone());
    }
    objects
}

fn component(
    scene: &mut Scene<'_>,
    service: &Value,
    facts: &Facts,
    (prediction, made): (&Prediction<'_>, &ComponentOutcome),
    reconciled: &Reconciled<'_>,
) -> Result<Option<String>, Error> {
    let key = (scene.namespace().to_owned(), made.name.clone());
    if let Some(kept) = reconciled.after.deployments.get(&made.name) {
        scene.memory.deployments.insert(key, kept.clone());
        deployment(scene, service, facts, (prediction, made), kept)?;
    } else {
        scene.memory.deployments.remove(&key);
    }
    for write in &reconciled.writes {
        let wrote = match write.operation.object {
            _ if write.refused => continue,
            ObjectKind::Hpa => hpa(scene, service, made, (write, reconciled))?,
            ObjectKind::ScaledObject => scaled_object(scene, service, made, (write, reconciled))?,
            ObjectKind::Deployment if write.operation.verb == Verb::Delete => {
                delete(scene, Kind::Deployment, &write.name)?
            }
            _ => continue,
        };
        if let Wrote::Refused(text) = wrote {
            return Ok(Some(format!(
                "fails to reconcile {}: {text}",
                made.kind.as_str()
            )));
        }
    }
    Ok(reconciled
        .failure
        .as_ref()
        .map(|failure| failure.text.clone()))
}

fn delete(scene: &mut Scene<'_>, kind: Kind, name: &str) -> Result<Wrote, Error> {
    match scene
        .of_namespace(kind)
        .into_iter()
        .find(|one| crate::json::name(one) == name)
    {
        Some(there) => scene.delete(kind, &there),
        None => Ok(Wrote::Done),
    }
}

fn labels(service: &Value, made: &ComponentOutcome) -> Value {
    let mut labels = service["metadata"]["labels"].clone();
    labels["app"] = format!("isvc.{}", made.name).into();
    labels["component"] = made.kind.as_str().into();
    labels["serving.kserve.io/inferenceservice"] = name(service).into();
    labels
}

fn deployment(
    scene: &mut Scene<'_>,
    service: &Value,
    facts: &Facts,
    (prediction, made): (&Prediction<'_>, &ComponentOutcome),
    kept: &KeptDeployment,
) -> Result<(), Error> {
    let component = prediction
        .service
        .components()
        .find(|one| one.kind == made.kind);
    let Some(component) = component else {
        return Ok(());
    };
    let annotations = json_map(&made.effective.annotations);
    let template = json!({
        "metadata": { "labels": labels(service, made), "annotations": annotations },
        "spec": pod::spec(component, scene.namespace(), facts),
    });
    let Some(there) = scene.get(Kind::Deployment, &made.name) else {
        let mut object = json!({
            "metadata": {
                "name": made.name,
                "labels": labels(service, made),
                "annotations": annotations,
                "ownerReferences": owner(service),
            },
            "spec": {
                "selector": { "matchLabels": { "app": format!("isvc.{}", made.name) } },
                "template": template,
            },
        });
        if let Some(replicas) = kept.replicas {
            object["spec"]["replicas"] = replicas.into();
        }
        if let Wrote::Refused(said) = scene.create(Kind::Deployment, object)? {
            return Err(Error(format!("the Deployment {}: {said}", made.name)));
        }
        return Ok(());
    };
    let same = covers(&there["spec"]["template"], &template)
        && there["spec"]["template"]["metadata"]["annotations"] == annotations;
    let resized = kept
        .replicas
        .is_some_and(|count| there["spec"]["replicas"] != count);
    if same && !resized {
        return Ok(());
    }
    let mut changed = (*there).clone();
    changed["spec"]["template"] = template;
    if let Some(replicas) = kept.replicas {
        changed["spec"]["replicas"] = replicas.into();
    }
    scene.replace(Kind::Deployment, &changed)?;
    Ok(())
}

fn hpa(
    scene: &mut Scene<'_>,
    service: &Value,
    made: &ComponentOutcome,
    (write, reconciled): (&Write, &Reconciled<'_>),
) -> Result<Wrote, Error> {
    let Some(kept) = reconciled.after.hpas.get(&write.name) else {
        return delete(scene, Kind::Hpa, &write.name);
    };
    let object = json!({
        "metadata": {
            "name": write.name,
            "labels": labels(service, made),
            "annotations": json_map(&kept.annotations),
            "ownerReferences": owner(service),
        },
        "spec": kept.spec,
    });
    put(scene, Kind::Hpa, &object)
}

fn scaled_object(
    scene: &mut Scene<'_>,
    service: &Value,
    made: &ComponentOutcome,
    (write, reconciled): (&Write, &Reconciled<'_>),
) -> Result<Wrote, Error> {
    let Some(kept) = reconciled.after.scaled_objects.get(&write.name) else {
        return delete(scene, Kind::ScaledObject, &write.name);
    };
    if matches!(write.operation.verb, Verb::DryRunUpdate) {
        return Ok(Wrote::Done);
    }
    let object = json!({
        "metadata": {
            "name": write.name,
            "labels": labels(service, made),
            "annotations": json_map(&made.effective.annotations),
            "ownerReferences": owner(service),
        },
        "spec": kept.spec,
    });
    put(scene, Kind::ScaledObject, &object)
}

/// Creates an object, or changes the one that is there where it differs.
fn put(scene: &mut Scene<'_>, kind: Kind, wanted: &Value) -> Result<Wrote, Error> {
    let there: Option<Arc<Value>> = scene
        .of_namespace(kind)
        .into_iter()
        .find(|one| name(one) == name(wanted));
    let Some(there) = there else {
        return scene.create(kind, wanted.clone());
    };
    let metadata = ["labels", "annotations", "ownerReferences"];
    let same = covers(&there["spec"], &wanted["spec"])
        && metadata
            .iter()
            .all(|key| there["metadata"][key] == wanted["metadata"][key]);
    if same {
        return Ok(Wrote::Done);
    }
    let mut changed = (*there).clone();
    changed["spec"] = wanted["spec"].clone();
    for key in metadata {
        changed["metadata"][key] = wanted["metadata"][key].clone();
    }
    scene.replace(kind, &changed)
}
