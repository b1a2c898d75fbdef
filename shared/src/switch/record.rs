//! What a switch replaced, as it is kept for the way back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::edits::{Replaced, replaced, restored};
use super::types::{Plan, Purpose, Scaling};
use crate::explain::API_VERSION;

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
        Self {
            api_version: API_VERSION.to_owned(),
            kind: "SwitchRecord".to_owned(),
            verb: plan.purpose.words(),
            at: at.to_owned(),
            before: words(|change| &change.before),
            after: words(|change| &change.after),
            replaced: replaced(&plan.before, &plan.after),
        }
    }

    /// Reads one.
    ///
    /// # Errors
    /// It is none, or of a version that is not known: which, in a sentence without a full stop.
    pub fn read(data: &Value) -> Result<Self, String> {
        let record: Self = serde_json::from_value(data.clone())
            .map_err(|error| format!("it is no record of a switch: {error}"))?;
        if record.api_version == API_VERSION && record.kind == "SwitchRecord" {
            return Ok(record);
        }
        Err(format!(
            "it is a {} of {}, which is not known",
            record.kind, record.api_version
        ))
    }

    /// Whether `object` has every setting as the switch wrote it.
    #[must_use]
    pub fn is_in_effect(&self, object: &Value) -> bool {
        self.replaced
            .iter()
            .all(|one| Self::holds(object, &one.pointer, one.after.as_ref()))
    }

    /// The settings that somebody has changed since.
    pub fn changed_since<'a>(&'a self, object: &'a Value) -> impl Iterator<Item = &'a Replaced> {
        self.replaced
            .iter()
            .filter(|one| !Self::holds(object, &one.pointer, one.after.as_ref()))
    }

    /// `object` with every setting as it was before the switch.
    #[must_use]
    pub fn restored(&self, object: &Value) -> Value {
        restored(object, &self.replaced)
    }

    fn holds(object: &Value, pointer: &str, value: Option<&Value>) -> bool {
        let there = object.pointer(pointer);
        let new_map =
            value.is_some_and(|value| value.as_object().is_some_and(serde_json::Map::is_empty));
        there == value || (new_map && there.is_some_and(Value::is_object))
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
