//! Requests that go to more than one Revision.

use super::Case;
use crate::observed::component::{newest, serving};
use crate::observed::read::{int, list, text};
use crate::observed::types::{Cause, ObservedComponent, ObservedRevision};

/// `canary-in-progress`, `traffic-split`, `rollout-in-progress`
pub(super) fn find(case: &Case<'_>, component: &ObservedComponent, causes: &mut Vec<Cause>) {
    let Some(service) = &component.service else {
        return;
    };
    let share = canary(case, component);
    let routed: Vec<&ObservedRevision> = serving(component)
        .into_iter()
        .filter(|one| one.percent.unwrap_or_default() > 0)
        .collect();
    let title = format!("Service/{}", service.name);
    let is_split = routed.len() > 1;
    // None of a hundred: the newest is there, ready, and only its tag leads to it.
    let newest_ready =
        service.latest_created.is_some() && service.latest_created == service.latest_ready;
    let is_at_zero = share == Some(0)
        && newest_ready
        && newest(component).is_some_and(|one| one.percent == Some(0) || one.percent.is_none());
    if !is_split && !is_at_zero {
        return;
    }
    let mut told: Vec<String> = routed.iter().map(|one| told(one, one.percent)).collect();
    if is_at_zero && let Some(newest) = newest(component) {
        told.push(self::told(newest, Some(0)));
    }
    let found = case.index.find(
        "serving.knative.dev",
        "Service",
        case.namespace,
        &service.name,
    );
    let pinned = found.is_some_and(|found| {
        list(found, "/spec/traffic").any(|target| !text(target, "/revisionName").is_empty())
    });
    let alone = "what is predicted holds for the newest revision alone";
    let mut cause = if share.is_some() {
        let message = format!("a canary is under way; {alone}");
        Cause::note("canary-in-progress", title, message)
            .help("take canaryTrafficPercent away to finish it")
    } else if pinned {
        let message = format!("requests are split on purpose; {alone}");
        Cause::note("traffic-split", title, message)
    } else {
        let message = "requests move to the newest revision step by step";
        Cause::waiting("rollout-in-progress", title, message)
    };
    for one in told {
        cause = cause.seen(one);
    }
    causes.push(cause);
}

fn canary(case: &Case<'_>, component: &ObservedComponent) -> Option<i64> {
    int(
        case.object,
        &format!("/spec/{}/canaryTrafficPercent", component.name),
    )
}

/// `bert-predictor-00002 gets 10 % (class hpa.autoscaling.knative.dev)`
fn told(revision: &ObservedRevision, percent: Option<i64>) -> String {
    let pa = revision.scaling.pod_autoscaler.as_ref();
    let class = pa.and_then(|pa| pa.class.as_deref()).unwrap_or("unknown");
    let percent = percent.unwrap_or_default();
    format!("{} gets {percent} % (class {class})", revision.name)
}
