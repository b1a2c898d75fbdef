//! What a controller fails at, or has not come to yet.

use super::Case;
use crate::observed::component::serving;
use crate::observed::events::{is_noise, shown};
use crate::observed::read::{condition, conditions, entry, int, list, text, title};
use crate::observed::time;
use crate::observed::types::{Cause, Condition, ObservedComponent};

/// The components' own conditions on an InferenceService.
const READY: [(&str, &str); 3] = [
    ("PredictorReady", "predictor"),
    ("TransformerReady", "transformer"),
    ("ExplainerReady", "explainer"),
];

/// Longer than any controller takes to act on something new.
const LONG: i64 = 60;

/// `knative-refused`, `hpa-refused`, `keda-refused`, `admission-refused`, `reconcile-failed`, `knative-missing`,
/// `auto-update-disabled`, `not-reconciled-yet`
pub(super) fn find(case: &Case<'_>, components: &[ObservedComponent], causes: &mut Vec<Cause>) {
    let conditions = conditions(case.object);
    let already = causes.len();
    failed(case, components, &conditions, causes);
    let failed = causes.len() > already;
    if !failed {
        let nothing_made = components
            .iter()
            .all(|one| one.service.is_none() && one.scaling.is_none());
        if nothing_made {
            event(case, &conditions, causes);
        }
    }
    if causes.len() == already {
        behind(case, components, &conditions, causes);
    }
    for component in components {
        service_behind(case, component, causes);
    }
}

fn failed(
    case: &Case<'_>,
    components: &[ObservedComponent],
    conditions: &[Condition],
    causes: &mut Vec<Cause>,
) {
    for (kind, name) in READY {
        let Some(found) = condition(conditions, kind)
            .filter(|one| one.is_false() && one.has_reason("ReconcileFailed"))
        else {
            continue;
        };
        let message = found.message.as_deref().unwrap_or_default();
        let component = components.iter().find(|one| one.name == name);
        let title = title(case.object);
        let mut cause =
            refused(title.clone(), message, &going_on(component)).seen_in(&title, Some(found));
        cause.component = Some(name.to_owned());
        causes.push(cause);
    }
}

/// What goes on serving meanwhile.
fn going_on(component: Option<&ObservedComponent>) -> String {
    let serving = component.map(serving).unwrap_or_default();
    match serving.first() {
        Some(revision) => format!(
            "; what was there before goes on serving unchanged ({}), whatever the condition Ready says",
            revision.name
        ),
        None => String::new(),
    }
}

/// Who refuses, told from the text.
fn refused(object: String, text: &str, going_on: &str) -> Cause {
    let help = "correct what the text names";
    if text.contains("admission webhook \"validation.webhook.serving.knative.dev\"")
        || text.contains("admission webhook \"webhook.serving.knative.dev\"")
    {
        let message =
            format!("Knative's webhook refuses the Service that KServe wants to write{going_on}");
        Cause::problem("knative-refused", object, message).help(help)
    } else if text.contains("HorizontalPodAutoscaler.autoscaling") && text.contains(" is invalid") {
        let message =
            format!("the API server refuses the HPA that KServe wants to write{going_on}");
        Cause::problem("hpa-refused", object, message).help(help)
    } else if text.contains("vscaledobject.kb.io") {
        let message =
            format!("KEDA's webhook refuses the ScaledObject that KServe wants to write{going_on}");
        Cause::problem("keda-refused", object, message).help(help)
    } else if text.contains("admission webhook \"") {
        let message = format!("an admission webhook refuses what KServe wants to write{going_on}");
        Cause::problem("admission-refused", object, message).help(help)
    } else {
        let message = format!("KServe's controller fails{going_on}");
        Cause::problem("reconcile-failed", object, message).help("see what the text names")
    }
}

/// Failures before any condition is written, and those of releases that write none, are told by events alone.
fn event(case: &Case<'_>, conditions: &[Condition], causes: &mut Vec<Cause>) {
    let ready = condition(conditions, "Ready");
    if ready.is_some_and(Condition::is_true) {
        return;
    }
    let (kind, name) = (
        text(case.object, "/kind"),
        text(case.object, "/metadata/name"),
    );
    let events = case.index.events(case.namespace, kind, name);
    let last = |event: &serde_json::Value| time::seconds(text(event, "/lastTimestamp"));
    let newest = events
        .into_iter()
        .filter(|event| text(event, "/type") == "Warning" && !is_noise(event))
        .filter(|event| {
            let reason = text(event, "/reason");
            reason == "ServerlessModeRejected" || reason == "InternalError"
        })
        // It may have been overcome since.
        .filter(|event| {
            case.index
                .age(case.namespace, last(event))
                .is_some_and(|age| age < 300)
        })
        .max_by_key(|event| last(event));
    let Some(event) = newest else {
        return;
    };
    let title = title(case.object);
    let cause = if text(event, "/reason") == "ServerlessModeRejected" {
        let message =
            "KServe does nothing about it: its mode is Knative, and Knative Serving is not there";
        Cause::problem("knative-missing", title, message)
            .help("install Knative Serving, or choose the mode Standard")
    } else {
        refused(title, text(event, "/message"), "")
    };
    causes.push(cause.seen(shown(event)));
}

/// Where nothing failed, and yet the objects are not what the workload asks for.
fn behind(
    case: &Case<'_>,
    components: &[ObservedComponent],
    conditions: &[Condition],
    causes: &mut Vec<Cause>,
) {
    let title = title(case.object);
    if text(case.object, "/kind") == "Service" {
        return;
    }
    if conditions.is_empty() {
        let created = time::seconds(text(case.object, "/metadata/creationTimestamp"));
        let age = case.index.age(case.namespace, created);
        // An object from a file has no status either, and says nothing.
        if created.is_none() {
            return;
        }
        let cause = match age {
            Some(age) if age > LONG => Cause::problem(
                "not-reconciled-yet",
                title,
                format!(
                    "KServe has not acted on it in {}: it has no status; either KServe's controller does not run, or it fails early",
                    time::span(age)
                ),
            )
            .help("see whether the Deployment kserve-controller-manager is available, and its log"),
            _ => Cause::waiting(
                "not-reconciled-yet",
                title,
                "KServe has not acted on it yet: it has no status",
            ),
        };
        return causes.push(cause);
    }
    let written = case.differences.iter().any(|one| {
        let of_kserve = one.object.starts_with("Service/")
            || one.object.starts_with("HorizontalPodAutoscaler/");
        of_kserve
            && components
                .iter()
                .any(|component| component.name == one.component)
    });
    let is_disabled = entry(
        case.object,
        "annotations",
        "serving.kserve.io/disable-auto-update",
    ) == Some("true");
    let is_ready = condition(conditions, "Ready").is_some_and(Condition::is_true);
    if written && is_disabled && is_ready {
        let message = "edits are not carried out: KServe leaves a ready InferenceService with this annotation alone";
        causes.push(
            Cause::problem("auto-update-disabled", title, message)
                .seen("annotation serving.kserve.io/disable-auto-update=true")
                .help("take the annotation away to have the edit carried out"),
        );
    }
}

/// A Service on whose newest generation Knative has not acted.
fn service_behind(case: &Case<'_>, component: &ObservedComponent, causes: &mut Vec<Cause>) {
    let Some(service) = &component.service else {
        return;
    };
    let behind = match (service.generation, service.observed_generation) {
        (Some(generation), Some(observed)) => observed < generation,
        (Some(_), None) => true,
        _ => false,
    };
    if !behind {
        return;
    }
    let object = format!("Service/{}", service.name);
    let found = case.index.find(
        "serving.knative.dev",
        "Service",
        case.namespace,
        &service.name,
    );
    let is_owned =
        found.is_some_and(|found| list(found, "/metadata/ownerReferences").next().is_some());
    let generation = found
        .and_then(|found| int(found, "/metadata/generation"))
        .unwrap_or_default();
    let observed = service
        .observed_generation
        .map_or_else(|| "none".to_owned(), |one| one.to_string());
    let message = if is_owned {
        "Knative has not acted on the newest edit of the Service that KServe wrote"
    } else {
        "Knative has not acted on the newest edit of the Service"
    };
    let mut cause = Cause::waiting("not-reconciled-yet", object.clone(), message).seen(format!(
        "{object}: generation {generation}, observed {observed}"
    ));
    cause.component = Some(component.name.clone());
    causes.push(cause);
}
