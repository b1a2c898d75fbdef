//! From two states of an object to a plan: the prediction is run for both, and what differs is what is said.

use serde_json::Value;

use super::draft::Draft;
use super::outcome;
use super::remains::{self, Remaining};
use super::types::{ComponentChange, Plan, Purpose, Refusal, Scaling};
use super::{
    Scene, costs, edits, leftovers, precheck, preconditions, requests, risks, rolls, steps,
};
use crate::explain::{self, Autoscaler, Explanation, Finding, Severity};
use crate::kserve::annotations::STOP;
use crate::manifest::{ComponentKind, child};

/// What is compared.
pub(super) struct Case<'a> {
    pub(super) scene: Scene<'a>,
    /// The object as it is to be.
    pub(super) edited: &'a Value,
    /// What becomes of the object as it is; of one that is stopped, what would if it ran.
    pub(super) before: &'a Explanation,
    /// What becomes of it as it is to be; of one that is stopped, what would if it ran.
    pub(super) after: &'a Explanation,
    /// Whether nothing of it runs, since it is stopped.
    pub(super) stopped: bool,
    /// Autoscalers that are there and of no use after the change.
    pub(super) remaining: &'a [Remaining],
    /// What it is for.
    pub(super) purpose: &'a Purpose,
}

/// The plan that makes of the object what the draft says.
///
/// # Errors
/// KServe's webhook refuses the object, whether it is changed or not.
pub(super) fn plan(scene: &Scene<'_>, draft: &Draft, purpose: &Purpose) -> Result<Plan, Refusal> {
    let is_stopped = |one: &Explanation| {
        let mut components = one.components.iter();
        components.any(|component| component.autoscaler == Autoscaler::Stopped)
    };
    let stopped = is_stopped(scene.explanation);
    let started_before = stopped
        .then(|| explain::explain(&started(scene.object), scene.facts))
        .flatten();
    let remaining = remains::all(scene, &draft.object);
    let namespace = &scene.explanation.object.namespace;
    let facts = remains::without(scene.facts, namespace, &remaining);
    let state = if stopped {
        started(&draft.object)
    } else {
        draft.object.clone()
    };
    let after = explain::explain(&state, &facts).unwrap_or_default();
    let case = Case {
        scene: *scene,
        edited: &draft.object,
        before: started_before.as_ref().unwrap_or(scene.explanation),
        after: &after,
        stopped,
        remaining: &remaining,
        purpose,
    };
    precheck::outcome(&case)?;
    let mut plan = told(&case, draft.decisions.clone());
    plan.costs = costs::all(&case, &plan.rolls);
    plan.leftovers = leftovers::all(&case, &plan.rolls);
    plan.risks = risks::all(&case, &plan);
    plan.steps = steps::all(&case, &plan);
    plan.blocked = outcome::blocked(&case, &plan);
    Ok(plan)
}

/// What does not build on the rest of the plan.
fn told(case: &Case<'_>, decisions: Vec<super::types::Decision>) -> Plan {
    let scene = &case.scene;
    Plan {
        object: scene.explanation.object.clone(),
        purpose: case.purpose.clone(),
        deployment_mode: case.after.deployment_mode.clone(),
        changes: changes(case),
        decisions,
        requests: requests::all(case),
        rolls: rolls::all(case),
        costs: Vec::new(),
        risks: Vec::new(),
        preconditions: preconditions::all(case),
        leftovers: Vec::new(),
        steps: Vec::new(),
        undo: edits::patch(case.edited, scene.object),
        findings: new_findings(case),
        blocked: Vec::new(),
        before: scene.object.clone(),
        after: case.edited.clone(),
    }
}

/// The object as if nobody had stopped it.
pub(super) fn started(object: &Value) -> Value {
    let mut object = object.clone();
    let kinds = [
        ComponentKind::Predictor,
        ComponentKind::Transformer,
        ComponentKind::Explainer,
    ];
    edits::take(&mut object, &child("/metadata/annotations", STOP));
    for kind in kinds {
        let annotations = format!("{}/annotations", kind.pointer());
        edits::take(&mut object, &child(&annotations, STOP));
    }
    object
}

fn changes(case: &Case<'_>) -> Vec<ComponentChange> {
    let before = &case.before.components;
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

/// What rules find afterwards and did not find before, or not as an error. A setting that moves takes its finding along.
fn new_findings(case: &Case<'_>) -> Vec<Finding> {
    let before = &case.before.findings;
    let is_old = |finding: &Finding| {
        before.iter().any(|one| {
            one.code == finding.code
                && (one.severity == Severity::Error || finding.severity != Severity::Error)
                && (one.pointer == finding.pointer || one.message == finding.message)
        })
    };
    let after = case.after.findings.iter();
    after.filter(|one| !is_old(one)).cloned().collect()
}
