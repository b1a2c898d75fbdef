//! What can be taken back, as `undo --list -o json` prints it.

use kscale_rules::explain::API_VERSION;
use kscale_rules::explain::types::ObjectRef;
use kscale_rules::switch::{Record, Standing, standings};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::History;

/// What is kept of several objects.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SwitchRecordList {
    /// Always `kscale.dev/v1alpha1`.
    api_version: String,
    /// Always `SwitchRecordList`.
    kind: String,
    /// One entry an object.
    pub(crate) items: Vec<SwitchRecords>,
}

/// What is kept of one object.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SwitchRecords {
    /// The object.
    pub(crate) object: ObjectRef,
    /// What can be taken back, newest first.
    pub(crate) records: Vec<Entry>,
    /// ControllerRevisions that look like records and are none.
    pub(crate) unreadable: Vec<UnreadableRecord>,
}

/// A record.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    /// Its number, as `--to-revision` takes it.
    pub(crate) revision: i64,
    /// The ControllerRevision that it is kept in.
    pub(crate) name: String,
    /// When it was kept, as the API server writes times.
    pub(crate) kept_at: String,
    /// What has become of it.
    #[serde(flatten)]
    pub(crate) standing: Standing,
    /// What was replaced.
    pub(crate) record: Record,
}

/// Something that looks like a record and is none.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnreadableRecord {
    /// The ControllerRevision.
    pub(crate) name: String,
    /// Why it is left out, in a sentence without a full stop.
    pub(crate) why: String,
}

impl SwitchRecordList {
    /// Of these objects.
    pub(crate) fn new(items: Vec<SwitchRecords>) -> Self {
        Self {
            api_version: API_VERSION.to_owned(),
            kind: "SwitchRecordList".to_owned(),
            items,
        }
    }
}

impl SwitchRecords {
    /// What is kept of `object`, compared with what it is now.
    pub(crate) fn of(reference: ObjectRef, object: &Value, history: History) -> Self {
        let kept = history.kept.iter();
        let numbered: Vec<(i64, &Record)> = kept.map(|one| (one.number, &one.record)).collect();
        let standings = standings(object, &numbered);
        let entries = history.kept.into_iter().zip(standings);
        let records = entries.map(|(kept, standing)| Entry {
            revision: kept.number,
            name: kept.name,
            kept_at: kept.at,
            standing,
            record: kept.record,
        });
        let unreadable = history.unreadable.into_iter();
        Self {
            object: reference,
            records: records.collect(),
            unreadable: unreadable
                .map(|(name, why)| UnreadableRecord { name, why })
                .collect(),
        }
    }
}
