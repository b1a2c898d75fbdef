//! PodAutoscalers on which nobody acts: the silent hang, without a condition, an event or an end.

use serde_json::Value;

use super::Case;
use super::control_plane::{self, is_up};
use crate::knative::annotations::{HPA_CLASS, KPA_CLASS};
use crate::observed::component::serving;
use crate::observed::read::condition;
use crate::observed::time;
use crate::observed::types::{
    Cause, Condition, ObservedComponent, ObservedPodAutoscaler, ObservedRevision,
};

/// Longer than any controller takes to act on something new.
const LONG: i64 = 60;

/// What is known of Knative's HPA extension.
enum Extension<'a> {
    /// It runs.
    Up,
    /// Its Deployment is there, and no pod of it is available.
    Down(&'a Value),
    /// There is no such Deployment.
    Missing,
    /// Nobody said.
    Unknown,
}

/// `hpa-extension-missing`, `hpa-extension-unavailable`, `hpa-extension-idle`, `hpa-extension-gone`,
/// `hpa-extension-version`, `hpa-gone`, `unknown-class`, `autoscaler-idle`, `not-reconciled-yet`
pub(super) fn find(
    case: &Case<'_>,
    component: &ObservedComponent,
    revision: &ObservedRevision,
    causes: &mut Vec<Cause>,
) {
    let Some(pa) = &revision.scaling.pod_autoscaler else {
        return;
    };
    let class = pa.class.as_deref().unwrap_or_default();
    let cause = match (class, pa.has_status) {
        (HPA_CLASS, true) => gone(case, revision, pa).or_else(|| reconciled(case, pa)),
        (_, true) => None,
        (HPA_CLASS, false) => Some(waiting_for_extension(case, pa)),
        (KPA_CLASS, false) => Some(waiting_for_autoscaler(case, pa)),
        (_, false) => Some(unknown(pa)),
    };
    if let Some(mut cause) = cause {
        // Of several revisions, the one that waits says it.
        let is_said = causes
            .iter()
            .any(|one| one.slug == cause.slug && one.severity < cause.severity);
        if is_said {
            return;
        }
        if !pa.has_status {
            cause.message.push_str(&meanwhile(component, revision));
        }
        causes.push(cause);
    }
    if class == HPA_CLASS {
        causes.extend(version(case, pa));
    }
}

fn extension<'a>(case: &Case<'a>) -> Extension<'a> {
    let found = case
        .index
        .find("apps", "Deployment", "knative-serving", "autoscaler-hpa");
    match found {
        Some(deployment) if is_up(deployment) => Extension::Up,
        Some(deployment) => Extension::Down(deployment),
        None if !case.facts.hpa_extension.is_known() => Extension::Unknown,
        None => match case.facts.hpa_extension.value {
            Some(true) => Extension::Up,
            Some(false) => Extension::Missing,
            None => Extension::Unknown,
        },
    }
}

/// Who serves meanwhile.
fn meanwhile(component: &ObservedComponent, revision: &ObservedRevision) -> String {
    let before = serving(component)
        .into_iter()
        .find(|one| one.name != revision.name);
    match before {
        Some(before) => format!("; {} goes on serving", before.name),
        None => String::new(),
    }
}

fn title(pa: &ObservedPodAutoscaler) -> String {
    format!("PodAutoscaler/{}", pa.name)
}

/// What a PodAutoscaler shows on which nobody acts.
fn untouched(cause: Cause, pa: &ObservedPodAutoscaler) -> Cause {
    let class = pa.class.as_deref().unwrap_or_default();
    cause.seen(format!("{}: class {class}, no status", title(pa)))
}

fn waiting_for_extension(case: &Case<'_>, pa: &ObservedPodAutoscaler) -> Cause {
    let name = &pa.name;
    let install = format!(
        "kubectl kscale install brings the HPA extension of Knative {}: {name} then gets ready by itself within half a minute",
        case.facts.knative.value
    );
    match extension(case) {
        Extension::Missing => {
            let message = format!(
                "{name} waits for Knative's HPA extension, which is not installed; nothing ends that wait"
            );
            untouched(
                Cause::problem("hpa-extension-missing", title(pa), message),
                pa,
            )
            .help(install)
        }
        Extension::Down(deployment) => {
            let message = format!(
                "{name} waits for Knative's HPA extension, of which no pod is available; nothing else ends that wait"
            );
            untouched(
                Cause::problem("hpa-extension-unavailable", title(pa), message),
                pa,
            )
            .seen(control_plane::state(deployment))
            .help(control_plane::help(deployment))
        }
        Extension::Up => idle(
            case,
            pa,
            "hpa-extension-idle",
            "autoscaler-hpa",
            "Knative's HPA extension",
        ),
        Extension::Unknown => {
            let message = format!(
                "nobody has acted on {name} so far: either Knative's HPA extension is not there or does not run, or the revision is new"
            );
            untouched(Cause::problem("hpa-extension-idle", title(pa), message), pa).help(
                "see whether Deployment knative-serving/autoscaler-hpa is there and available",
            )
        }
    }
}

fn waiting_for_autoscaler(case: &Case<'_>, pa: &ObservedPodAutoscaler) -> Cause {
    idle(
        case,
        pa,
        "autoscaler-idle",
        "autoscaler",
        "Knative's autoscaler",
    )
}

/// A controller that is there, and has not acted: it cannot be told why.
fn idle(
    case: &Case<'_>,
    pa: &ObservedPodAutoscaler,
    slug: &str,
    deployment: &str,
    who: &str,
) -> Cause {
    let name = &pa.name;
    let created = pa.created.as_deref().and_then(time::seconds);
    let age = case.index.age(case.namespace, created);
    match age {
        Some(age) if age > LONG => {
            let message = format!(
                "{who} has not acted on {name} in {}: either it does not run, or none of its pods leads (after a restart the old lease has to run out)",
                time::span(age)
            );
            untouched(Cause::problem(slug, title(pa), message), pa).help(format!(
                "see the log of Deployment knative-serving/{deployment}, and its leases"
            ))
        }
        _ => {
            let message = format!("{who} has not acted on {name} yet");
            untouched(Cause::waiting("not-reconciled-yet", title(pa), message), pa)
        }
    }
}

fn unknown(pa: &ObservedPodAutoscaler) -> Cause {
    let name = &pa.name;
    let (message, help) = match pa.class.as_deref() {
        Some(class) if !class.is_empty() => (
            format!(
                "no controller acts on class {class:?}, so {name} gets no autoscaler and its revision never gets ready"
            ),
            format!("the class is written out: {HPA_CLASS} or {KPA_CLASS}"),
        ),
        _ => (
            format!("{name} has no class, so no controller acts on it"),
            format!("set autoscaling.knative.dev/class to {KPA_CLASS} or {HPA_CLASS}"),
        ),
    };
    untouched(Cause::problem("unknown-class", title(pa), message), pa).help(help)
}

/// The extension has acted once, and its HPA is not there any more.
fn gone(case: &Case<'_>, revision: &ObservedRevision, pa: &ObservedPodAutoscaler) -> Option<Cause> {
    let active = condition(&pa.conditions, "Active").is_some_and(Condition::is_true);
    let complete = case
        .index
        .is_complete(case.namespace, "HorizontalPodAutoscaler");
    if !active || !complete || revision.scaling.hpa.is_some() {
        return None;
    }
    let message = format!(
        "the HPA of {} is gone, so nothing scales it: somebody deleted it, and the HPA extension has not made it again",
        pa.name
    );
    let help = match extension(case) {
        Extension::Down(deployment) => control_plane::help(deployment),
        _ => "see whether Deployment knative-serving/autoscaler-hpa is there and available"
            .to_owned(),
    };
    Some(
        Cause::problem("hpa-gone", title(pa), message)
            .seen_in(&title(pa), condition(&pa.conditions, "Active"))
            .help(help),
    )
}

/// The extension has acted, so its HPA is there. That it is away now stops edits, not scaling.
fn reconciled(case: &Case<'_>, pa: &ObservedPodAutoscaler) -> Option<Cause> {
    let name = &pa.name;
    match extension(case) {
        Extension::Down(deployment) => {
            let message = format!(
                "no pod of Knative's HPA extension is available: the HPA of {name} goes on scaling, but edits are not carried out, and new revisions do not get ready"
            );
            Some(
                Cause::note(
                    "hpa-extension-unavailable",
                    "Deployment/autoscaler-hpa".to_owned(),
                    message,
                )
                .seen(control_plane::state(deployment))
                .help(control_plane::help(deployment)),
            )
        }
        Extension::Missing => {
            let message = format!(
                "Knative's HPA extension has made the HPA of {name}, and is not there now: either it was taken away since, or what is known of the cluster is older than these objects"
            );
            Some(
                Cause::note("hpa-extension-gone", title(pa), message)
                    .seen(format!("{}: it has a status", title(pa)))
                    .help("without it the HPA goes on scaling, but edits are not carried out, and new revisions do not get ready"),
            )
        }
        Extension::Up | Extension::Unknown => None,
    }
}

fn version(case: &Case<'_>, pa: &ObservedPodAutoscaler) -> Option<Cause> {
    let (own, knative) = (case.facts.hpa_extension_release?, case.facts.knative.value);
    if !case.facts.knative.is_known() || own == knative {
        return None;
    }
    let message = format!("Knative's HPA extension is of release {own}, Knative of {knative}");
    Some(
        Cause::note("hpa-extension-version", title(pa), message).help(format!(
            "kubectl kscale install brings the one of Knative {knative}"
        )),
    )
}
