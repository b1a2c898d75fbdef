//! The story in Standard mode.

use super::super::created::deployment;
use super::super::judge::Case;
use super::super::outcome::is_wished;
use super::super::types::{Plan, Rolled};
use super::{Story, row};
use crate::facts::ScalerKind;

/// What KServe, Kubernetes and KEDA do after the edit.
pub(super) fn tell(case: &Case<'_>, plan: &Plan, story: &mut Story) {
    let rolls = rolls(case, plan, story);
    cleared(case, story);
    for class in ["hpa", "keda", "none", "external"] {
        let names = of_class(case, class);
        if !names.is_empty() {
            made(case, class, &names, story);
        }
    }
    if rolls {
        story.tell(
            "Kubernetes",
            "meanwhile replaces the pods step by step, as many as there are, each once a new one is ready",
        );
    }
}

/// Says what becomes of the Deployments. Whether pods are rolled.
fn rolls(case: &Case<'_>, plan: &Plan, story: &mut Story) -> bool {
    let names = |what: Rolled| -> Vec<String> {
        let rolls = plan.rolls.iter().filter(|roll| roll.what == what);
        let components = rolls.filter_map(|roll| {
            let mut all = case.after.components.iter();
            all.find(|one| one.name == roll.component)
        });
        components
            .filter_map(deployment)
            .map(str::to_owned)
            .collect()
    };
    let rolled = names(Rolled::Pods);
    if !rolled.is_empty() {
        story.tell(
            "KServe",
            format!(
                "writes the annotation into the pod template of Deployment {}",
                row(&rolled)
            ),
        );
    }
    let kept = names(Rolled::Nothing);
    if !kept.is_empty() && rolled.is_empty() {
        story.tell(
            "KServe",
            format!("leaves Deployment {} and its pods as they are", row(&kept)),
        );
    }
    !rolled.is_empty()
}

/// The autoscalers of the class before.
fn cleared(case: &Case<'_>, story: &mut Story) {
    for one in case.remaining {
        let what = format!("{} {}", one.kind_name(), one.name);
        if one.goes {
            story.tell(
                "KServe",
                format!("deletes {what}; the pods stay as many as they are"),
            );
        } else if one.class == "keda" {
            story.tell(
                "kscale",
                format!(
                    "deletes {what}, which KServe leaves and KEDA does not suffer beside a ScaledObject; it scales until then"
                ),
            );
        } else if one.kind == ScalerKind::ScaledObject {
            story.tell(
                "kscale",
                format!("deletes {what}, which KServe leaves; KEDA takes its HPA keda-hpa-{} away with it", one.name),
            );
        } else {
            story.tell("kscale", format!("deletes {what}, which KServe leaves"));
        }
    }
}

/// The names of what KServe makes for the components of a class that change.
fn of_class(case: &Case<'_>, class: &str) -> Vec<String> {
    let components = case.after.components.iter();
    let of_class =
        components.filter(|one| one.class.as_deref() == Some(class) && is_wished(case, &one.name));
    of_class.filter_map(deployment).map(str::to_owned).collect()
}

fn made(case: &Case<'_>, class: &str, names: &[String], story: &mut Story) {
    let was = |name: &String| {
        let mut before = case.before.components.iter();
        before.any(|one| {
            one.class.as_deref() == Some(class) && deployment(one) == Some(name.as_str())
        })
    };
    let verb = if names.iter().all(was) {
        "changes"
    } else {
        "makes"
    };
    let waits = case
        .remaining
        .iter()
        .any(|one| !one.goes && names.contains(&one.name));
    match class {
        "hpa" => {
            story.tell(
                "KServe",
                format!("{verb} HorizontalPodAutoscaler {}", row(names)),
            );
            story.tell(
                "Kubernetes",
                "reads the metric for the first time within 15 s, and scales from then on; fewer pods only after five minutes of less load",
            );
        }
        "keda" => {
            let again = if waits {
                "tries again until KEDA lets it, and then makes"
            } else {
                verb
            };
            story.tell("KServe", format!("{again} ScaledObject {}", row(names)));
            let hpas: Vec<String> = names
                .iter()
                .map(|name| format!("keda-hpa-{name}"))
                .collect();
            story.tell(
                "KEDA",
                format!(
                    "{verb} HorizontalPodAutoscaler {} of it, which scales within 15 s",
                    row(&hpas)
                ),
            );
        }
        "none" => {
            story.tell(
                "KServe",
                format!(
                    "sets the replicas of Deployment {} to minReplicas, and puts them back whenever somebody changes them",
                    row(names)
                ),
            );
        }
        _ => {
            story.tell(
                "KServe",
                format!(
                    "leaves the replicas of Deployment {} to another controller from then on",
                    row(names)
                ),
            );
        }
    }
}
