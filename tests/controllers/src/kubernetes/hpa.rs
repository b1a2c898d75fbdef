//! HorizontalPodAutoscaler: a look every fifteen seconds. Its decision is the script's load between the bounds.

use std::time::Instant;

use serde_json::{Value, json};

use crate::conditions::{Condition, now, written};
use crate::error::Error;
use crate::json::{at, entry, list, name, number, text, uid};
use crate::kinds::Kind;
use crate::scene::Scene;

const COMPONENT: &str = "horizontal-pod-autoscaler";

pub(super) fn reconcile(scene: &mut Scene<'_>, hpa: &Value) -> Result<(), Error> {
    if !at(hpa, "/metadata/deletionTimestamp").is_null() {
        return Ok(());
    }
    let period = scene.script.paced(scene.script.hpa_sync);
    let next = *scene
        .memory
        .hpas
        .entry(uid(hpa).to_owned())
        .or_insert_with(|| Instant::now() + period);
    if next > Instant::now() {
        scene.again_at(next);
        return Ok(());
    }
    let next = Instant::now() + period;
    scene.memory.hpas.insert(uid(hpa).to_owned(), next);
    scene.again_at(next);
    look(scene, hpa)
}

fn look(scene: &mut Scene<'_>, hpa: &Value) -> Result<(), Error> {
    let target = text(hpa, "/spec/scaleTargetRef/name");
    let Some(deployment) = scene.get(Kind::Deployment, target) else {
        let message = format!(
            "the HPA controller was unable to get the target's current scale: deployments.apps \"{target}\" not found"
        );
        let condition = Condition::no("AbleToScale", "FailedGetScale", &message);
        return write(scene, hpa, (0, 0), &[condition], false);
    };
    let spec = number(&deployment, "/spec/replicas").unwrap_or(1);
    let current = number(&deployment, "/status/replicas").unwrap_or(0);
    if spec == 0 {
        let able = able(
            "SucceededGetScale",
            "the HPA controller was able to get the target's current scale",
        );
        let message = "scaling is disabled since the replica count of the target is zero";
        let off = Condition::no("ScalingActive", "ScalingDisabled", message);
        return write(scene, hpa, (current, 0), &[able, off], false);
    }
    let min = number(hpa, "/spec/minReplicas").unwrap_or(1);
    let max = number(hpa, "/spec/maxReplicas").unwrap_or(min);
    if spec < min {
        let why = "Current number of replicas below Spec.MinReplicas";
        return rescale(scene, hpa, &deployment, min, (why, Vec::new()));
    }
    if spec > max {
        let why = "Current number of replicas above Spec.MaxReplicas";
        return rescale(scene, hpa, &deployment, max, (why, Vec::new()));
    }
    let is_of_keda = !entry(hpa, "labels", "scaledobject.keda.sh/name").is_empty();
    if !scene.script.metrics && !is_of_keda {
        return no_figures(scene, hpa, current);
    }
    let wanted = load(scene, hpa, &deployment).map_or(min, |load| load.clamp(min, max));
    let active = Condition::new(
        "ScalingActive",
        "True",
        "ValidMetricFound",
        &format!(
            "the HPA was able to successfully calculate a replica count from {}",
            metric(hpa)
        ),
    );
    let message = "the desired count is within the acceptable range";
    let limited = Condition::no("ScalingLimited", "DesiredWithinRange", message);
    if wanted != spec {
        let why = if wanted < spec {
            "All metrics below target"
        } else {
            "cpu resource utilization (percentage of request) above target"
        };
        return rescale(
            scene,
            hpa,
            &deployment,
            wanted,
            (why, vec![active, limited]),
        );
    }
    let able = able("ReadyForNewScale", "recommended size matches current size");
    write(
        scene,
        hpa,
        (current, wanted),
        &[able, active, limited],
        false,
    )
}

/// The pods that the load asks for: nothing is asked of a revision without traffic.
fn load(scene: &Scene<'_>, hpa: &Value, deployment: &Value) -> Option<i64> {
    let service = entry(hpa, "labels", "serving.knative.dev/service");
    if service.is_empty() {
        return scene.script.load(name(deployment));
    }
    let route = scene.get(Kind::Route, service)?;
    let routed = list(&route, "/status/traffic").any(|one| text(one, "/revisionName") == name(hpa));
    if routed {
        return scene.script.load(service);
    }
    let reachable = scene.get(Kind::PodAutoscaler, name(hpa));
    let reachable = reachable.is_some_and(|one| text(&one, "/spec/reachability") == "Reachable");
    // A revision that starts has what it started with: nothing is scaled down in the first five minutes.
    reachable.then(|| number(deployment, "/spec/replicas").unwrap_or(1))
}

fn able(reason: &str, message: &str) -> Condition {
    Condition::new("AbleToScale", "True", reason, message)
}

fn metric(hpa: &Value) -> String {
    let resource = text(hpa, "/spec/metrics/0/resource/name");
    match resource {
        "" => "external metric".to_owned(),
        _ if !at(hpa, "/spec/metrics/0/resource/target/averageUtilization").is_null() => {
            format!("{resource} resource utilization (percentage of request)")
        }
        _ => format!("{resource} resource"),
    }
}

fn rescale(
    scene: &mut Scene<'_>,
    hpa: &Value,
    deployment: &Value,
    wanted: i64,
    (why, more): (&str, Vec<Condition>),
) -> Result<(), Error> {
    let current = number(deployment, "/status/replicas").unwrap_or(0);
    let patch = json!({ "spec": { "replicas": wanted } });
    scene.merge(Kind::Deployment, name(deployment), &patch)?;
    let message = format!("the HPA controller was able to update the target scale to {wanted}");
    let mut conditions = vec![able("SucceededRescale", &message)];
    conditions.extend(more);
    write(scene, hpa, (current, wanted), &conditions, true)?;
    let message = format!("New size: {wanted}; reason: {why}");
    scene.event(hpa, ("Normal", "SuccessfulRescale"), &message, COMPONENT)
}

fn no_figures(scene: &mut Scene<'_>, hpa: &Value, current: i64) -> Result<(), Error> {
    let resource = match text(hpa, "/spec/metrics/0/resource/name") {
        "" => "cpu",
        resource => resource,
    };
    let said = format!(
        "failed to get {resource} utilization: unable to get metrics for resource {resource}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)"
    );
    let able = able(
        "SucceededGetScale",
        "the HPA controller was able to get the target's current scale",
    );
    let message = format!("the HPA was unable to compute the replica count: {said}");
    let inactive = Condition::no("ScalingActive", "FailedGetResourceMetric", &message);
    let before = number(hpa, "/status/desiredReplicas").unwrap_or(0);
    write(scene, hpa, (current, before), &[able, inactive], false)?;
    scene.event(
        hpa,
        ("Warning", "FailedGetResourceMetric"),
        &said,
        COMPONENT,
    )?;
    let message = format!(
        "invalid metrics (1 invalid out of 1), first error is: failed to get {resource} resource metric value: {said}"
    );
    scene.event(
        hpa,
        ("Warning", "FailedComputeMetricsReplicas"),
        &message,
        COMPONENT,
    )
}

fn write(
    scene: &mut Scene<'_>,
    hpa: &Value,
    (current, desired): (i64, i64),
    conditions: &[Condition],
    scaled: bool,
) -> Result<(), Error> {
    let mut new = json!({
        "currentReplicas": current,
        "desiredReplicas": desired,
        "conditions": written(hpa, conditions),
    });
    let last = at(hpa, "/status/lastScaleTime").as_str().map(str::to_owned);
    if let Some(last) = scaled.then(now).or(last) {
        new["lastScaleTime"] = last.into();
    }
    scene.status(Kind::Hpa, hpa, new, &[])?;
    Ok(())
}
