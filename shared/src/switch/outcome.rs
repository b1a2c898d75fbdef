//! Whether the outcome of a change is what was wished, and what speaks against carrying it out.

use super::judge::Case;
use super::types::{Plan, PreconditionState, Purpose};
use super::wish::Destination;
use crate::explain::{Autoscaler, ComponentExplanation, Finding, Severity};

/// Why it is not carried out unless findings are allowed.
pub(super) fn blocked(case: &Case<'_>, plan: &Plan) -> Vec<String> {
    let mut blocked = refusals(case);
    for one in &plan.preconditions {
        if one.state == PreconditionState::Unmet {
            blocked.push(one.message.clone());
        }
    }
    let told = |finding: &&Finding| {
        let by_precondition = plan
            .preconditions
            .iter()
            .filter(|one| one.state == PreconditionState::Unmet)
            .any(|one| one.rule.as_deref() == Some(finding.code.as_str()));
        finding.severity == Severity::Error && !by_precondition && !is_refusal(finding)
    };
    for finding in plan.findings.iter().filter(told) {
        blocked.push(format!("{}: {}", finding.code, finding.message));
    }
    if blocked.is_empty() {
        blocked = missed(case);
    }
    blocked
}

/// Who would refuse it. What is refused already, in the same words, is not for the change to mend.
fn refusals(case: &Case<'_>) -> Vec<String> {
    let (before, after) = (&case.before.admission, &case.after.admission);
    let refused = [
        ("KServe", &before.kserve, &after.kserve),
        ("Knative", &before.knative, &after.knative),
        ("the API server", &before.kubernetes, &after.kubernetes),
        ("KEDA", &before.keda, &after.keda),
    ];
    refused
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .filter_map(|(who, _, after)| Some(format!("{who} would refuse it: {}", after.as_ref()?)))
        .collect()
}

/// Whether a finding says what `admission` says, too.
fn is_refusal(finding: &Finding) -> bool {
    matches!(finding.code.as_str(), "KS120" | "KS121" | "KS122" | "KS123")
}

/// Components that would not be scaled as was wished, or no longer by anything.
fn missed(case: &Case<'_>) -> Vec<String> {
    let mut missed = Vec::new();
    for component in &case.after.components {
        let wanted = match case.purpose {
            Purpose::Switch { to } if is_wished(case, &component.name) => Some(*to),
            _ => None,
        };
        let old = case.before.components.iter();
        let mut old = old.filter(|one| one.name == component.name);
        let is_right = match wanted {
            Some(to) => is(component.autoscaler, to),
            None => {
                component.autoscaler != Autoscaler::Unmanaged
                    || old.any(|one| one.autoscaler == Autoscaler::Unmanaged)
            }
        };
        if !is_right {
            let by = component.autoscaler.as_str();
            let why = reason(component);
            missed.push(format!("{} would be {by}: {why}", component.name));
        }
    }
    missed
}

/// Whether a component is among those that were wished; canaries never are.
pub(super) fn is_wished(case: &Case<'_>, name: &str) -> bool {
    let wished = &case.scene.wish.components;
    let named = wished.iter().any(|kind| kind.as_str() == name);
    named || (wished.is_empty() && !name.starts_with("canary "))
}

fn is(autoscaler: Autoscaler, to: Destination) -> bool {
    match to {
        Destination::Kpa => autoscaler == Autoscaler::Kpa,
        Destination::Hpa => matches!(autoscaler, Autoscaler::Hpa | Autoscaler::KnativeHpa),
        Destination::Keda => autoscaler == Autoscaler::Keda,
        Destination::None => autoscaler == Autoscaler::None,
        Destination::External => autoscaler == Autoscaler::External,
    }
}

fn reason(component: &ComponentExplanation) -> String {
    if let Some(failure) = &component.failure {
        return failure.clone();
    }
    let class = component.because.iter().find(|one| one.field == "class");
    class.map_or_else(
        || "nobody acts on it".to_owned(),
        |class| format!("{} ({})", class.effect, class.source),
    )
}
