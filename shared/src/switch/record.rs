//! What a switch replaced, as it is kept for the way back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::edits::{Replaced, replaced, restored};
use super::types::{Plan, Purpose, Scaling};
use super::writable::{is_map, may_hold};
use crate::explain::{API_VERSION, dotted};

/// What a switch, or an undo, replaced in one object. A host keeps it as the `data` of a ControllerRevision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Record {
    /// Always `kscale.dev/v1alpha1`.
    pub api_version: String,
    /// Always `SwitchRecord`.
    pub kind: String,
    /// What was done, such as `switch --to hpa` or `undo --to-revision 3`.
    pub verb: String,
    /// Of an undo, the number of the oldest record that it took back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<i64>,
    /// When, as the API server writes times.
    pub at: String,
    /// What scaled each component before, in words.
    pub before: BTreeMap<String, String>,
    /// What was to scale each component afterwards, in words.
    pub after: BTreeMap<String, String>,
    /// Every setting that was replaced.
    pub replaced: Vec<Replaced>,
}

impl Record {
    /// Of a plan that is about to be carried out at the time `at`.
    #[must_use]
    pub fn of(plan: &Plan, at: &str) -> Self {
        let words = |of: fn(&super::ComponentChange) -> &Scaling| {
            let each = plan.changes.iter();
            each.map(|change| (change.name.clone(), of(change).words()))
                .collect()
        };
        let undoes = match plan.purpose {
            Purpose::Switch { .. } => None,
            Purpose::Undo { revision } => Some(revision),
        };
        Self {
            api_version: API_VERSION.to_owned(),
            kind: "SwitchRecord".to_owned(),
            verb: plan.purpose.words(),
            undoes,
            at: at.to_owned(),
            before: words(|change| &change.before),
            after: words(|change| &change.after),
            replaced: replaced(&plan.before, &plan.after),
        }
    }

    /// Reads one. Anybody may have written it, so what it names is looked at, too.
    ///
    /// # Errors
    /// It is none, of a version that is not known, or names what is no setting of scaling: which, in a sentence without a full
    /// stop.
    pub fn read(data: &Value) -> Result<Self, String> {
        let is = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default();
        let (version, kind) = (is("apiVersion"), is("kind"));
        if version.is_empty() || kind.is_empty() {
            return Err("it is no record of a switch".to_owned());
        }
        if version != API_VERSION || kind != "SwitchRecord" {
            return Err(format!("it is a {kind} of {version}, which is not known"));
        }
        let record: Self = serde_json::from_value(data.clone())
            .map_err(|error| format!("it is no record of a switch: {error}"))?;
        match record.replaced.iter().find(|one| !may_hold(one)) {
            None => Ok(record),
            Some(one) => Err(format!(
                "it would write {}, which no switch does",
                dotted(&one.pointer)
            )),
        }
    }

    /// Whether `object` has every setting as the switch wrote it.
    #[must_use]
    pub fn is_in_effect(&self, object: &Value) -> bool {
        self.settings().all(|one| one.holds(object))
    }

    /// Whether `object` has every setting as it was before: the switch was never carried out, or all of it was taken back.
    #[must_use]
    pub fn is_without_effect(&self, object: &Value) -> bool {
        self.settings().all(|one| one.is_back(object))
    }

    /// The settings that somebody has changed since, to something else than it was before.
    pub fn changed_since<'a>(&'a self, object: &'a Value) -> impl Iterator<Item = &'a Replaced> {
        self.settings()
            .filter(|one| !one.holds(object) && !one.is_back(object))
    }

    /// `object` with every setting as it was before the switch, whoever changed it since.
    #[must_use]
    pub fn restored(&self, object: &Value) -> Value {
        restored(object, &self.replaced)
    }

    /// What was replaced, without the maps that came and went around it.
    pub fn settings(&self) -> impl Iterator<Item = &Replaced> {
        self.replaced.iter().filter(|one| !is_map(one))
    }
}

impl Replaced {
    /// Whether `object` has it as the switch wrote it; what a webhook has filled in beside that does not count.
    pub(super) fn holds(&self, object: &Value) -> bool {
        match (object.pointer(&self.pointer), &self.after) {
            (Some(there), Some(written)) => covers(there, written),
            (there, written) => there.is_none() && written.is_none(),
        }
    }

    /// Whether `object` has it as it was before.
    pub(super) fn is_back(&self, object: &Value) -> bool {
        object.pointer(&self.pointer) == self.before.as_ref() && !self.holds(object)
    }
}

/// Whether everything that was written is there.
fn covers(there: &Value, written: &Value) -> bool {
    match (there, written) {
        (Value::Object(there), Value::Object(written)) => written.iter().all(|(key, value)| {
            let there = there.get(key);
            there.is_some_and(|there| covers(there, value))
        }),
        (Value::Array(there), Value::Array(written)) => {
            let mut both = there.iter().zip(written);
            there.len() == written.len() && both.all(|(there, written)| covers(there, written))
        }
        _ => there == written,
    }
}

impl Purpose {
    /// The command, without the objects: `switch --to hpa`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Switch { to } => format!("switch --to {}", to.as_str()),
            Self::Undo { revision } => format!("undo --to-revision {revision}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn record() -> Value {
        json!({
            "apiVersion": "kscale.dev/v1alpha1",
            "kind": "SwitchRecord",
            "verb": "switch --to hpa",
            "at": "2026-11-25T00:00:00Z",
            "before": {"predictor": "kpa"},
            "after": {"predictor": "knative-hpa"},
            "replaced": [{"pointer": "/spec/predictor/scaleTarget", "before": 10, "after": 80}],
        })
    }

    #[test]
    fn what_is_none_is_refused_with_why() {
        let with = |pointer: &str, value: Value| {
            let mut data = record();
            *data.pointer_mut(pointer).unwrap() = value;
            Record::read(&data).unwrap_err()
        };
        assert!(Record::read(&record()).is_ok());
        is(
            &Record::read(&json!({"spec": {}})).unwrap_err(),
            "it is no record of a switch",
        );
        is(
            &Record::read(&json!("text")).unwrap_err(),
            "it is no record of a switch",
        );
        is(
            &with("/apiVersion", json!("kscale.dev/v2")),
            "it is a SwitchRecord of kscale.dev/v2, which is not known",
        );
        is(
            &with("/replaced", json!(5)),
            "it is no record of a switch: invalid type: integer `5`, expected a sequence",
        );
        is(
            &with("/replaced/0/pointer", json!("/metadata/ownerReferences")),
            "it would write metadata.ownerReferences, which no switch does",
        );
    }

    #[track_caller]
    fn is(found: &str, expected: &str) {
        assert_eq!(found, expected);
    }

    #[test]
    fn what_a_webhook_fills_in_is_no_change() {
        let mut data = record();
        data["replaced"] = json!([{
            "pointer": "/spec/predictor/autoScaling/metrics",
            "after": [{"type": "External", "external": {"metric": {"query": "q"}}}],
        }]);
        let record = Record::read(&data).unwrap();
        let filled = json!([{"type": "External", "external": {"metric": {"query": "q", "serverAddress": "http://p"}}}]);
        let with =
            |metrics: Value| json!({"spec": {"predictor": {"autoScaling": {"metrics": metrics}}}});
        assert!(record.is_in_effect(&with(filled)));
        assert!(!record.is_in_effect(&with(json!([]))));
        assert!(record.is_without_effect(&json!({"spec": {"predictor": {}}})));
    }
}
