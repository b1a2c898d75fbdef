//! KEDA: the HPA behind a ScaledObject.
//!
//! Source: kedacore/keda 2.18, `controllers/keda/{scaledobject_controller,hpa}.go`.

use serde_json::{Value, json};

use crate::conditions::Condition;
use crate::error::Error;
use crate::json::{at, list, name, text};
use crate::kinds::Kind;
use crate::scene::{Scene, owner};
use crate::script::Part;

/// One turn.
pub(crate) fn reconcile(scene: &mut Scene<'_>) -> Result<(), Error> {
    if !scene.script.acts(Part::Keda) {
        return Ok(());
    }
    for object in scene.all(Kind::ScaledObject) {
        if at(&object, "/metadata/deletionTimestamp").is_null() {
            one(scene, &object)?;
        }
    }
    Ok(())
}

fn one(scene: &mut Scene<'_>, scaled: &Value) -> Result<(), Error> {
    let hpa = format!("keda-hpa-{}", name(scaled));
    let min = at(scaled, "/spec/minReplicaCount")
        .as_i64()
        .unwrap_or(0)
        .max(1);
    let spec = json!({
        "minReplicas": min,
        "maxReplicas": at(scaled, "/spec/maxReplicaCount").as_i64().unwrap_or(100),
        "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": text(scaled, "/spec/scaleTargetRef/name") },
        "metrics": list(scaled, "/spec/triggers").enumerate().map(metric).collect::<Vec<_>>(),
    });
    match scene.get(Kind::Hpa, &hpa) {
        None => {
            let mut labels = scaled["metadata"]["labels"].clone();
            labels["app.kubernetes.io/managed-by"] = "keda-operator".into();
            labels["app.kubernetes.io/name"] = hpa.as_str().into();
            labels["scaledobject.keda.sh/name"] = name(scaled).into();
            let metadata =
                json!({ "name": hpa, "labels": labels, "ownerReferences": owner(scaled) });
            scene.create(Kind::Hpa, json!({ "metadata": metadata, "spec": spec }))?;
        }
        Some(there)
            if ["minReplicas", "maxReplicas"]
                .iter()
                .any(|key| there["spec"][key] != spec[key]) =>
        {
            let mut changed = (*there).clone();
            changed["spec"] = spec;
            scene.replace(Kind::Hpa, &changed)?;
        }
        Some(_) => {}
    }
    let new = json!({
        "hpaName": hpa,
        "scaleTargetKind": "apps/v1.Deployment",
        "scaleTargetGVKR": { "group": "apps", "version": "v1", "kind": "Deployment", "resource": "deployments" },
    });
    let all = [
        Condition::new(
            "Ready",
            "True",
            "ScaledObjectReady",
            "ScaledObject is defined correctly and is ready for scaling",
        ),
        Condition::new(
            "Active",
            "True",
            "ScalerActive",
            "Scaling is performed because triggers are active",
        ),
        Condition::no(
            "Fallback",
            "NoFallbackFound",
            "No fallbacks are active on this scaled object",
        ),
        Condition::unknown("Paused", "", ""),
    ];
    scene.status(Kind::ScaledObject, scaled, new, &all)?;
    Ok(())
}

fn metric((index, trigger): (usize, &Value)) -> Value {
    let kind = text(trigger, "/type");
    let value = text(trigger, "/metadata/value");
    match (kind, value.parse::<i64>()) {
        ("cpu" | "memory", Ok(percent)) if text(trigger, "/metricType") != "AverageValue" => {
            json!({
                "type": "Resource",
                "resource": { "name": kind, "target": { "type": "Utilization", "averageUtilization": percent } },
            })
        }
        ("cpu" | "memory", _) => json!({
            "type": "Resource",
            "resource": { "name": kind, "target": { "type": "AverageValue", "averageValue": value } },
        }),
        _ => json!({
            "type": "External",
            "external": {
                "metric": { "name": format!("s{index}-{kind}") },
                "target": { "type": "AverageValue", "averageValue": text(trigger, "/metadata/threshold") },
            },
        }),
    }
}
