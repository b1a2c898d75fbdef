//! Pods that are not ready yet, or will not be.

use super::cause::count;
use crate::observed::read::condition;
use crate::observed::types::{Cause, Condition, ObservedPod, ObservedScaling};

/// What a pod's reason is a case of.
type Kind = (&'static str, &'static str, &'static str);

const IMAGE: Kind = (
    "image-pull",
    "an image cannot be pulled",
    "correct the image, or the pull secret",
);
const FAILING: Kind = (
    "container-failing",
    "a container does not stay up",
    "see its log: kubectl logs --previous",
);
const UNSCHEDULABLE: Kind = (
    "unschedulable",
    "no node takes it",
    "see what the text names: requests, accelerators, taints",
);

fn kind(reason: &str) -> Option<Kind> {
    Some(match reason {
        "ErrImagePull"
        | "ImagePullBackOff"
        | "InvalidImageName"
        | "ErrImageNeverPull"
        | "ImageInspectError"
        | "RegistryUnavailable" => IMAGE,
        "CrashLoopBackOff"
        | "Error"
        | "OOMKilled"
        | "RunContainerError"
        | "CreateContainerError"
        | "CreateContainerConfigError"
        | "StartError"
        | "ContainerCannotRun"
        | "Evicted" => FAILING,
        "Unschedulable" | "SchedulingGated" => UNSCHEDULABLE,
        _ => return None,
    })
}

/// `image-pull`, `container-failing`, `unschedulable`, `quota`, `pods-refused`, `waiting-for-pods`; `revision` is empty in
/// Standard mode.
pub(super) fn find(revision: &str, scaling: &ObservedScaling, causes: &mut Vec<Cause>) {
    let already = causes.len();
    for wanted in [IMAGE, FAILING, UNSCHEDULABLE] {
        let of_kind = |pod: &&ObservedPod| kind(&pod.reason) == Some(wanted);
        let pods: Vec<&ObservedPod> = scaling.unready_pods.iter().filter(of_kind).collect();
        if let Some(first) = pods.first() {
            causes.push(failing(wanted, first, pods.len()));
        }
    }
    let Some(deployment) = &scaling.deployment else {
        return;
    };
    let title = format!("Deployment/{}", deployment.name);
    let refused = condition(&deployment.conditions, "ReplicaFailure").filter(|one| one.is_true());
    if let Some(refused) = refused {
        causes.push(not_made(&title, refused));
    }
    let missing = deployment.replicas - deployment.ready;
    // Why a pod is not ready, or why the Revision has failed, says more.
    let failed = format!("Revision/{revision}");
    let said = causes.len() > already || causes.iter().any(|cause| cause.object == failed);
    if missing <= 0 || said {
        return;
    }
    let reasons: Vec<String> = reasons(&scaling.unready_pods);
    let message = format!(
        "{} of {} ready",
        deployment.ready,
        count(deployment.replicas)
    );
    let mut cause = Cause::waiting("waiting-for-pods", title.clone(), message);
    cause = match reasons.as_slice() {
        [] => cause.seen_in(
            &title,
            condition(&deployment.conditions, "Available").filter(|one| !one.is_true()),
        ),
        reasons => cause.seen(format!("pods: {}", reasons.join(", "))),
    };
    let progressing = condition(&deployment.conditions, "Progressing");
    if let Some(late) = progressing.filter(|one| one.has_reason("ProgressDeadlineExceeded")) {
        cause = cause.seen_in(&title, Some(late));
    }
    causes.push(cause);
}

/// `ContainerCreating (2)`
fn reasons(pods: &[ObservedPod]) -> Vec<String> {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for pod in pods {
        match counted.iter_mut().find(|(reason, _)| *reason == pod.reason) {
            Some((_, number)) => *number += 1,
            None => counted.push((&pod.reason, 1)),
        }
    }
    let shown = |(reason, number): (&str, usize)| match number {
        1 => reason.to_owned(),
        _ => format!("{reason} ({number})"),
    };
    counted.into_iter().map(shown).collect()
}

fn failing((slug, what, help): Kind, first: &ObservedPod, number: usize) -> Cause {
    let who = match number {
        1 => format!("pod {}", first.name),
        _ => format!("{number} pods, {} among them,", first.name),
    };
    let said = first
        .message
        .as_deref()
        .map(|text| format!(": {text}"))
        .unwrap_or_default();
    let are = if number == 1 { "is" } else { "are" };
    Cause::problem(
        slug,
        format!("Pod/{}", first.name),
        format!("{who} {are} not ready: {what}"),
    )
    .seen(format!("Pod/{}: {}{said}", first.name, first.reason))
    .help(help)
}

fn not_made(title: &str, refused: &Condition) -> Cause {
    let text = refused.message.as_deref().unwrap_or_default();
    let cause = if text.contains("exceeded quota") {
        Cause::problem(
            "quota",
            title.to_owned(),
            "no more pods are made: a quota of the namespace is used up",
        )
        .help("raise the quota, or lower the requests or the bounds")
    } else {
        Cause::problem(
            "pods-refused",
            title.to_owned(),
            "pods are refused as they are made",
        )
        .help("see what the condition names")
    };
    cause.seen_in(title, Some(refused))
}
