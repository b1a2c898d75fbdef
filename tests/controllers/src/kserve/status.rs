//! The status of an InferenceService.

use std::sync::Arc;

use kscale_rules::kserve::Prediction;
use serde_json::{Value, json};

use super::{COMPONENT, names};
use crate::conditions::{Condition, find, ready, status};
use crate::error::Error;
use crate::json::{at, name, number, text};
use crate::kinds::Kind;
use crate::scene::{Scene, Wrote};

/// `Predictor`, with what follows.
fn of(component: &str, what: &'static str) -> &'static str {
    match (component, what) {
        ("predictor", "Ready") => "PredictorReady",
        ("predictor", "RouteReady") => "PredictorRouteReady",
        ("predictor", _) => "PredictorConfigurationReady",
        ("transformer", "Ready") => "TransformerReady",
        ("transformer", "RouteReady") => "TransformerRouteReady",
        ("transformer", _) => "TransformerConfigurationReady",
        (_, "Ready") => "ExplainerReady",
        (_, "RouteReady") => "ExplainerRouteReady",
        (_, _) => "ExplainerConfigurationReady",
    }
}

/// In Knative mode: what the Knative Services say.
pub(super) fn knative(
    scene: &mut Scene<'_>,
    service: &Value,
    prediction: &Prediction<'_>,
    failure: Option<&str>,
) -> Result<(), Error> {
    if let Some(failure) = failure {
        return failed(scene, service, failure, "Knative");
    }
    if prediction.components.iter().any(|one| one.stopped) {
        return stopped(scene, service, "Knative");
    }
    let mut conditions = Vec::new();
    let mut decides = Vec::new();
    let mut components = json!({});
    let (mut configured, mut routed) = (None, None);
    for made in &prediction.components {
        let component = made.kind.as_str();
        let there = scene.get(Kind::KnativeService, &made.name);
        let null = Value::Null;
        let there = there.as_deref().unwrap_or(&null);
        let is = Condition::copied(of(component, "Ready"), there, "Ready");
        decides.push(is.clone());
        conditions.push(is);
        for (what, theirs, worst) in [
            ("ConfigurationReady", "ConfigurationsReady", &mut configured),
            ("RouteReady", "RoutesReady", &mut routed),
        ] {
            if find(there, theirs).is_some() {
                conditions.push(Condition::copied(of(component, what), there, theirs).info());
            }
            if status(there, theirs) != "True" {
                worst.get_or_insert(format!("{} not ready", of(component, what)));
            }
        }
        components[component] = told(service, component, there);
    }
    for (kind, worst) in [
        ("LatestDeploymentReady", configured),
        ("RoutesReady", routed),
    ] {
        conditions.push(match worst {
            Some(reason) => Condition::unknown(kind, &reason, "").info(),
            None => Condition::yes(kind).info(),
        });
    }
    let all_ready = decides.iter().all(Condition::is_true);
    let ingress = all_ready || status(service, "IngressReady") == "True";
    let ingress = if ingress {
        Condition::yes("IngressReady")
    } else {
        Condition::unknown("IngressReady", "", "")
    };
    decides.push(ingress.clone());
    conditions.push(ingress);
    conditions.push(Condition::no("Stopped", "", "").info());
    conditions.push(ready(&decides));
    let url = format!(
        "http://{}-predictor.{}.svc.cluster.local",
        name(service),
        scene.namespace()
    );
    let mut new = json!({
        "components": components,
        "deploymentMode": "Knative",
        "modelStatus": model_status(scene, service, all_ready),
        "observedGeneration": service["metadata"]["generation"],
    });
    if all_ready || !at(service, "/status/url").is_null() {
        new["url"] = url.clone().into();
        new["address"] = json!({ "url": url });
    }
    write(scene, service, new, &conditions)
}

/// What is told of a component.
fn told(service: &Value, component: &str, there: &Value) -> Value {
    let mut one = json!({});
    for (key, from) in [
        ("latestCreatedRevision", "latestCreatedRevisionName"),
        ("latestReadyRevision", "latestReadyRevisionName"),
        ("traffic", "traffic"),
        ("url", "url"),
        ("address", "address"),
    ] {
        let value = at(there, &format!("/status/{from}"));
        let serves = !at(there, "/status/traffic").is_null();
        if !value.is_null() && (serves || key.starts_with("latest")) {
            one[key] = value.clone();
        }
    }
    let before = format!("/status/components/{component}");
    let old = |key: &str| text(service, &format!("{before}/{key}")).to_owned();
    let (mut rolled, mut previous) = (
        old("latestRolledoutRevision"),
        old("previousRolledoutRevision"),
    );
    // Rolled out is what has all the traffic.
    let whole = number(there, "/status/traffic/0/percent") == Some(100);
    let newest = text(there, "/status/latestReadyRevisionName");
    let has_it = text(there, "/status/traffic/0/revisionName") == newest;
    if status(there, "Ready") == "True" && whole && has_it && rolled != newest {
        previous = std::mem::replace(&mut rolled, newest.to_owned());
    }
    for (key, value) in [
        ("latestRolledoutRevision", rolled),
        ("previousRolledoutRevision", previous),
    ] {
        if !value.is_empty() {
            one[key] = value.into();
        }
    }
    one
}

fn model_status(scene: &Scene<'_>, service: &Value, is_ready: bool) -> Value {
    let active = text(service, "/status/modelStatus/states/activeModelState");
    let pods = scene.all(Kind::Pod);
    let newest = pods
        .iter()
        .filter(|one| text(one, "/metadata/labels/component") == "predictor")
        .count();
    let mut copies = json!({ "failedCopies": 0 });
    if newest > 0 {
        copies["totalCopies"] = newest.into();
    }
    let (active, target, transition) = if is_ready {
        ("Loaded", "Loaded", "UpToDate")
    } else {
        (active, "Pending", "InProgress")
    };
    json!({
        "copies": copies,
        "states": { "activeModelState": active, "targetModelState": target },
        "transitionStatus": transition,
    })
}

/// The controller got nowhere: all that was told before stays, but that it is ready.
fn failed(scene: &mut Scene<'_>, service: &Value, failure: &str, mode: &str) -> Result<(), Error> {
    let component = ["predictor", "transformer", "explainer"]
        .into_iter()
        .find(|one| failure.starts_with(&format!("fails to reconcile {one}")))
        .unwrap_or("predictor");
    let reason = "ReconcileFailed";
    let mut conditions = vec![
        Condition::no(of(component, "Ready"), reason, failure),
        Condition::no("Ready", reason, failure),
    ];
    for kind in KEPT {
        let there = find(service, kind);
        if conditions.iter().any(|one| one.kind == kind)
            || (there.is_none() && kind != "IngressReady")
        {
            continue;
        }
        let mut kept = Condition::copied(kind, service, kind);
        kept.info = there.is_some_and(|one| text(one, "/severity") == "Info");
        conditions.push(kept);
    }
    let mut new = service.get("status").cloned().unwrap_or_else(|| json!({}));
    new["deploymentMode"] = mode.into();
    write(scene, service, new, &conditions)
}

const KEPT: [&str; 13] = [
    "IngressReady",
    "LatestDeploymentReady",
    "RoutesReady",
    "Stopped",
    "PredictorReady",
    "PredictorRouteReady",
    "PredictorConfigurationReady",
    "TransformerReady",
    "TransformerRouteReady",
    "TransformerConfigurationReady",
    "ExplainerReady",
    "ExplainerRouteReady",
    "ExplainerConfigurationReady",
];

fn stopped(scene: &mut Scene<'_>, service: &Value, mode: &str) -> Result<(), Error> {
    let message = "Predictor is stopped";
    let conditions = [
        Condition::no("PredictorReady", "Stopped", message),
        Condition::no("Ready", "Stopped", message),
        Condition::new("Stopped", "True", "Stopped", "").info(),
    ];
    let new =
        json!({ "deploymentMode": mode, "observedGeneration": service["metadata"]["generation"] });
    write(scene, service, new, &conditions)
}

/// In Standard mode: what the Deployments say.
pub(super) fn standard(
    scene: &mut Scene<'_>,
    service: &Value,
    prediction: &Prediction<'_>,
    failure: Option<&str>,
) -> Result<(), Error> {
    if let Some(failure) = failure {
        return failed(scene, service, failure, "Standard");
    }
    if prediction.components.iter().any(|one| one.stopped) {
        return stopped(scene, service, "Standard");
    }
    let deployments: Vec<Option<Arc<Value>>> = prediction
        .components
        .iter()
        .map(|one| scene.get(Kind::Deployment, &one.name))
        .collect();
    let mut conditions = Vec::new();
    for (component, deployment) in names(prediction).into_iter().zip(&deployments) {
        conditions.push(of_deployment(of(component, "Ready"), deployment.as_deref()));
    }
    let all_ready = conditions.iter().all(Condition::is_true);
    let ingress = if all_ready || status(service, "IngressReady") == "True" {
        Condition::yes("IngressReady")
    } else {
        Condition::no("IngressReady", "Predictor ingress not created", "")
    };
    let mut decides = vec![ingress.clone()];
    decides.extend(conditions.iter().cloned());
    let mut is = ready(&decides);
    if is.is_true() {
        is = Condition::yes("Ready");
    }
    conditions.extend([ingress, is, Condition::no("Stopped", "", "").info()]);
    let mut components = json!({});
    for component in names(prediction) {
        components[component] = json!({});
        if all_ready {
            let host = format!(
                "http://{}-{component}-{}.example.com",
                name(service),
                scene.namespace()
            );
            components[component]["url"] = host.into();
        }
    }
    let mut new = json!({
        "components": components,
        "deploymentMode": "Standard",
        "modelStatus": model_status(scene, service, all_ready),
        "observedGeneration": service["metadata"]["generation"],
    });
    if all_ready {
        new["url"] = format!("http://{}-{}.example.com", name(service), scene.namespace()).into();
    }
    write(scene, service, new, &conditions)
}

fn of_deployment(kind: &'static str, deployment: Option<&Value>) -> Condition {
    let null = Value::Null;
    let deployment = deployment.unwrap_or(&null);
    let (available, progressing) = (
        find(deployment, "Available"),
        find(deployment, "Progressing"),
    );
    match (available, progressing) {
        (Some(available), _) if text(available, "/status") == "False" => Condition::no(
            kind,
            text(available, "/reason"),
            text(available, "/message"),
        ),
        (Some(_), Some(progressing)) => Condition::new(
            kind,
            "True",
            text(progressing, "/reason"),
            text(progressing, "/message"),
        ),
        _ => Condition::unknown(kind, "", ""),
    }
}

fn write(
    scene: &mut Scene<'_>,
    service: &Value,
    mut new: Value,
    conditions: &[Condition],
) -> Result<(), Error> {
    if let Some(new) = new.as_object_mut() {
        new.remove("conditions");
    }
    let was = status(service, "Ready") == "True";
    let is = conditions
        .iter()
        .any(|one| one.kind == "Ready" && one.is_true());
    if scene.status(Kind::InferenceService, service, new, conditions)? == Wrote::Done && was != is {
        let message = format!("InferenceService [{}] is Ready", name(service));
        if is {
            scene.event(
                service,
                ("Normal", "InferenceServiceReady"),
                &message,
                COMPONENT,
            )?;
        }
    }
    Ok(())
}
