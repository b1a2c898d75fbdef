//! What switches replaced, kept in ControllerRevisions of the object: garbage-collected with it, and read by nobody else. An
//! annotation of an InferenceService would roll its revisions.

mod command;
mod history;
mod keep;
mod list;
mod revision;

use kscale_rules::switch::Record;
use serde_json::Value;

pub(crate) use command::{command_back, command_forth};
pub(crate) use history::{History, every, history};
pub(crate) use keep::{forget, keep};
pub(crate) use list::{Entry, SwitchRecordList, SwitchRecords};

/// So many are kept of an object.
const KEPT: usize = 10;

/// A record, as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// Its number, from 1. Two switches at once may have got the same.
    pub(crate) number: i64,
    /// The name of its ControllerRevision.
    pub(crate) name: String,
    /// When it was kept, as the API server writes times.
    pub(crate) at: String,
    /// What was replaced.
    pub(crate) record: Record,
    /// Whether this very call has made it. One that was there may be that of another switch, which is carried out.
    pub(crate) is_new: bool,
    /// What did not go as it should, though it is kept: a sentence each.
    pub(crate) notes: Vec<String>,
    /// Its ControllerRevision.
    revision: Value,
}
