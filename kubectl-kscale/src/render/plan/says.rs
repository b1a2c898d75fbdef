//! What must be there, what can go wrong, and what rules find: the same in form.

use kscale_rules::explain::Severity;
use kscale_rules::switch::{Plan, PreconditionState};

use crate::check::State;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Saying {
    pub(super) label: &'static str,
    pub(super) state: State,
    pub(super) text: String,
    pub(super) rule: Option<String>,
    pub(super) help: String,
}

/// All of a plan, without what already stands under "blocked". `all` asks also for what is met and for advice.
pub(super) fn of(plan: &Plan, all: bool) -> Vec<Saying> {
    let mut said = Vec::new();
    let is_told = |text: &str| plan.blocked.iter().any(|why| why == text);
    for one in &plan.preconditions {
        let state = match one.state {
            PreconditionState::Met if all => State::Ok,
            PreconditionState::Met => continue,
            PreconditionState::Unknown => State::Skipped,
            PreconditionState::Unmet => State::Error,
        };
        if !is_told(&one.message) {
            said.push(Saying {
                label: "needs",
                state,
                text: one.message.clone(),
                rule: one.rule.clone(),
                help: one.help.clone(),
            });
        }
    }
    for risk in &plan.risks {
        said.push(Saying {
            label: "risks",
            state: State::Warning,
            text: risk.message.clone(),
            rule: risk.rule.clone(),
            help: risk.help.clone(),
        });
    }
    let rules = said.iter().filter_map(|one| one.rule.clone());
    let rules: Vec<String> = rules.collect();
    for finding in &plan.findings {
        let state = match finding.severity {
            Severity::Error => State::Error,
            Severity::Warning => State::Warning,
            Severity::Info if all => State::Info,
            Severity::Info => continue,
        };
        let told = is_told(&format!("{}: {}", finding.code, finding.message));
        if !told && (all || !rules.contains(&finding.code)) {
            said.push(Saying {
                label: "finds",
                state,
                text: finding.message.clone(),
                rule: Some(finding.code.clone()),
                help: finding.help.clone(),
            });
        }
    }
    said
}

/// What to do about a reason why a plan is blocked; empty where nothing is known.
pub(super) fn help_of(plan: &Plan, why: &str) -> String {
    let precondition = plan.preconditions.iter().find(|one| one.message == why);
    let finding = || {
        let mut findings = plan.findings.iter();
        findings.find(|one| why == format!("{}: {}", one.code, one.message))
    };
    precondition
        .map(|one| one.help.clone())
        .or_else(|| finding().map(|one| one.help.clone()))
        .unwrap_or_default()
}
