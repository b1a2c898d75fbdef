//! Knative's own autoscaler. Its decision is the script's load between the bounds.
//!
//! Source: knative/serving 1.23, `pkg/reconciler/autoscaling/kpa/{kpa,scaler}.go`.

use std::time::Instant;

use serde_json::{Value, json};

use super::pod_autoscaler::{
    bare_status, copied_metadata, is_initialised, predicted, service_of, service_ready, target,
};
use crate::conditions::{Condition, find, ready};
use crate::error::Error;
use crate::json::{entry, list, name, number, text, uid};
use crate::kinds::Kind;
use crate::scene::Scene;

const QUEUED: &str = "Requests to the target are being buffered as resources are provisioned.";
const NO_TRAFFIC: &str = "The target is not receiving traffic.";

pub(super) fn reconcile(scene: &mut Scene<'_>, autoscaler: &Value) -> Result<(), Error> {
    let Some(deployment) = target(scene, autoscaler) else {
        return Ok(());
    };
    let is_new = autoscaler.get("status").is_none();
    let service = service_of(scene, autoscaler, "Proxy")?;
    let actual = number(&deployment, "/status/readyReplicas").unwrap_or(0);
    let predicted = predicted(scene, autoscaler)?;
    let initialised = is_initialised(autoscaler);
    let (min, max) = (
        i64::from(predicted.bounds.min),
        i64::from(predicted.bounds.max),
    );
    let initial = i64::from(predicted.initial_scale);
    let mut desired = if is_new {
        -1
    } else {
        wanted(scene, autoscaler, (min, max, initial))
    };
    let present = number(&deployment, "/spec/replicas").unwrap_or(1);
    if !is_new {
        metric(scene, autoscaler)?;
        if present != desired && desired >= 0 {
            // To zero it is said first, and done then.
            let told =
                find(autoscaler, "Active").is_some_and(|one| text(one, "/reason") == "NoTraffic");
            if desired > 0 || told {
                let patch = json!({ "spec": { "replicas": desired } });
                scene.merge(Kind::Deployment, name(&deployment), &patch)?;
            }
        }
    } else if initial == 0 {
        desired = 0;
    }
    let threshold = if initialised {
        min.max(1)
    } else {
        min.max(initial)
    };
    let active = if desired == 0 {
        Condition::no("Active", "NoTraffic", NO_TRAFFIC)
    } else if actual < threshold || is_new {
        Condition::unknown("Active", "Queued", QUEUED)
    } else {
        Condition::yes("Active")
    };
    let initialised = if initialised || active.is_true() {
        Condition::yes("ScaleTargetInitialized")
    } else {
        Condition::unknown("ScaleTargetInitialized", "", "")
    };
    let all = [active, service_ready(service.as_ref()), initialised];
    let [active, serves, initialised] = all.clone();
    let all = [active, ready(&all), serves, initialised];
    scene.status(
        Kind::PodAutoscaler,
        autoscaler,
        bare_status(autoscaler, desired, actual),
        &all,
    )?;
    Ok(())
}

/// The pods that it wants.
fn wanted(scene: &mut Scene<'_>, autoscaler: &Value, (min, max, initial): (i64, i64, i64)) -> i64 {
    let upper = if max > 0 { max } else { i64::MAX };
    let initialised = is_initialised(autoscaler);
    if !initialised {
        return min.max(initial).min(upper.max(min));
    }
    let workload = entry(autoscaler, "labels", "serving.knative.dev/service").to_owned();
    if text(autoscaler, "/spec/reachability") == "Unreachable" {
        let since = scene
            .memory
            .drains
            .entry(uid(autoscaler).to_owned())
            .or_insert_with(Instant::now);
        let over = *since + scene.script.paced(scene.script.drain);
        if over > Instant::now() {
            scene.again_at(over);
            return number(autoscaler, "/status/desiredScale")
                .unwrap_or(1)
                .max(1);
        }
        return 0;
    }
    scene.memory.drains.remove(uid(autoscaler));
    let route = scene.get(Kind::Route, &workload);
    let routed = route.is_some_and(|route| {
        list(&route, "/status/traffic").any(|one| text(one, "/revisionName") == name(autoscaler))
    });
    // Before it has any traffic it has what it started with.
    let load = if routed {
        scene.script.load(&workload).unwrap_or(1)
    } else {
        1.max(initial)
    };
    load.max(min).min(upper.max(min))
}

fn metric(scene: &mut Scene<'_>, autoscaler: &Value) -> Result<(), Error> {
    if let Some(there) = scene.get(Kind::Metric, name(autoscaler)) {
        let new = json!({ "observedGeneration": there["metadata"]["generation"] });
        scene.status(Kind::Metric, &there, new, &[Condition::yes("Ready")])?;
        return Ok(());
    }
    let object = json!({
        "metadata": copied_metadata(autoscaler),
        "spec": {
            "panicWindow": 6_000_000_000_i64,
            "scrapeTarget": format!("{}-private", name(autoscaler)),
            "stableWindow": 60_000_000_000_i64,
        },
    });
    scene.create(Kind::Metric, object)?;
    Ok(())
}
