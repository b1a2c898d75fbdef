//! Older Revisions that no request reaches, and that still hold pods.

use super::Case;
use super::cause::count;
use crate::knative::annotations::{HPA_CLASS, KPA_CLASS};
use crate::observed::read::condition;
use crate::observed::types::{Cause, Condition, ObservedComponent, ObservedRevision, Role};

/// `leftover-hpa-revision`, `leftover-stuck-revision`, `draining`
pub(super) fn find(case: &Case<'_>, component: &ObservedComponent, causes: &mut Vec<Cause>) {
    for revision in component
        .revisions
        .iter()
        .filter(|one| one.role == Role::Leftover)
    {
        let held = held(revision);
        if held > 0 {
            causes.push(leftover(case, revision, held));
        }
    }
}

/// How many pods a Revision has, or is to have.
fn held(revision: &ObservedRevision) -> i64 {
    let scaling = &revision.scaling;
    match (&scaling.deployment, &scaling.pod_autoscaler) {
        (Some(deployment), _) => deployment.replicas.max(deployment.ready),
        (None, Some(pa)) => pa.actual.unwrap_or_default(),
        (None, None) => 0,
    }
}

fn leftover(case: &Case<'_>, revision: &ObservedRevision, held: i64) -> Cause {
    let name = &revision.name;
    let title = format!("Revision/{name}");
    let state = revision.routing_state.as_deref().unwrap_or("none");
    let pods = count(held);
    let delete = format!(
        "kubectl -n {} delete revision.serving.knative.dev {name}",
        case.namespace
    );
    let pa = revision.scaling.pod_autoscaler.as_ref();
    let class = pa.and_then(|pa| pa.class.as_deref()).unwrap_or_default();
    let acted = pa.is_some_and(|pa| pa.has_status);
    let cause = match class {
        KPA_CLASS if acted => {
            let message = format!(
                "{name} gets no requests any more and goes to zero: {pods} left, for as long as what it was last asked is within the stable window"
            );
            Cause::waiting("draining", title.clone(), message)
        }
        HPA_CLASS if acted => {
            let message = format!(
                "{name} gets no requests any more and holds {pods} for good: an HPA never goes to zero{}",
                stays(revision)
            );
            Cause::problem("leftover-hpa-revision", title.clone(), message)
                .help(format!("free them: {delete}"))
        }
        _ => {
            let message = format!(
                "{name} never got ready, gets no requests, and holds {pods} for good: nobody scales it"
            );
            Cause::problem("leftover-stuck-revision", title.clone(), message)
                .help(format!("free them: {delete}"))
        }
    };
    cause.seen(format!(
        "{title}: routing state {state}, class {class}, {pods}"
    ))
}

/// Without metrics an HPA does not even fall to its lower bound.
fn stays(revision: &ObservedRevision) -> &'static str {
    let hpa = revision.scaling.hpa.as_ref();
    let blind = hpa
        .and_then(|hpa| condition(&hpa.conditions, "ScalingActive"))
        .is_some_and(Condition::is_false);
    if blind {
        ", and as it cannot read its metric, not even to 1"
    } else {
        ""
    }
}
