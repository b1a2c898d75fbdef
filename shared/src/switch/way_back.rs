//! The way back: what of a record is taken back in an object that others may have changed since.
//!
//! What still stands as the switch wrote it goes back to what it was. What somebody has changed since is left as he wants it
//! where it means the same under every autoscaler: a bound is a number of pods. The rest means something only together, since a
//! target is one of a metric, and a metric one of an autoscaler: while any of that goes back, all of it does. Where leaving
//! bounds gives an object that is refused, they go back, too. Each setting of either kind is named as a risk.

use std::collections::BTreeMap;

use serde_json::Value;

use super::draft::Draft;
use super::edits::{Replaced, restored};
use super::record::Record;
use super::types::{Plan, Purpose, Refusal, RefusalReason, Risk};
use super::writable::is_bound;
use super::{Scene, capacity, judge};
use crate::explain::dotted;

/// What becomes of a setting that somebody has changed since.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fate {
    /// It stays as it is.
    Left,
    /// It goes back all the same.
    Overwritten,
}

/// An object without what a record put into it.
#[derive(Clone, Debug)]
pub(super) struct Retraction {
    pub(super) object: Value,
    /// The settings that somebody has changed since, by their pointers, with what stood there.
    pub(super) changed: BTreeMap<String, (Value, Fate)>,
}

impl Retraction {
    /// Of `object` without what `record` put into it; with `all`, whatever was changed since goes back, too.
    pub(super) fn of(object: &Value, record: &Record, all: bool) -> Self {
        let of_metric = |one: &&Replaced| !is_bound(&one.pointer);
        let goes_back = record
            .settings()
            .filter(of_metric)
            .any(|one| one.holds(object));
        let mut changed = BTreeMap::new();
        for one in record.changed_since(object) {
            let there = object.pointer(&one.pointer).cloned().unwrap_or_default();
            let overwritten = all || (goes_back && !is_bound(&one.pointer));
            let fate = if overwritten {
                Fate::Overwritten
            } else {
                Fate::Left
            };
            changed.insert(one.pointer.clone(), (there, fate));
        }
        let is_left = |one: &&Replaced| {
            let fate = changed.get(&one.pointer).map(|(_, fate)| fate);
            fate != Some(&Fate::Left)
        };
        let back: Vec<Replaced> = record.replaced.iter().filter(is_left).cloned().collect();
        Self {
            object: restored(object, &back),
            changed,
        }
    }
}

/// Works out the way back to before `revision`: `records` are taken back in their order, the newest first.
pub(super) fn plan(scene: &Scene<'_>, revision: i64, records: &[&Record]) -> Result<Plan, Refusal> {
    let gentle = retracted(scene.object, records, false);
    let is_left = |(_, fate): &(Value, Fate)| *fate == Fate::Left;
    let leaves = gentle.changed.values().any(is_left);
    let plan = planned(scene, revision, &gentle)?;
    if plan.blocked.is_empty() || !leaves {
        return Ok(plan);
    }
    let whole = planned(scene, revision, &retracted(scene.object, records, true))?;
    Ok(if whole.blocked.is_empty() {
        whole
    } else {
        plan
    })
}

fn retracted(object: &Value, records: &[&Record], all: bool) -> Retraction {
    let mut so_far = Retraction {
        object: object.clone(),
        changed: BTreeMap::new(),
    };
    for record in records {
        if record.is_without_effect(&so_far.object) {
            continue;
        }
        let next = Retraction::of(&so_far.object, record, all);
        so_far.object = next.object;
        // What an older record takes back after all is not left, whatever a newer one said.
        for one in &record.replaced {
            so_far.changed.remove(&one.pointer);
        }
        so_far.changed.extend(next.changed);
    }
    so_far
}

fn planned(scene: &Scene<'_>, revision: i64, back: &Retraction) -> Result<Plan, Refusal> {
    let mut draft = Draft::of(&back.object);
    if draft.object == *scene.object {
        // What an undo that was cut off has not deleted yet is still to be deleted.
        let plan = judge::plan(scene, &draft, &Purpose::Undo { revision })?;
        if plan.requests.is_empty() {
            return Err(nothing_left(revision, back));
        }
        return Ok(plan);
    }
    capacity::keep(scene, &mut draft);
    let mut plan = judge::plan(scene, &draft, &Purpose::Undo { revision })?;
    let after = &plan.after;
    let risks: Vec<Risk> = back
        .changed
        .iter()
        .map(|(pointer, (there, fate))| risk(pointer, there, fate, after))
        .collect();
    plan.risks.extend(risks);
    Ok(plan)
}

fn nothing_left(revision: i64, back: &Retraction) -> Refusal {
    if back.changed.is_empty() {
        return Refusal {
            reason: RefusalReason::AlreadySo,
            message: format!("it is as it was before revision {revision} already"),
            help: String::new(),
        };
    }
    let settings: Vec<String> = back.changed.keys().map(|one| dotted(one)).collect();
    Refusal {
        reason: RefusalReason::NotPossible,
        message: format!(
            "nothing is left of revision {revision}: somebody has changed {} since",
            settings.join(", ")
        ),
        help: "see undo --list; --to-revision goes further back, and switch makes what you want"
            .to_owned(),
    }
}

fn risk(pointer: &str, there: &Value, fate: &Fate, after: &Value) -> Risk {
    let setting = dotted(pointer);
    let set_to = match there {
        Value::Null => format!("{setting} was taken away by somebody since"),
        value => format!("{setting} was set to {} by somebody since", shown(value)),
    };
    let goes_to = match after.pointer(pointer) {
        None => "is taken away".to_owned(),
        Some(value) => format!("goes back to {}", shown(value)),
    };
    let (slug, message, help) = match fate {
        Fate::Left => (
            "changed-since-left",
            format!("{set_to}, and stays so"),
            "it means the same under every autoscaler; change it yourself if it is to go, too",
        ),
        Fate::Overwritten => (
            "changed-since-overwritten",
            format!("{set_to}, and {goes_to} all the same"),
            "it has a meaning only together with what goes back; ask whoever set it",
        ),
    };
    Risk {
        slug: slug.to_owned(),
        rule: None,
        component: component(pointer),
        message,
        help: help.to_owned(),
    }
}

fn component(pointer: &str) -> Option<String> {
    let mut segments = pointer.split('/').skip(1);
    let is_spec = segments.next() == Some("spec");
    let name = segments.next().filter(|name| *name != "template");
    name.filter(|_| is_spec).map(str::to_owned)
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
