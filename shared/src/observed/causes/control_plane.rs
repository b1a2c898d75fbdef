//! Parts of Knative and of KServe that do not run, where their Deployments say so.

use serde_json::Value;

use super::Case;
use crate::knative::annotations::KPA_CLASS;
use crate::observed::read::{condition, conditions, int, name, text, title};
use crate::observed::types::{Cause, ObservedComponent};

/// A Deployment, the cause it makes when it is down, whether only Knative's own autoscaler needs it, and what then stops.
type Part = (&'static str, &'static str, bool, &'static str);

const KNATIVE: [Part; 3] = [
    (
        "controller",
        "knative-down",
        false,
        "Knative acts on no edit, and makes no Revision",
    ),
    (
        "autoscaler",
        "autoscaler-down",
        true,
        "nothing scales what has Knative's own class",
    ),
    (
        "activator",
        "activator-down",
        true,
        "a model at zero pods does not wake up",
    ),
];

/// `kserve-down`, `knative-down`, `autoscaler-down`, `activator-down`
pub(super) fn find(case: &Case<'_>, components: &[ObservedComponent], causes: &mut Vec<Cause>) {
    if text(case.object, "/kind") != "Service" {
        let kserve = (
            "kserve-controller-manager",
            "kserve-down",
            false,
            "KServe acts on no edit",
        );
        part(case, "kserve", kserve, causes);
    }
    if components.iter().all(|one| one.service.is_none()) {
        return;
    }
    let of_kpa = components
        .iter()
        .flat_map(|one| &one.revisions)
        .any(|revision| {
            let pa = revision.scaling.pod_autoscaler.as_ref();
            pa.and_then(|pa| pa.class.as_deref()) == Some(KPA_CLASS)
        });
    for one in KNATIVE {
        if of_kpa || !one.2 {
            part(case, "knative-serving", one, causes);
        }
    }
}

fn part(case: &Case<'_>, namespace: &str, (name, slug, _, stops): Part, causes: &mut Vec<Cause>) {
    let Some(found) = case.index.find("apps", "Deployment", namespace, name) else {
        return;
    };
    if is_up(found) {
        return;
    }
    let message = format!("{namespace}/{name} does not run: {stops}");
    causes.push(
        Cause::problem(slug, format!("Deployment/{name}"), message)
            .seen(state(found))
            .help(help(found)),
    );
}

/// What a Deployment shows of which no pod is available. `Available` may be `True` at that: of none, none is missing.
pub(super) fn state(deployment: &Value) -> String {
    let object = title(deployment);
    let replicas = int(deployment, "/spec/replicas").unwrap_or(1);
    let all = conditions(deployment);
    let available = condition(&all, "Available").filter(|one| !one.is_true());
    match available {
        Some(available) => format!("{object}: 0 of {replicas} available, {}", available.shown()),
        None => format!("{object}: 0 of {replicas} available"),
    }
}

/// What to do about it.
pub(super) fn help(deployment: &Value) -> String {
    let (namespace, name) = (text(deployment, "/metadata/namespace"), name(deployment));
    if int(deployment, "/spec/replicas") == Some(0) {
        return format!(
            "it is scaled to zero: kubectl -n {namespace} scale deployment {name} --replicas 1"
        );
    }
    format!("see the pods of Deployment {namespace}/{name}")
}

/// Whether a Deployment has an available pod. One without a status was written by hand, and says only that it is there.
pub(super) fn is_up(deployment: &Value) -> bool {
    let available = int(deployment, "/status/availableReplicas").unwrap_or_default();
    deployment.get("status").is_none() || available > 0
}
