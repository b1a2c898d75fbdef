//! What must hold of a plan.

use kscale_rules::explain::{
    Autoscaler, ComponentExplanation, Explanation, Finding, Severity, explain,
};
use kscale_rules::manifest::ComponentKind;
use kscale_rules::switch::{
    Destination, Plan, Record, RefusalReason, RequestVerb, Scaling, Wish, plan,
};
use serde_json::{Value, json};

use crate::corpus::Subject;
use crate::refusals;

/// What became of a wish.
pub(crate) enum Tried {
    Planned,
    Refused(RefusalReason),
}

/// Plans a wish and looks at everything that must hold of what comes of it.
pub(crate) fn hold(subject: &Subject, wish: &Wish) -> Result<Tried, String> {
    let expected = refusals::expected(subject, wish);
    let planned = plan(&subject.object, &subject.explanation, &subject.facts, wish);
    match (planned, expected) {
        (Err(refusal), Some(expected)) if refusal.reason == expected => {
            let said = refusal.reason == RefusalReason::AlreadySo || !refusal.help.is_empty();
            said.then_some(Tried::Refused(expected))
                .ok_or_else(|| format!("it is refused without help: {}", refusal.message))
        }
        (Err(refusal), expected) => Err(format!(
            "{:?} {}, and {expected:?} was expected",
            refusal.reason, refusal.message
        )),
        (Ok(_), Some(expected)) => Err(format!("it is planned, and {expected:?} was expected")),
        (Ok(plan), None) => {
            there_and_back(&plan)?;
            outcome(subject, wish, &plan)?;
            again(subject, wish, &plan)?;
            Ok(Tried::Planned)
        }
    }
}

fn apply(object: &Value, patch: &[Value]) -> Result<Value, String> {
    let mut object = object.clone();
    let patch: json_patch::Patch = serde_json::from_value(json!(patch)).unwrap();
    json_patch::patch(&mut object, &patch).map_err(|error| error.to_string())?;
    Ok(object)
}

/// One request does it, and it is taken back to the letter in both ways.
fn there_and_back(plan: &Plan) -> Result<(), String> {
    let [request] = plan.requests.as_slice() else {
        return Err(format!("{} requests", plan.requests.len()));
    };
    if request.verb != RequestVerb::Patch || apply(&plan.before, &request.patch)? != plan.after {
        return Err("the request does not make what is planned".to_owned());
    }
    if apply(&plan.after, &plan.undo)? != plan.before {
        return Err("the way back does not lead back".to_owned());
    }
    let record = Record::of(plan, "2026-11-25T00:00:00Z");
    if !record.is_in_effect(&plan.after) || record.restored(&plan.after) != plan.before {
        return Err("the record does not lead back".to_owned());
    }
    Ok(())
}

/// As predicted if nothing stopped it.
pub(crate) fn running(object: &Value) -> Value {
    let mut object = object.clone();
    for place in [
        "/metadata",
        "/spec/predictor",
        "/spec/transformer",
        "/spec/explainer",
    ] {
        let annotations = object.pointer_mut(&format!("{place}/annotations"));
        if let Some(map) = annotations.and_then(Value::as_object_mut) {
            map.remove("serving.kserve.io/stop");
        }
    }
    object
}

/// What was wished is what is predicted, of those that it was wished of; the others are scaled as before.
fn outcome(subject: &Subject, wish: &Wish, plan: &Plan) -> Result<(), String> {
    let explained = |object: &Value| explain(&running(object), &subject.facts).unwrap();
    let (before, after) = (explained(&plan.before), explained(&plan.after));
    let whole = explain(&plan.after, &subject.facts).unwrap();
    accepted(&subject.explanation, &whole)?;
    accepted(&before, &after)?;
    if !plan.blocked.iter().all(|text| allowed(subject, text)) {
        return Err(format!("it is blocked: {:?}", plan.blocked));
    }
    for (old, new) in before.components.iter().zip(&after.components) {
        if is_wished(wish, &old.name) {
            wished(wish, old, new)?;
        } else if Scaling::of(old) != Scaling::of(new) {
            return Err(format!(
                "the {} was {} and becomes {}",
                old.name,
                Scaling::of(old).words(),
                Scaling::of(new).words()
            ));
        }
    }
    Ok(())
}

/// What keeps a plan from being carried out, and is the cluster's fault.
fn allowed(subject: &Subject, text: &str) -> bool {
    subject.facts.metrics_api.value != Some(true) && text.contains("metrics")
        || subject.facts.hpa_extension.value != Some(true) && text.contains("extension")
}

pub(crate) fn is_wished(wish: &Wish, name: &str) -> bool {
    let all = wish.components.is_empty();
    all || wish
        .components
        .iter()
        .any(|kind: &ComponentKind| kind.as_str() == name)
}

fn accepted(before: &Explanation, after: &Explanation) -> Result<(), String> {
    let admission = &after.admission;
    if let Some(text) = [
        &admission.kserve,
        &admission.knative,
        &admission.kubernetes,
        &admission.keda,
    ]
    .into_iter()
    .flatten()
    .next()
    {
        return Err(format!("it is refused: {text}"));
    }
    let failures = after
        .components
        .iter()
        .filter_map(|one| one.failure.as_ref());
    if let Some(text) = failures.into_iter().next() {
        return Err(format!("it fails: {text}"));
    }
    let is_old = |finding: &Finding| {
        let same = |one: &Finding| one.code == finding.code && one.pointer == finding.pointer;
        before.findings.iter().any(same)
    };
    let mut errors = after
        .findings
        .iter()
        .filter(|one| one.severity == Severity::Error && !is_old(one));
    match errors.next() {
        Some(error) => Err(format!(
            "{} at {}: {}",
            error.code, error.pointer, error.message
        )),
        None => Ok(()),
    }
}

fn wished(
    wish: &Wish,
    old: &ComponentExplanation,
    new: &ComponentExplanation,
) -> Result<(), String> {
    let to_hpa = wish.to == Destination::Hpa;
    let autoscaler = if to_hpa {
        Autoscaler::KnativeHpa
    } else {
        Autoscaler::Kpa
    };
    let switches = old.autoscaler != autoscaler;
    let default = match (switches, to_hpa) {
        (true, true) => Some("cpu"),
        (true, false) => Some("concurrency"),
        (false, _) => old.metric.as_deref(),
    };
    let metric = wish.metric.as_deref().or(default);
    let number = wish
        .target
        .as_deref()
        .map(|text| text.trim_end_matches("Mi").trim_end_matches('%'));
    let target = match number {
        Some(number) => number.parse::<f64>().ok(),
        None if switches && metric == Some("cpu") => Some(80.0),
        None if switches => None,
        None => old.target.as_ref().and_then(|target| target.value.as_f64()),
    };
    let said = new.target.as_ref().and_then(|target| target.value.as_f64());
    // A limit of requests at a time caps a target above it.
    let capped = !to_hpa && metric == Some("concurrency") && said < target;
    let min = match (wish.min, old.min_replicas) {
        (Some(min), _) => Some(min),
        (None, Some(0)) if to_hpa => Some(1),
        (None, min) => min,
    };
    let max = wish.max.or(old.max_replicas);
    let holds = new.autoscaler == autoscaler
        && new.metric.as_deref() == metric
        && (said == target || target.is_none() || capped)
        && new.min_replicas == min
        && new.max_replicas == max;
    if holds {
        return Ok(());
    }
    Err(format!(
        "{} of {} becomes {}, and not on {metric:?} {target:?} from {min:?} to {max:?}",
        old.name,
        Scaling::of(old).words(),
        Scaling::of(new).words()
    ))
}

/// What is done is not done twice.
fn again(subject: &Subject, wish: &Wish, plan: &Plan) -> Result<(), String> {
    let explanation = explain(&plan.after, &subject.facts).unwrap();
    match kscale_rules::switch::plan(&plan.after, &explanation, &subject.facts, wish) {
        Err(refusal) if refusal.reason == RefusalReason::AlreadySo => Ok(()),
        Err(refusal) => Err(format!("planned again it is refused: {}", refusal.message)),
        Ok(again) => Err(format!(
            "planned again it changes {:?}",
            again.requests[0].patch
        )),
    }
}
