//! Route: where the traffic goes.

use serde_json::{Value, json};

use crate::conditions::{Condition, ready, status};
use crate::error::Error;
use crate::json::{at, name, text};
use crate::kinds::Kind;
use crate::scene::{Scene, owner};

pub(super) fn reconcile(scene: &mut Scene<'_>, route: &Value) -> Result<(), Error> {
    let namespace = scene.namespace().to_owned();
    let url = format!("http://{}.{namespace}.svc.cluster.local", name(route));
    let mut new = json!({ "observedGeneration": route["metadata"]["generation"], "url": url });
    let Some(wanted) = targets(scene, route) else {
        let message = format!(
            "Configuration \"{}\" is waiting for a Revision to become ready.",
            name(route)
        );
        let all = [
            Condition::unknown("AllTrafficAssigned", "RevisionMissing", &message),
            Condition::unknown("CertificateProvisioned", "", ""),
            not_configured(),
        ];
        return write(scene, route, new, &all);
    };
    new["traffic"] = json!(wanted);
    new["address"] = json!({ "url": url });
    // What serves the traffic is told, and says some time later that it does.
    let is_told = at(route, "/status/traffic") == &new["traffic"];
    let ingress = scene.get(Kind::Ingress, name(route));
    if let Some(ingress) = ingress.filter(|ingress| is_told && status(ingress, "Ready").is_empty())
    {
        let kinds = ["LoadBalancerReady", "NetworkConfigured", "Ready"];
        let new = json!({ "observedGeneration": ingress["metadata"]["generation"] });
        scene.status(Kind::Ingress, &ingress, new, &kinds.map(Condition::yes))?;
        return Ok(());
    }
    let serves = is_told && scene.get(Kind::Ingress, name(route)).is_some();
    let all = [
        Condition::yes("AllTrafficAssigned"),
        Condition::new(
            "CertificateProvisioned",
            "True",
            "TLSNotEnabled",
            "external-domain-tls is not enabled",
        ),
        if serves {
            Condition::yes("IngressReady")
        } else {
            not_configured()
        },
    ];
    if scene.get(Kind::Ingress, name(route)).is_none() {
        create_ingress(scene, route)?;
    }
    write(scene, route, new, &all)
}

fn not_configured() -> Condition {
    Condition::unknown(
        "IngressReady",
        "IngressNotConfigured",
        "Ingress has not yet been reconciled.",
    )
}

fn write(
    scene: &mut Scene<'_>,
    route: &Value,
    new: Value,
    all: &[Condition; 3],
) -> Result<(), Error> {
    let [assigned, certificate, ingress] = all.clone();
    let decides = [assigned.clone(), ingress.clone()];
    let all = [assigned, certificate, ingress, ready(&decides)];
    scene.status(Kind::Route, route, new, &all)?;
    Ok(())
}

/// The targets by the names of Revisions, if all of those are there and ready.
fn targets(scene: &Scene<'_>, route: &Value) -> Option<Vec<Value>> {
    let mut all = Vec::new();
    for target in at(route, "/spec/traffic").as_array()? {
        let mut resolved = target.clone();
        let configuration = text(target, "/configurationName");
        if !configuration.is_empty() {
            let configuration = scene.get(Kind::Configuration, configuration)?;
            let newest = text(&configuration, "/status/latestReadyRevisionName");
            if newest.is_empty() {
                return None;
            }
            resolved["revisionName"] = newest.into();
            resolved["latestRevision"] = true.into();
        } else {
            scene.get(Kind::Revision, text(target, "/revisionName"))?;
            resolved["latestRevision"] = false.into();
        }
        if let Some(resolved) = resolved.as_object_mut() {
            resolved.remove("configurationName");
        }
        all.push(resolved);
    }
    Some(all)
}

fn create_ingress(scene: &mut Scene<'_>, route: &Value) -> Result<(), Error> {
    let mut labels = route["metadata"]["labels"].clone();
    labels["serving.knative.dev/route"] = name(route).into();
    let object = json!({
        "metadata": { "name": name(route), "labels": labels, "ownerReferences": owner(route) },
        "spec": {},
    });
    scene.create(Kind::Ingress, object)?;
    let component = "route-controller";
    let placeholder = format!("Created placeholder service \"{}\"", name(route));
    scene.event(route, ("Normal", "Created"), &placeholder, component)?;
    let message = format!("Created Ingress \"{}\"", name(route));
    scene.event(route, ("Normal", "Created"), &message, component)
}
