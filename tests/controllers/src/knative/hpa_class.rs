//! Knative's HPA extension.
//!
//! Source: knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/hpa.go`.

use serde_json::{Value, json};

use super::pod_autoscaler::{
    bare_status, copied_metadata, is_initialised, predicted, service_of, service_ready,
};
use crate::conditions::{Condition, ready};
use crate::error::Error;
use crate::json::{covers, name, number};
use crate::kinds::Kind;
use crate::scene::{Scene, Wrote};

pub(super) fn reconcile(scene: &mut Scene<'_>, autoscaler: &Value) -> Result<(), Error> {
    let predicted = predicted(scene, autoscaler)?;
    let Some(spec) = predicted.hpa else {
        return Ok(());
    };
    let kept = kscale_rules::kubernetes::default_hpa(&spec);
    let (spec, kept) = (json!(spec), json!(kept));
    let there = scene.get(Kind::Hpa, name(autoscaler));
    let wrote = match &there {
        None => {
            let object = json!({ "metadata": copied_metadata(autoscaler), "spec": spec });
            scene.create(Kind::Hpa, object)?
        }
        Some(there) if !same(&there["spec"], &kept) => {
            let mut changed = (**there).clone();
            changed["spec"] = spec;
            scene.replace(Kind::Hpa, &changed)?
        }
        Some(_) => Wrote::Done,
    };
    if let Wrote::Refused(said) = wrote {
        return refused(scene, autoscaler, &said);
    }
    let service = service_of(scene, autoscaler, "Serve")?;
    let null = Value::Null;
    let there = there.as_deref().unwrap_or(&null);
    let count = |key: &str| number(there, &format!("/status/{key}")).unwrap_or(0);
    let (desired, actual) = (count("desiredReplicas"), count("currentReplicas"));
    let threshold = i64::from(predicted.bounds.min.max(predicted.initial_scale));
    let serves = service_ready(service.as_ref());
    let has_started =
        serves.is_true() && actual >= threshold && !there["status"]["conditions"].is_null();
    let initialised = if is_initialised(autoscaler) || has_started {
        Condition::yes("ScaleTargetInitialized")
    } else {
        Condition::unknown("ScaleTargetInitialized", "", "")
    };
    let all = [Condition::yes("Active"), serves, initialised];
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

/// Whether an HPA is as it is to be, as far as Knative writes it.
fn same(there: &Value, wanted: &Value) -> bool {
    let keys = ["minReplicas", "maxReplicas", "scaleTargetRef", "metrics"];
    keys.iter()
        .all(|key| match (there.get(key), wanted.get(key)) {
            (Some(there), Some(wanted)) => covers(there, wanted),
            (there, wanted) => there.is_none() && wanted.is_none(),
        })
}

/// The cause stands in an Event alone, which counts up with every try.
fn refused(scene: &mut Scene<'_>, autoscaler: &Value, said: &str) -> Result<(), Error> {
    let message = format!(
        "Failed to create HorizontalPodAutoscaler \"{}\".",
        name(autoscaler)
    );
    let active = Condition::no("Active", "FailedCreate", &message);
    let all = [
        ready(std::slice::from_ref(&active)),
        active,
        Condition::unknown("SKSReady", "", ""),
        Condition::unknown("ScaleTargetInitialized", "", ""),
    ];
    let new = json!({
        "observedGeneration": autoscaler["metadata"]["generation"],
        "metricsServiceName": "",
        "serviceName": "",
    });
    let before = scene
        .memory
        .backoff
        .get(name(autoscaler))
        .map(|(_, next)| *next);
    scene.status(Kind::PodAutoscaler, autoscaler, new, &all)?;
    if before.is_none_or(|next| next <= std::time::Instant::now()) {
        let next = scene.script.paced(std::time::Duration::from_secs(4));
        let next = std::time::Instant::now() + next;
        scene
            .memory
            .backoff
            .insert(name(autoscaler).to_owned(), (1, next));
        let message = format!("failed to create HPA: {said}");
        scene.event(
            autoscaler,
            ("Warning", "InternalError"),
            &message,
            "podautoscaler-controller",
        )?;
    }
    scene.again(std::time::Duration::from_secs(4));
    Ok(())
}
