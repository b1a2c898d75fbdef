//! The newest Revision, as long as it has not taken over.

use super::Case;
use crate::knative::annotations::HPA_CLASS;
use crate::observed::component::{newest, serving};
use crate::observed::events::shown;
use crate::observed::read::{condition, text};
use crate::observed::time;
use crate::observed::types::{
    Cause, CauseSeverity, Condition, ObservedComponent, ObservedPodAutoscaler, ObservedRevision,
    Role,
};

/// Eight times as long as an HPA takes from one look to the next.
const LONG: i64 = 120;

/// `hpa-refused`, `hpa-not-owned`, `hpa-not-synced-yet`, `hpa-disabled-at-zero`, `revision-failed`, `waiting-for-route`
pub(super) fn find(case: &Case<'_>, component: &ObservedComponent, causes: &mut Vec<Cause>) {
    let Some(revision) = newest(component) else {
        return;
    };
    if let Some(pa) = &revision.scaling.pod_autoscaler {
        refused(case, component, pa, causes);
    }
    let ready = condition(&revision.conditions, "Ready");
    if ready.is_some_and(Condition::is_true) {
        return route(component, revision, causes);
    }
    if let Some(ready) = ready.filter(|ready| ready.is_false()) {
        failed(component, revision, ready, causes);
    }
    not_synced(case, revision, causes);
}

/// The API server refused the HPA. The condition says only that it failed; the text is in an event.
fn refused(
    case: &Case<'_>,
    component: &ObservedComponent,
    pa: &ObservedPodAutoscaler,
    causes: &mut Vec<Cause>,
) {
    let Some(active) = condition(&pa.conditions, "Active").filter(|active| active.is_false())
    else {
        return;
    };
    let title = format!("PodAutoscaler/{}", pa.name);
    let stays = match serving(component)
        .into_iter()
        .find(|one| one.name != pa.name)
    {
        Some(before) => format!("; {} goes on serving", before.name),
        None => String::new(),
    };
    if active.has_reason("NotOwned") {
        let message = format!(
            "an HPA named {} is there already, and not Knative's{stays}",
            pa.name
        );
        let cause = Cause::problem("hpa-not-owned", title.clone(), message)
            .seen_in(&title, Some(active))
            .help(format!(
                "delete or rename that HPA: kubectl -n {} get hpa {}",
                case.namespace, pa.name
            ));
        return causes.push(cause);
    }
    if !active.has_reason("FailedCreate") {
        return;
    }
    let message = format!(
        "the API server refuses the HPA of {}, and it is tried again and again{stays}",
        pa.name
    );
    let mut cause =
        Cause::problem("hpa-refused", title.clone(), message).seen_in(&title, Some(active));
    let events = case.index.events(case.namespace, "PodAutoscaler", &pa.name);
    let said = events
        .into_iter()
        .filter(|event| text(event, "/reason") == "InternalError")
        .filter(|event| text(event, "/message").contains("failed to create HPA"))
        .max_by_key(|event| time::seconds(text(event, "/lastTimestamp")));
    cause = match said {
        Some(event) => cause
            .seen(shown(event))
            .help("correct what the event names; it heals by itself within a minute"),
        None => cause.help(format!(
            "the reason is in the events only: kubectl -n {} events --for podautoscaler/{}",
            case.namespace, pa.name
        )),
    };
    causes.push(cause);
}

/// A Revision that says itself that it failed.
fn failed(
    component: &ObservedComponent,
    revision: &ObservedRevision,
    ready: &Condition,
    causes: &mut Vec<Cause>,
) {
    let title = format!("Revision/{}", revision.name);
    let stays = match serving(component)
        .into_iter()
        .find(|one| one.name != revision.name)
    {
        Some(before) => format!("; {} goes on serving", before.name),
        None => String::new(),
    };
    let (slug, what, help) = match ready.reason.as_deref() {
        Some("ContainerMissing") => (
            "image-pull",
            "its image cannot be found",
            "correct the image, or the pull secret",
        ),
        Some("ProgressDeadlineExceeded") => (
            "progress-deadline-exceeded",
            "its pods did not get ready in time",
            "see its pods; a slow model needs a longer serving.knative.dev/progress-deadline",
        ),
        _ => (
            "revision-failed",
            "it failed",
            "see what the condition names",
        ),
    };
    let message = format!("{} does not get ready: {what}{stays}", revision.name);
    causes.push(
        Cause::problem(slug, title.clone(), message)
            .seen_in(&title, Some(ready))
            .help(help),
    );
}

/// The pods run, and what is missing is the HPA's first look at them.
fn not_synced(case: &Case<'_>, revision: &ObservedRevision, causes: &mut Vec<Cause>) {
    let scaling = &revision.scaling;
    let (Some(pa), Some(hpa)) = (&scaling.pod_autoscaler, &scaling.hpa) else {
        return;
    };
    let initialized =
        condition(&pa.conditions, "ScaleTargetInitialized").is_some_and(Condition::is_true);
    if pa.class.as_deref() != Some(HPA_CLASS) || !pa.has_status || initialized {
        return;
    }
    let title = format!("HorizontalPodAutoscaler/{}", hpa.name);
    let active = condition(&hpa.conditions, "ScalingActive");
    if active.is_some_and(|active| active.has_reason("ScalingDisabled")) {
        let message = "an HPA does nothing at zero pods, and nothing else starts the first: it never gets ready";
        let cause = Cause::problem("hpa-disabled-at-zero", title.clone(), message)
            .seen_in(&title, active)
            .help("this class needs an initial scale of 1 or more");
        return causes.push(cause);
    }
    let Some(deployment) = &scaling.deployment else {
        return;
    };
    // As long as pods are on their way, that is what it waits for.
    if deployment.ready == 0 || deployment.ready < deployment.replicas {
        return;
    }
    let current = hpa
        .current
        .map_or_else(|| "none".to_owned(), |current| current.to_string());
    let since = condition(&pa.conditions, "SKSReady").and_then(Condition::since_seconds);
    let long = case
        .index
        .age(case.namespace, since)
        .is_some_and(|age| age > LONG);
    let (message, severity, help) = if long {
        (
            "the pods are ready, and the HPA has not counted them: either the HPA controller of Kubernetes does not run, or it cannot read this Deployment",
            CauseSeverity::Problem,
            "see the events of the HPA, and kube-controller-manager",
        )
    } else {
        (
            "the pods are ready; the HPA has yet to count them, which takes up to 15 s a look",
            CauseSeverity::Waiting,
            "",
        )
    };
    causes.push(
        Cause::waiting("hpa-not-synced-yet", title.clone(), message)
            .weighs(severity)
            .seen(format!("{title}: currentReplicas {current}"))
            .help(help),
    );
}

/// Ready, and no request goes to it.
fn route(component: &ObservedComponent, revision: &ObservedRevision, causes: &mut Vec<Cause>) {
    let Some(service) = &component.service else {
        return;
    };
    // Zero percent, or a target of an older Revision, is how it was asked for.
    let waits = condition(&service.conditions, "RoutesReady").filter(|routes| !routes.is_true());
    let Some(routes) = waits.filter(|_| revision.role == Role::Next) else {
        return;
    };
    let title = format!("Service/{}", service.name);
    let message = format!("{} is ready; its route has yet to follow", revision.name);
    let mut cause =
        Cause::waiting("waiting-for-route", title.clone(), message).seen_in(&title, Some(routes));
    if routes.is_false() {
        cause = cause
            .weighs(CauseSeverity::Problem)
            .help("see the Route of the same name");
    }
    causes.push(cause);
}
