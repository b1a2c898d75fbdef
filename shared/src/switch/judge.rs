//! From two states of an object to a plan: the prediction is run for both, and what differs is what is said.

use serde_json::Value;

use super::draft::Draft;
use super::types::{ComponentChange, Plan, PreconditionState, Purpose, Scaling};
use super::{Scene, costs, edits, leftovers, preconditions, requests, risks, rolls, steps};
use crate::explain::{self, Explanation, Finding, Severity};

/// What is compared.
pub(super) struct Case<'a> {
    pub(super) scene: Scene<'a>,
    /// The object as it is to be.
    pub(super) edited: &'a Value,
    /// What becomes of that.
    pub(super) after: &'a Explanation,
}

/// The plan that makes of the object what the draft says.
pub(super) fn plan(scene: &Scene<'_>, draft: Draft, purpose: Purpose) -> Plan {
    let after = explain::explain(&draft.object, scene.facts).unwrap_or_default();
    let case = Case {
        scene: *scene,
        edited: &draft.object,
        after: &after,
    };
    let mut plan = Plan {
        object: scene.explanation.object.clone(),
        purpose,
        deployment_mode: after.deployment_mode.clone(),
        changes: changes(&case),
        decisions: draft.decisions,
        requests: requests::all(&case),
        rolls: rolls::all(&case),
        costs: Vec::new(),
        risks: Vec::new(),
        preconditions: preconditions::all(&case),
        leftovers: leftovers::all(&case),
        steps: Vec::new(),
        undo: edits::patch(case.edited, scene.object),
        findings: new_findings(&case),
        blocked: Vec::new(),
        before: scene.object.clone(),
        after: draft.object.clone(),
    };
    plan.costs = costs::all(&case, &plan.rolls);
    plan.risks = risks::all(&case, &plan);
    plan.steps = steps::all(&case, &plan);
    plan.blocked = blocked(&case, &plan);
    plan
}

fn changes(case: &Case<'_>) -> Vec<ComponentChange> {
    let before = &case.scene.explanation.components;
    let mut changes = Vec::new();
    for after in &case.after.components {
        let Some(before) = before.iter().find(|one| one.name == after.name) else {
            continue;
        };
        let (old, new) = (Scaling::of(before), Scaling::of(after));
        if old != new {
            changes.push(ComponentChange {
                name: after.name.clone(),
                before: old,
                after: new,
            });
        }
    }
    changes
}

/// What rules find afterwards and did not find before.
fn new_findings(case: &Case<'_>) -> Vec<Finding> {
    let before = &case.scene.explanation.findings;
    let is_old = |finding: &Finding| {
        before
            .iter()
            .any(|one| one.code == finding.code && one.pointer == finding.pointer)
    };
    let after = case.after.findings.iter();
    after.filter(|one| !is_old(one)).cloned().collect()
}

/// Why it is not carried out unless findings are allowed.
fn blocked(case: &Case<'_>, plan: &Plan) -> Vec<String> {
    let admission = &case.after.admission;
    let refused = [
        ("KServe", &admission.kserve),
        ("Knative", &admission.knative),
        ("the API server", &admission.kubernetes),
        ("KEDA", &admission.keda),
    ];
    let mut blocked = Vec::new();
    for (who, text) in refused {
        if let Some(text) = text {
            blocked.push(format!("{who} would refuse it: {text}"));
        }
    }
    for one in &plan.preconditions {
        if one.state == PreconditionState::Unmet {
            blocked.push(one.message.clone());
        }
    }
    let told = |finding: &&Finding| {
        let by_precondition = plan
            .preconditions
            .iter()
            .any(|one| one.rule.as_deref() == Some(finding.code.as_str()));
        finding.severity == Severity::Error && !by_precondition && !is_refusal(finding)
    };
    for finding in plan.findings.iter().filter(told) {
        blocked.push(format!("{}: {}", finding.code, finding.message));
    }
    blocked
}

/// Whether a finding says what `admission` says, too.
fn is_refusal(finding: &Finding) -> bool {
    matches!(finding.code.as_str(), "KS120" | "KS121" | "KS122" | "KS123")
}
