//! Service: its Configuration and its Route, and what they come to.

use serde_json::{Value, json};

use crate::conditions::{Condition, find, ready, status};
use crate::error::Error;
use crate::json::{at, name, number, text, uid};
use crate::kinds::Kind;
use crate::scene::{Scene, owner};

pub(super) fn reconcile(scene: &mut Scene<'_>, service: &Value) -> Result<(), Error> {
    if !at(service, "/metadata/deletionTimestamp").is_null() {
        return Ok(());
    }
    let spec = json!({ "template": service["spec"]["template"] });
    child(scene, service, Kind::Configuration, &spec)?;
    child(
        scene,
        service,
        Kind::Route,
        &json!({ "traffic": traffic(service) }),
    )?;
    write_status(scene, service)
}

/// `spec.traffic` of the Route.
fn traffic(service: &Value) -> Value {
    let all = at(service, "/spec/traffic").as_array().cloned();
    let mut all = all.filter(|all| !all.is_empty());
    let all = all.get_or_insert_with(|| vec![json!({ "latestRevision": true, "percent": 100 })]);
    for target in all
        .iter_mut()
        .filter(|one| text(one, "/revisionName").is_empty())
    {
        target["configurationName"] = name(service).into();
        target["latestRevision"] = true.into();
    }
    json!(all)
}

fn child(scene: &mut Scene<'_>, service: &Value, kind: Kind, spec: &Value) -> Result<(), Error> {
    let there = scene.get(kind, name(service));
    if let Some(there) = there {
        if there["spec"] != *spec {
            let mut changed = (*there).clone();
            changed["spec"] = spec.clone();
            scene.replace(kind, &changed)?;
        }
        return Ok(());
    }
    let mut labels = service["metadata"]["labels"].clone();
    labels["serving.knative.dev/service"] = name(service).into();
    if kind == Kind::Configuration {
        labels["serving.knative.dev/serviceUID"] = uid(service).into();
    }
    let mut annotations = json!({});
    for key in [
        "serving.knative.dev/creator",
        "serving.knative.dev/lastModifier",
    ] {
        annotations[key] = "admin".into();
    }
    scene.create(
        kind,
        json!({
            "metadata": {
                "name": name(service),
                "labels": labels,
                "annotations": annotations,
                "ownerReferences": owner(service),
            },
            "spec": spec,
        }),
    )?;
    let message = format!("Created {} \"{}\"", kind.kind(), name(service));
    scene.event(
        service,
        ("Normal", "Created"),
        &message,
        "service-controller",
    )
}

fn write_status(scene: &mut Scene<'_>, service: &Value) -> Result<(), Error> {
    let configuration = scene.get(Kind::Configuration, name(service));
    let route = scene.get(Kind::Route, name(service));
    let null = Value::Null;
    let configuration = configuration.as_deref().unwrap_or(&null);
    let route = route.as_deref().unwrap_or(&null);
    let conditions = [
        configurations_ready(configuration),
        routes_ready(configuration, route),
    ];
    let mut new = json!({ "observedGeneration": service["metadata"]["generation"] });
    let copied = [
        (configuration, "latestCreatedRevisionName"),
        (configuration, "latestReadyRevisionName"),
        (route, "traffic"),
        (route, "url"),
        (route, "address"),
    ];
    for (from, key) in copied {
        if let Some(value) = from.get("status").and_then(|status| status.get(key)) {
            new[key] = value.clone();
        }
    }
    let all = [
        conditions[0].clone(),
        conditions[1].clone(),
        ready(&conditions),
    ];
    scene.status(Kind::KnativeService, service, new, &all)?;
    Ok(())
}

fn is_behind(object: &Value) -> bool {
    number(object, "/metadata/generation") != number(object, "/status/observedGeneration")
}

fn configurations_ready(configuration: &Value) -> Condition {
    const KIND: &str = "ConfigurationsReady";
    if is_behind(configuration) || configuration.is_null() {
        let message =
            "The Configuration is still working to reflect the latest desired specification.";
        return Condition::unknown(KIND, "OutOfDate", message);
    }
    Condition::copied(KIND, configuration, "Ready")
}

fn routes_ready(configuration: &Value, route: &Value) -> Condition {
    const KIND: &str = "RoutesReady";
    if is_behind(route) || find(route, "Ready").is_none() {
        let message = "The Route is still working to reflect the latest desired specification.";
        return Condition::unknown(KIND, "OutOfDate", message);
    }
    let newest = text(configuration, "/status/latestReadyRevisionName");
    let targets = at(route, "/status/traffic")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let moved = targets
        .iter()
        .filter(|target| target["latestRevision"] == true)
        .all(|target| text(target, "/revisionName") == newest);
    if status(route, "Ready") == "True" && !moved {
        let message = "Traffic is not yet migrated to the latest revision.";
        return Condition::unknown(KIND, "TrafficNotMigrated", message);
    }
    Condition::copied(KIND, route, "Ready")
}
