//! PodAutoscaler: who acts on its class, and what both classes share.

use std::sync::Arc;

use kscale_rules::knative::annotations::CLASS;
use kscale_rules::knative::class::{Owner, owner_of};
use kscale_rules::knative::{PodAutoscaler, Revision, predict_pod_autoscaler};
use serde_json::{Value, json};

use super::revision::typed;
use super::{NOT_READY, hpa_class, kpa_class, serverless_service};
use crate::conditions::{Condition, status};
use crate::error::Error;
use crate::json::{at, entry, name, number, text};
use crate::kinds::Kind;
use crate::scene::{Scene, owner};
use crate::script::Part;

pub(super) fn reconcile(scene: &mut Scene<'_>, autoscaler: &Value) -> Result<(), Error> {
    if !at(autoscaler, "/metadata/deletionTimestamp").is_null() {
        return Ok(());
    }
    match owner_of(entry(autoscaler, "annotations", CLASS.canonical)) {
        Owner::Kpa if scene.script.acts(Part::Autoscaler) => {
            kpa_class::reconcile(scene, autoscaler)
        }
        Owner::Hpa if scene.script.extension => hpa_class::reconcile(scene, autoscaler),
        // Nobody acts: it has no status for ever.
        _ => Ok(()),
    }
}

/// What is predicted of it as it is.
pub(super) fn predicted(scene: &mut Scene<'_>, autoscaler: &Value) -> Result<PodAutoscaler, Error> {
    let configs = scene.facts()?.knative_configs.clone().unwrap_or_default();
    let annotations = typed(autoscaler);
    Ok(predict_pod_autoscaler(
        &Revision {
            name: name(autoscaler),
            annotations: &annotations,
            container_concurrency: number(autoscaler, "/spec/containerConcurrency").unwrap_or(0),
            reachable: text(autoscaler, "/spec/reachability") != "Unreachable",
        },
        &configs,
    ))
}

/// The Deployment that it scales.
pub(super) fn target(scene: &Scene<'_>, autoscaler: &Value) -> Option<Arc<Value>> {
    scene.get(
        Kind::Deployment,
        text(autoscaler, "/spec/scaleTargetRef/name"),
    )
}

/// Its labels, and its annotations without those that were stamped on it, for what is made for it.
pub(super) fn copied_metadata(autoscaler: &Value) -> Value {
    json!({
        "name": name(autoscaler),
        "labels": autoscaler["metadata"]["labels"],
        "annotations": autoscaler["metadata"]["annotations"],
        "ownerReferences": owner(autoscaler),
    })
}

/// The ServerlessService, made where it is not there.
pub(super) fn service_of(
    scene: &mut Scene<'_>,
    autoscaler: &Value,
    mode: &str,
) -> Result<Option<Arc<Value>>, Error> {
    if let Some(there) = scene.get(Kind::ServerlessService, name(autoscaler)) {
        return Ok(Some(there));
    }
    let object = json!({
        "metadata": copied_metadata(autoscaler),
        "spec": {
            "mode": mode,
            "objectRef": autoscaler["spec"]["scaleTargetRef"],
            "protocolType": "http1",
        },
    });
    scene.create(Kind::ServerlessService, object)?;
    // That nobody is there yet is said at once; who is there has to be looked for.
    let pods = target(scene, autoscaler).and_then(|one| number(&one, "/status/readyReplicas"));
    if let Some(made) = scene.get(Kind::ServerlessService, name(autoscaler))
        && scene.script.acts(Part::Knative)
        && pods.unwrap_or(0) == 0
    {
        serverless_service::reconcile(scene, &made)?;
    }
    Ok(scene.get(Kind::ServerlessService, name(autoscaler)))
}

/// Whether the ServerlessService is ready, as a condition of the PodAutoscaler.
pub(super) fn service_ready(service: Option<&Arc<Value>>) -> Condition {
    match service.map(|one| status(one, "Ready")) {
        Some("True") => Condition::yes("SKSReady"),
        _ => Condition::unknown("SKSReady", "NotReady", NOT_READY),
    }
}

/// Whether the revision has had its pods once.
pub(super) fn is_initialised(autoscaler: &Value) -> bool {
    status(autoscaler, "ScaleTargetInitialized") == "True"
}

/// Everything of the status but the conditions.
pub(super) fn bare_status(autoscaler: &Value, desired: i64, actual: i64) -> Value {
    json!({
        "observedGeneration": autoscaler["metadata"]["generation"],
        "desiredScale": desired,
        "actualScale": actual,
        "metricsServiceName": format!("{}-private", name(autoscaler)),
        "serviceName": name(autoscaler),
    })
}
