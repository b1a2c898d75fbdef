//! How rules say what they found.

use serde_json::{Value, json};

use super::rule::Rule;
use crate::explain::{Finding, Fix, Safety, Severity};
use crate::manifest::child;

/// What one rule has found so far.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    rule: &'static Rule,
    found: &'a mut Vec<Finding>,
}

/// One finding in the making.
#[derive(Clone, Debug)]
pub(super) struct Report {
    pointer: String,
    message: String,
    advice: Advice,
}

/// How bad something is, and what to do.
#[derive(Clone, Debug, Default)]
pub(super) struct Advice {
    /// None means as bad as the rule says.
    pub(super) severity: Option<Severity>,
    /// What to do; empty where there is nothing to add.
    pub(super) help: String,
    /// How to mend it.
    pub(super) fix: Option<Fix>,
}

impl Advice {
    /// What to do, in words.
    pub(super) fn help(text: impl Into<String>) -> Self {
        Self {
            help: text.into(),
            ..Self::default()
        }
    }

    /// Less bad than the rule's worst.
    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// A mend that leaves what scales the workload as it is. Applied to a live object it rolls the pods, as any edit does.
    pub(super) fn safe(mut self, patch: Vec<Value>) -> Self {
        self.fix = Some(Fix {
            safety: Safety::Safe,
            patch,
        });
        self
    }

    /// A mend that changes what scales the workload, or for which a value had to be chosen.
    pub(super) fn review(mut self, patch: Vec<Value>) -> Self {
        self.fix = Some(Fix {
            safety: Safety::NeedsReview,
            patch,
        });
        self
    }
}

impl Report {
    /// What is wrong, at a JSON pointer. The message is one sentence without a full stop.
    pub(super) fn at(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
            advice: Advice::default(),
        }
    }

    /// How bad it is, and what to do.
    pub(super) fn advice(mut self, advice: Advice) -> Self {
        self.advice = advice;
        self
    }
}

impl<'a> Findings<'a> {
    /// For one rule.
    pub(super) fn of(rule: &'static Rule, found: &'a mut Vec<Finding>) -> Self {
        Self { rule, found }
    }

    /// Whether a rule has said something about a place.
    pub(super) fn has(&self, code: &str, pointer: &str) -> bool {
        let is_it = |one: &Finding| one.code == code && one.pointer == pointer;
        self.found.iter().any(is_it)
    }

    /// Adds one; the same thing is said once.
    pub(super) fn push(&mut self, report: Report) {
        if self.has(self.rule.code, &report.pointer) {
            return;
        }
        self.found.push(Finding {
            code: self.rule.code.to_owned(),
            slug: self.rule.slug.to_owned(),
            severity: report.advice.severity.unwrap_or(self.rule.severity),
            pointer: report.pointer,
            line: None,
            column: None,
            end_line: None,
            end_column: None,
            message: report.message,
            help: report.advice.help,
            docs: Some(self.rule.url()),
            fix: report.advice.fix,
        });
    }
}

/// A patch operation that takes away what stands at a pointer.
pub(super) fn remove(pointer: &str) -> Value {
    json!({"op": "remove", "path": pointer})
}

/// A patch operation that writes another value over the one at a pointer.
pub(super) fn replace(pointer: &str, value: impl Into<Value>) -> Value {
    json!({"op": "replace", "path": pointer, "value": value.into()})
}

/// A patch operation that writes a value where none stands; its parent must be there.
pub(super) fn add(pointer: &str, value: impl Into<Value>) -> Value {
    json!({"op": "add", "path": pointer, "value": value.into()})
}

/// A patch operation that puts what stands at a pointer elsewhere.
pub(super) fn moved(from: &str, to: &str) -> Value {
    json!({"op": "move", "from": from, "path": to})
}

/// Patch operations that write an annotation into the map at a pointer, whether or not that map is there yet.
pub(super) fn annotate(object: &Value, map: &str, key: &str, text: impl Into<Value>) -> Vec<Value> {
    let is_there = |pointer: &str| object.pointer(pointer).is_some_and(Value::is_object);
    if is_there(map) {
        return vec![add(&child(map, key), text)];
    }
    let annotations = json!({key: text.into()});
    let metadata = map.strip_suffix("/annotations").unwrap_or_default();
    if is_there(metadata) {
        return vec![add(map, annotations)];
    }
    vec![add(metadata, json!({"annotations": annotations}))]
}
