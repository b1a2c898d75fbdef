//! The Revision before. Its Deployment, its PodAutoscaler and its HPA go on as they were made.
//! Source: knative/serving 1.23, `pkg/reconciler/autoscaling/{kpa,hpa}`, `pkg/reconciler/gc/gc.go`.

use super::super::judge::Case;
use super::super::types::{Leftover, Roll, Rolled};
use crate::explain::Autoscaler;
use crate::observed::{ObservedComponent, ObservedRevision, Role};

/// The Revisions that lose their requests to new ones.
pub(super) fn all(case: &Case<'_>, rolls: &[Roll]) -> Vec<Leftover> {
    let mut all = Vec::new();
    for roll in rolls.iter().filter(|roll| roll.what == Rolled::Revision) {
        let seen = component(case, &roll.component);
        let serving: Vec<&ObservedRevision> = seen
            .into_iter()
            .flat_map(|seen| &seen.revisions)
            .filter(|one| one.role == Role::Serving)
            .collect();
        for one in &serving {
            all.push(told(&one.name, is_of_hpa(one)));
        }
        if serving.is_empty() && case.scene.explanation.observed.is_none() {
            let before = case.before.components.iter();
            let mut before = before.filter(|one| one.name == roll.component);
            let is_hpa = before.any(|one| one.autoscaler == Autoscaler::KnativeHpa);
            all.push(told("", is_hpa));
        }
    }
    all
}

fn component<'a>(case: &'a Case<'_>, name: &str) -> Option<&'a ObservedComponent> {
    let seen = case.scene.explanation.observed.as_ref()?;
    seen.components.iter().find(|one| one.name == name)
}

fn is_of_hpa(revision: &ObservedRevision) -> bool {
    let pa = revision.scaling.pod_autoscaler.as_ref();
    let class = pa.and_then(|pa| pa.class.as_deref());
    class == Some(crate::knative::annotations::HPA_CLASS)
}

fn told(name: &str, is_hpa: bool) -> Leftover {
    let message = if is_hpa {
        "it keeps its HPA and one pod for good, since an HPA never goes to zero, until somebody deletes it (KS707); --cleanup does"
    } else {
        "its pods go by themselves once it gets no requests any more: after the window over which load is averaged, 60 s unless set otherwise"
    };
    Leftover {
        kind: "Revision".to_owned(),
        name: name.to_owned(),
        stays: is_hpa,
        message: message.to_owned(),
    }
}
