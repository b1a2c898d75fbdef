//! What must be there, what can go wrong, and what rules find: the same in form.

use kscale_rules::explain::Severity;
use kscale_rules::switch::{Plan, PreconditionState};

use super::super::paper::{Ink, Paper, Span, span};
use super::{HANG, Place, Style, entry, number};
use crate::check::State;

/// Rules that say what a refusal says.
const REFUSALS: [&str; 4] = ["KS120", "KS121", "KS122", "KS123"];

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Saying {
    pub(super) label: &'static str,
    pub(super) state: State,
    pub(super) text: String,
    pub(super) rule: Option<String>,
    pub(super) help: String,
}

/// How much speaks against a plan: what nobody looked at does not.
pub(super) fn against(plan: &Plan) -> usize {
    let said = of(plan, false, false).into_iter();
    said.filter(|one| matches!(one.state, State::Warning | State::Error))
        .count()
}

/// All of a plan, without what already stands under "blocked". `all` asks also for what is met and for advice. Where the caller is
/// `blind`, since no cluster was looked at, what is not known is one thing.
pub(super) fn of(plan: &Plan, all: bool, blind: bool) -> Vec<Saying> {
    let mut said = Vec::new();
    let mut unseen = 0;
    let is_told = |text: &str| plan.blocked.iter().any(|why| why == text);
    for one in &plan.preconditions {
        let state = match one.state {
            PreconditionState::Met if all => State::Ok,
            PreconditionState::Met => continue,
            PreconditionState::Unknown => State::Skipped,
            PreconditionState::Unmet => State::Error,
        };
        if blind && !all && state == State::Skipped {
            unseen += 1;
        } else if !is_told(&one.message) {
            said.push(Saying {
                label: "needs",
                state,
                text: one.message.clone(),
                rule: one.rule.clone(),
                help: one.help.clone(),
            });
        }
    }
    if unseen > 0 {
        let things = number(unseen, "thing", "things");
        said.push(Saying {
            label: "needs",
            state: State::Skipped,
            text: format!("{things} of a cluster, at which nobody looked"),
            rule: None,
            help: "-o wide names them; a cluster or --facts tells whether they are there"
                .to_owned(),
        });
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
        let is_refusal = REFUSALS.contains(&finding.code.as_str());
        let told = told || (is_refusal && !plan.blocked.is_empty());
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

/// A reason why a plan is blocked.
pub(super) fn blocked(plan: &Plan, why: &str) -> Saying {
    Saying {
        label: "blocked",
        state: State::Error,
        text: why.to_owned(),
        rule: None,
        help: help_of(plan, why),
    }
}

/// That what is blocked need not be; who changes manifests is told at the very end.
pub(super) fn way_out(paper: &mut Paper, style: Style) {
    if style.place == Place::Cluster {
        let text = "mend that first; --allow-findings carries it out all the same";
        entry(paper, "", [span(Ink::Dim, text)]);
    }
}

impl Saying {
    /// Writes it behind its mark; `of` names the objects that it is said of, where not all are meant.
    pub(super) fn write(&self, paper: &mut Paper, label: &str, of: Option<&str>, style: Style) {
        let (ink, mark) = style.marks.of_state(self.state);
        let start = [
            span(Ink::Heading, label),
            span(Ink::Plain, " ".repeat(HANG.saturating_sub(label.len()))),
            span(ink, format!("{mark} ")),
        ];
        let hang = start.iter().map(Span::width).sum();
        let strong = self.label == "blocked";
        let ink = if strong { Ink::Bad } else { Ink::Plain };
        let mut body = vec![span(ink, &self.text)];
        if let Some(rule) = &self.rule {
            body.push(span(Ink::Dim, format!(" ({rule})")));
        }
        if let Some(of) = of {
            body.push(span(Ink::Dim, format!(" ({of})")));
        }
        paper.entry(&start, hang, &body);
        if !self.help.is_empty() {
            let help = [span(Ink::Dim, "hint: "), span(Ink::Plain, &self.help)];
            paper.entry(&[], hang, &help);
        }
    }
}

/// What to do about a reason why a plan is blocked; empty where nothing is known.
fn help_of(plan: &Plan, why: &str) -> String {
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
