//! What was written and has no effect.

mod annotations;
mod fields;
mod graph;
pub(super) mod knative;
mod standard;
mod unknown;

pub(crate) use unknown::{edit_distance, nearest_field};

use serde_json::{Map, Value};

use super::chain::Chain;
use crate::facts::Facts;
use crate::knative::Annotations;
use crate::kserve::{ComponentResult, Effective};
use crate::manifest::Extension;
use crate::rules::Rule;

/// Settings of a component, or of a graph, with everything that decides over them.
pub(super) struct Subject<'a> {
    /// The kind of component: predictor, transformer, explainer or graph.
    pub(super) name: &'a str,
    /// What it is in a sentence: component, or graph.
    pub(super) noun: &'static str,
    /// The JSON pointer of the fields.
    pub(super) pointer: &'a str,
    /// The fields, as written.
    pub(super) fields: Option<&'a Map<String, Value>>,
    /// The scaling fields among them, as far as the release reads them.
    pub(super) extension: &'a Extension<'a>,
    /// The annotations of the object, as written.
    pub(super) object: Option<&'a Map<String, Value>>,
    /// The same, as the controller finds them.
    pub(super) found: &'a Annotations,
    /// The object's `spec`.
    pub(super) spec: Option<&'a Map<String, Value>>,
    /// Whether this component stands for the object too.
    pub(super) is_first: bool,
    /// The effective annotations.
    pub(super) effective: &'a Effective,
    /// Whether the annotation `stop` keeps it from running.
    pub(super) stopped: bool,
    /// What scales it.
    pub(super) result: &'a ComponentResult,
    /// The facts.
    pub(super) facts: &'a Facts,
}

impl Subject<'_> {
    /// Gathers every inert setting of a component, and of the object itself once, with its predictor.
    pub(super) fn gather(&self, chain: &mut Chain) {
        fields::gather(self, chain);
        unknown::gather(self, chain);
        annotations::gather(self, chain);
        match self.result {
            ComponentResult::Knative(outcome) => knative::gather(self, outcome, chain),
            ComponentResult::Standard(outcome) => standard::gather(self, outcome, chain),
            ComponentResult::Nothing => {}
        }
    }

    /// Gathers every inert setting of a graph.
    pub(super) fn gather_graph(&self, chain: &mut Chain) {
        graph::gather(self, chain);
    }

    /// The annotations that stand here: the pointer of what holds them, the key, the value.
    fn levels(&self) -> impl Iterator<Item = (&str, &String, &Value)> {
        let object = self.object.filter(|_| self.is_first);
        let object = object.into_iter().flatten();
        let own = self.extension.annotations.into_iter().flatten();
        object
            .map(|(key, value)| ("/metadata", key, value))
            .chain(own.map(|(key, value)| (self.pointer, key, value)))
    }

    /// The pointer of one of the fields.
    fn at(&self, field: &str) -> String {
        format!("{}/{field}", self.pointer)
    }

    /// Marks a field as inert where it is written.
    fn field(&self, chain: &mut Chain, rule: &'static Rule, field: &str, why: &str) {
        let written = self.fields.and_then(|fields| fields.get(field));
        if let Some(value) = written.filter(|value| !value.is_null()) {
            chain.inert(rule, self.at(field), value, why);
        }
    }
}
