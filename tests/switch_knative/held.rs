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

/// What is said where a container requests no cpu.
const LOST_REQUESTS: &str = "KS401";
const OF_CPU: &str = "cpu";

/// What became of a wish.
pub(crate) enum Tried {
    Planned,
    Refused(RefusalReason),
}

/// Plans a wish and looks at everything that must hold of what comes of it.
pub(crate) fn hold(subject: &Subject, wish: &Wish) -> Result<Tried, String> {
    let expected = refusals::expected(subject, wish);
    let planned = plan(&subject.object, &subject.explanation, &subject.facts, wish);
    match planned {
        Err(refusal) if expected.contains(&refusal.reason) => {
            let said = refusal.reason == RefusalReason::AlreadySo || !refusal.help.is_empty();
            said.then_some(Tried::Refused(refusal.reason))
                .ok_or_else(|| format!("it is refused without help: {}", refusal.message))
        }
        Err(refusal) => Err(format!(
            "{:?} {}, and one of {expected:?} was expected",
            refusal.reason, refusal.message
        )),
        Ok(_) if !expected.is_empty() => Err(format!(
            "it is planned, and one of {expected:?} was expected"
        )),
        Ok(plan) => {
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
    let kept = serde_json::to_value(&record).map_err(|error| error.to_string())?;
    if let Err(why) = Record::read(&kept) {
        return Err(format!("the record would be refused: {why}"));
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
    match of_the_cluster(subject, wish, (&before, &after)) {
        Some(said) if plan.blocked.iter().any(|text| text.contains(said)) => return Ok(()),
        // What has one size is not scaled, so that no request is missed.
        Some(OF_CPU | LOST_REQUESTS) | None => {}
        Some(said) => return Err(format!("{said} is no reason to block it")),
    }
    accepted(
        &subject.explanation,
        &explain(&plan.after, &subject.facts).unwrap(),
    )?;
    accepted(&before, &after)?;
    if !plan.blocked.is_empty() {
        return Err(format!("it is blocked: {:?}", plan.blocked));
    }
    for (old, new) in before.components.iter().zip(&after.components) {
        if is_wished(wish, &old.name) {
            wished(subject, wish, old, new)?;
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

/// What keeps a plan from being carried out though it is as wished: containers without a request, and the cluster's own limits.
fn of_the_cluster(
    subject: &Subject,
    wish: &Wish,
    (before, after): (&Explanation, &Explanation),
) -> Option<&'static str> {
    let configs = subject.facts.knative_configs.as_ref().unwrap();
    let limit = i64::from(configs.autoscaler.max_scale_limit);
    if limit > 0 && wish.max.is_some_and(|max| max > limit) {
        return Some("expected 1 <=");
    }
    if subject.facts.knative_installed.is_known() && !subject.facts.knative_installed.value {
        return Some("Knative Serving is not installed");
    }
    let wishes_less = |one: &&ComponentExplanation| {
        let least = refusals::annotation(subject, one, "activation-scale");
        let least = least.and_then(|text| text.parse::<i64>().ok());
        is_wished(wish, &one.name) && least.zip(wish.max).is_some_and(|(least, max)| max < least)
    };
    let wishes_more = |one: &&ComponentExplanation| {
        let start = refusals::annotation(subject, one, "activation-scale");
        let start = start.and_then(|text| text.parse::<i64>().ok());
        is_wished(wish, &one.name) && start.zip(wish.min).is_some_and(|(start, min)| min > start)
    };
    // Under the HPA class only that of a ServingRuntime stays: a plan takes away what it can.
    let stays = wish.to == Destination::Kpa || subject.object["kind"] == "InferenceService";
    if stays && after.components.iter().any(|one| wishes_less(&one)) {
        return Some("is less than activation-scale");
    }
    if stays && after.components.iter().any(|one| wishes_more(&one)) {
        return Some("is greater than activation-scale");
    }
    let of_cpu = |one: &&ComponentExplanation| {
        let metric = wish.metric.as_deref().unwrap_or("cpu");
        is_wished(wish, &one.name) && metric == "cpu" && wish.to == Destination::Hpa
    };
    let loses_requests = |one: &&ComponentExplanation| {
        subject.object["spec"][&one.name]["resources"].is_object() && of_cpu(one)
    };
    if before.components.iter().any(|one| loses_requests(&one)) {
        return Some(LOST_REQUESTS);
    }
    let bare = |container: &Value| {
        let resources = &container["resources"];
        resources["requests"]["cpu"].is_null() && resources["limits"]["cpu"].is_null()
    };
    let containers = subject
        .object
        .pointer("/spec/template/spec/containers")
        .and_then(Value::as_array);
    let is_bare = containers.is_some_and(|all| all.iter().any(bare));
    (is_bare && before.components.iter().any(|one| of_cpu(&one))).then_some(OF_CPU)
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
    subject: &Subject,
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
    let is_dead = to_hpa && matches!(old.metric.as_deref(), Some("concurrency" | "rps"));
    let switches = old.autoscaler != autoscaler || is_dead;
    let default = match (switches, to_hpa) {
        (true, true) => Some("cpu"),
        (true, false) => Some("concurrency"),
        (false, _) => old.metric.as_deref(),
    };
    let metric = wish.metric.as_deref().or(default);
    let changes = switches || metric != old.metric.as_deref();
    let number = wish
        .target
        .as_deref()
        .map(|text| text.trim_end_matches("Mi").trim_end_matches('%'));
    let target = match number {
        Some(number) => number.parse::<f64>().ok(),
        None if changes && metric == Some("cpu") => Some(80.0),
        None if changes => None,
        None => old.target.as_ref().and_then(|target| target.value.as_f64()),
    };
    let said = new.target.as_ref().and_then(|target| target.value.as_f64());
    // A limit of requests at a time caps a target above it.
    let capped = !to_hpa && metric == Some("concurrency") && said < target;
    let (old_min, old_max) = refusals::bounds(subject, old);
    let min = match wish.min.or(old_min) {
        Some(0) if to_hpa => Some(1),
        min => min,
    };
    let max = wish.max.or(old_max);
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
