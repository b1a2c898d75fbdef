//! What has become of what was recorded: which records still hold, and which of them others have replaced since.

use serde::Serialize;
use serde_json::Value;

use super::edits::Replaced;
use super::record::Record;
use super::way_back::Retraction;

/// What has become of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Standing {
    /// In a word.
    pub state: RecordState,
    /// The number of the later record that replaced it or took it back.
    pub by: Option<i64>,
    /// The settings that somebody has changed since, as JSON pointers.
    pub changed_since: Vec<String>,
}

/// What has become of a record, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RecordState {
    /// Everything stands as it was written
    InEffect,
    /// Somebody has changed some of it, or all
    ChangedSince,
    /// A later switch has replaced some of it, or all
    Replaced,
    /// A later undo has taken it back
    TakenBack,
    /// Nothing of it holds, and everything is as it was before: it was never carried out, or was taken back by hand
    NotInEffect,
}

impl Standing {
    /// Whether there is anything to take back.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        matches!(
            self.state,
            RecordState::InEffect | RecordState::ChangedSince
        )
    }

    /// In words: `in effect`, `replaced by 3`.
    #[must_use]
    pub fn words(&self) -> String {
        let by = self.by.map_or_else(String::new, |by| format!(" by {by}"));
        match self.state {
            RecordState::InEffect => "in effect".to_owned(),
            RecordState::ChangedSince => "changed since".to_owned(),
            RecordState::Replaced => format!("replaced{by}"),
            RecordState::TakenBack => format!("taken back{by}"),
            RecordState::NotInEffect => "not in effect".to_owned(),
        }
    }
}

/// What has become of each of `records`, which are those of `object` with their numbers, newest first: each is compared with the
/// object as it was before the newer ones.
#[must_use]
pub fn standings(object: &Value, records: &[(i64, &Record)]) -> Vec<Standing> {
    let mut state = object.clone();
    let mut newer: Vec<(i64, &Record)> = Vec::new();
    let mut all = Vec::with_capacity(records.len());
    for (number, record) in records {
        if record.is_without_effect(&state) {
            all.push(Standing {
                state: RecordState::NotInEffect,
                by: None,
                changed_since: Vec::new(),
            });
            continue;
        }
        all.push(standing(*number, record, &state, &newer));
        state = Retraction::of(&state, record, false).object;
        newer.push((*number, *record));
    }
    all
}

fn standing(number: i64, record: &Record, state: &Value, newer: &[(i64, &Record)]) -> Standing {
    let undone = newer
        .iter()
        .find(|(_, one)| one.undoes.is_some_and(|oldest| oldest <= number));
    // The last that touched it came first after it.
    let replaced = newer.iter().rev().find(|(_, one)| overlap(one, record));
    let changed = record.changed_since(state);
    let changed_since: Vec<String> = changed.map(|one| one.pointer.clone()).collect();
    let (word, by) = match (undone, replaced) {
        (Some((by, _)), _) => (RecordState::TakenBack, Some(*by)),
        (None, Some((by, _))) => (RecordState::Replaced, Some(*by)),
        (None, None) if changed_since.is_empty() => (RecordState::InEffect, None),
        (None, None) => (RecordState::ChangedSince, None),
    };
    Standing {
        state: word,
        by,
        changed_since,
    }
}

fn overlap(one: &Record, other: &Record) -> bool {
    let names = |record: &Record, setting: &Replaced| {
        let mut settings = record.settings();
        settings.any(|own| own.pointer == setting.pointer)
    };
    one.settings().any(|setting| names(other, setting))
}
