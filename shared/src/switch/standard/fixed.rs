//! The classes without an autoscaler of KServe's: none and external.

use serde_json::Value;

use super::super::Scene;
use super::super::draft::Draft;
use super::super::refusal::not_possible;
use super::super::types::Refusal;
use super::no_use;
use super::part::Part;
use crate::knative::annotations::MAX_SCALE;
use crate::kserve::Behaviour;
use crate::manifest::child;

/// A fixed number of pods.
pub(super) fn none(scene: &Scene<'_>, part: &Part<'_>, draft: &mut Draft) -> Result<(), Refusal> {
    let wish = scene.wish;
    let instead = "leave it away; --min says how many pods there are to be";
    no_use(
        wish.max.is_some(),
        "--max",
        "the number of pods is fixed",
        instead,
    )?;
    settings(scene, "nothing scales", instead)?;
    if part.changes_class {
        drop_settings(part, draft, "nothing scales any more");
    }
    replicas(scene, part, draft)
}

/// Another controller scales.
pub(super) fn external(
    scene: &Scene<'_>,
    part: &Part<'_>,
    draft: &mut Draft,
) -> Result<(), Refusal> {
    let wish = scene.wish;
    let instead = "leave it away, and say it to the controller that scales";
    let sets = scene.facts.release().has(Behaviour::ExternalSetsReplicas);
    no_use(
        wish.max.is_some(),
        "--max",
        "another controller scales",
        instead,
    )?;
    settings(scene, "another controller scales", instead)?;
    if sets {
        // 0.15.0 fixes the number for this class.
        drop_settings(part, draft, "another controller scales");
        return replicas(scene, part, draft);
    }
    no_use(
        wish.min.is_some(),
        "--min",
        "another controller scales",
        instead,
    )?;
    if part.changes_class {
        drop_settings(part, draft, "it is the other controller's to say");
        // A canary may not have more than the predictor says.
        if !part.has_canaries {
            part.drop_field(draft, "minReplicas", "it is the other controller's to say");
        }
    }
    Ok(())
}

fn settings(scene: &Scene<'_>, why: &str, instead: &str) -> Result<(), Refusal> {
    let wish = scene.wish;
    let flags = [
        ("--metric", wish.metric.is_some()),
        ("--target", wish.target.is_some()),
        ("--window", wish.window.is_some()),
    ];
    flags
        .into_iter()
        .try_for_each(|(flag, is_given)| no_use(is_given, flag, why, instead))
}

fn drop_settings(part: &Part<'_>, draft: &mut Draft, why: &str) {
    for field in [
        "scaleMetric",
        "scaleTarget",
        "scaleMetricType",
        "autoScaling",
        "maxReplicas",
    ] {
        part.drop_field(draft, field, why);
    }
    // Without the field beside it, an annotation that KServe strips looks as if it were the bound.
    let key = MAX_SCALE.canonical;
    for at in [part.at("annotations"), "/metadata/annotations".to_owned()] {
        if draft.remove(&child(&at, key)).is_some() {
            let why = "KServe strips it, and maxReplicas beside it goes";
            draft.decide(Some(part.name()), key, Value::Null, why);
        }
    }
}

/// How many pods there are to be: as wished; else those that run, where more do than are asked for.
fn replicas(scene: &Scene<'_>, part: &Part<'_>, draft: &mut Draft) -> Result<(), Refusal> {
    let name = part.name();
    let at = part.at("minReplicas");
    let written = part.component.extension.min_replicas;
    if let Some(min) = scene.wish.min {
        draft.set(&at, min);
        return bounded(part, draft, min);
    }
    if !part.changes_class {
        return Ok(());
    }
    let least = if part.class == "hpa" || part.class == "keda" {
        // An HPA takes 0 for 1; and nothing would ever start the first pod that KEDA did.
        written.unwrap_or(1).max(1)
    } else {
        written.unwrap_or(1)
    };
    let keeps = scene.wish.keep_capacity != Some(false) && !part.has_canaries;
    let running = part.pods.filter(|pods| keeps && *pods > least);
    let (count, why) = match running {
        Some(pods) => (pods, "so many pods run now".to_owned()),
        None if written == Some(least) => (least, "its minReplicas".to_owned()),
        None => match written {
            Some(0) => (least, "with 0 no pod would ever run".to_owned()),
            _ => (
                least,
                "the default of minReplicas, written down so that KServe holds it".to_owned(),
            ),
        },
    };
    if written != Some(count) {
        draft.set(&at, count);
    }
    draft.decide(Some(name), "minReplicas", count, why);
    Ok(())
}

/// A maxReplicas that is left over must not be below: the webhook looks at it though nothing else does.
fn bounded(part: &Part<'_>, draft: &mut Draft, min: i64) -> Result<(), Refusal> {
    let max = draft.object.pointer(&part.at("maxReplicas"));
    let max = max.and_then(Value::as_i64).unwrap_or_default();
    if max != 0 && max < min {
        part.drop_field(
            draft,
            "maxReplicas",
            "it has no effect, and KServe's webhook refuses it below minReplicas",
        );
    }
    if min < 0 {
        return Err(not_possible(
            format!("--min {min} is less than no pod"),
            "give 0 or more",
        ));
    }
    Ok(())
}
