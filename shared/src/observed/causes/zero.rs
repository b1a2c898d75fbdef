//! A Revision at zero pods, which is as it should be.

use crate::knative::annotations::KPA_CLASS;
use crate::observed::read::condition;
use crate::observed::types::{Cause, ObservedRevision, Role};

/// `scaled-to-zero`
pub(super) fn find(revision: &ObservedRevision, causes: &mut Vec<Cause>) {
    let Some(pa) = &revision.scaling.pod_autoscaler else {
        return;
    };
    let idle = condition(&pa.conditions, "Active").filter(|active| active.has_reason("NoTraffic"));
    let replicas = revision.scaling.deployment.as_ref().map(|one| one.replicas);
    if revision.role != Role::Serving || pa.class.as_deref() != Some(KPA_CLASS) {
        return;
    }
    let Some(idle) = idle else {
        return;
    };
    let name = &revision.name;
    let title = format!("PodAutoscaler/{name}");
    let message = match replicas {
        Some(0) | None => {
            format!("{name} is at zero pods, as nobody asks it: the next request wakes it up")
        }
        Some(_) => {
            format!("{name} goes to zero pods, as nobody asks it: the next request wakes it up")
        }
    };
    causes.push(Cause::note("scaled-to-zero", title.clone(), message).seen_in(&title, Some(idle)));
}
