//! What was written and has no effect.

mod annotations;
mod fields;
pub(super) mod knative;
mod standard;
mod unknown;

use super::chain::Chain;
use crate::facts::Facts;
use crate::kserve::{ComponentOutcome, ComponentResult, Prediction};
use crate::manifest::{Component, ComponentKind};
use crate::rules::Rule;

/// A component with everything that decides over its settings.
pub(super) struct Subject<'a> {
    pub(super) prediction: &'a Prediction<'a>,
    pub(super) component: &'a Component<'a>,
    pub(super) outcome: &'a ComponentOutcome,
    pub(super) facts: &'a Facts,
}

impl Subject<'_> {
    /// Gathers every inert setting of the component, and of the object itself once, with its predictor.
    pub(super) fn gather(&self, chain: &mut Chain) {
        fields::gather(self, chain);
        unknown::gather(self, chain);
        annotations::gather(self, chain);
        match &self.outcome.result {
            ComponentResult::Knative(outcome) => knative::gather(self, outcome, chain),
            ComponentResult::Standard(outcome) => standard::gather(self, outcome, chain),
            ComponentResult::Nothing => {}
        }
    }

    /// Whether this component stands for the object too.
    pub(super) fn is_first(&self) -> bool {
        self.component.kind == ComponentKind::Predictor
    }

    /// The pointer of one of the component's fields.
    pub(super) fn at(&self, field: &str) -> String {
        format!("{}/{field}", self.component.pointer)
    }

    /// Marks a field as inert where it is written.
    pub(super) fn field(&self, chain: &mut Chain, rule: &'static Rule, field: &str, why: &str) {
        if let Some(value) = self
            .component
            .fields
            .get(field)
            .filter(|value| !value.is_null())
        {
            chain.inert(rule, self.at(field), value, why);
        }
    }
}
