//! That nobody else scales the same Deployment.

use super::super::created::deployment;
use super::super::judge::Case;
use super::super::types::{Precondition, PreconditionState};
use super::precondition;
use crate::explain::ComponentExplanation;
use crate::facts::{Scaler, ScalerKind};

/// That no other autoscaler is in the way. What the plan deletes, or KServe, is not.
pub(super) fn alone(case: &Case<'_>, component: &ComponentExplanation) -> Option<Precondition> {
    let name = deployment(component)?;
    let namespace = case.scene.explanation.object.namespace.as_str();
    let class = component.class.as_deref()?;
    let others: Vec<&Scaler> = case
        .scene
        .facts
        .scalers
        .iter()
        .filter(|one| one.namespace == namespace)
        .filter(|one| one.deployment == name || one.name == name)
        .filter(|one| !case.remaining.iter().any(|remaining| remaining.is(one)))
        .collect();
    let rule = Some("KS705");
    if let Some((message, help)) = others
        .iter()
        .find_map(|other| conflict(case, component, name, other))
    {
        return Some(precondition(
            "no-other-autoscaler",
            rule,
            PreconditionState::Unmet,
            message,
            help,
        ));
    }
    let looked = case.scene.explanation.observed.is_some() || !case.scene.facts.scalers.is_empty();
    if looked {
        let message = match class {
            "external" => format!("no autoscaler is in KServe's way on Deployment {name}"),
            _ => format!("no other autoscaler is on Deployment {name}"),
        };
        let met = PreconditionState::Met;
        return Some(precondition("no-other-autoscaler", rule, met, message, ""));
    }
    Some(precondition(
        "no-other-autoscaler",
        rule,
        PreconditionState::Unknown,
        format!("no other autoscaler may be on Deployment {name}"),
        "look for it: kubectl get hpa,scaledobjects",
    ))
}

/// Why an autoscaler cannot stay beside the class, and what to do.
fn conflict(
    case: &Case<'_>,
    component: &ComponentExplanation,
    name: &str,
    other: &Scaler,
) -> Option<(String, String)> {
    let class = component.class.as_deref()?;
    let its = other.name.as_str();
    if let Some(finding) = case.after.findings.iter().find(|finding| {
        let words = finding
            .message
            .split(|c: char| c.is_whitespace() || c == ',');
        finding.code == "KS705" && words.into_iter().any(|word| word == its)
    }) {
        return Some((finding.message.clone(), finding.help.clone()));
    }
    // Two HPAs on one Deployment stop each other: the controller finds the selector ambiguous and scales neither.
    let old = case
        .before
        .components
        .iter()
        .find(|one| one.name == component.name);
    let was = old.and_then(|one| one.class.as_deref());
    let is_second = class == "hpa"
        && was != Some("hpa")
        && other.kind == ScalerKind::Hpa
        && other.deployment == name
        && its != name;
    is_second.then(|| {
        (
            format!(
                "the HPA {its} scales Deployment {name}, too, and recent Kubernetes lets neither of two HPAs scale the same pods"
            ),
            format!("delete the HPA {its}, which is not KServe's, or use --to external"),
        )
    })
}
