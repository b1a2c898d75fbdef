//! What was printed of each workload, and what has changed since.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::live::Live;
use crate::cluster::Event;
use crate::facts::text;
use crate::list::{Now, Row, rows};
use crate::selection::WorkloadKind;

/// Namespace, kind, name: the order of a list.
type Key = (&'static str, String, String);

/// The rows of every workload as they are, and as they were printed.
#[derive(Default)]
pub(super) struct Board {
    now: Now,
    rows: BTreeMap<Key, Vec<Row>>,
    printed: BTreeMap<Key, Vec<Row>>,
    /// Those not seen again since their list was begun anew.
    unseen: BTreeSet<Key>,
    /// Those about which something was heard since the last time.
    touched: BTreeSet<Key>,
}

impl Board {
    /// Everything is read anew.
    pub(super) fn restart(&mut self) {
        self.now = Now::default();
        self.unseen = self.rows.keys().cloned().collect();
    }

    /// Something was heard of workloads of a kind.
    pub(super) fn workloads(&mut self, live: &Live, kind: WorkloadKind, event: Event) {
        match event {
            Event::Restarted => {
                let of_kind = self.rows.keys().filter(|key| key.0 == kind.name());
                self.unseen.extend(of_kind.cloned());
            }
            Event::Listed(objects) => {
                objects
                    .iter()
                    .for_each(|object| self.put(live, kind, object));
            }
            Event::Applied(object) => self.put(live, kind, &object),
            Event::Deleted(object) => self.gone(&key(kind, &object)),
            Event::Complete | Event::Lost(_) => {}
        }
    }

    /// The list of a kind was read to its end: what was not in it is gone.
    pub(super) fn complete(&mut self, kind: WorkloadKind) {
        let unseen = std::mem::take(&mut self.unseen);
        let (gone, unseen) = unseen
            .into_iter()
            .partition(|key: &Key| key.0 == kind.name());
        self.unseen = unseen;
        gone.iter().for_each(|key| self.gone(key));
    }

    /// Something was heard of what tells how many pods there are.
    pub(super) fn counts(&mut self, event: Event) {
        let mut heard = |object: &Value, is_gone: bool| {
            let owner = if is_gone {
                self.now.remove(object)
            } else {
                self.now.add(object)
            };
            self.touched
                .extend(owner.map(|owner| (owner.kind, owner.namespace, owner.name)));
        };
        match event {
            Event::Listed(objects) => objects.iter().for_each(|object| heard(object, false)),
            Event::Applied(object) => heard(&object, false),
            Event::Deleted(object) => heard(&object, true),
            Event::Restarted | Event::Complete | Event::Lost(_) => {}
        }
    }

    /// The rows that are not as they were printed; they count as printed then.
    pub(super) fn changed(&mut self) -> Vec<Row> {
        let mut changed = Vec::new();
        for key in std::mem::take(&mut self.touched) {
            let mut rows = self.rows.get(&key).cloned().unwrap_or_default();
            rows.iter_mut().for_each(|row| row.count(&self.now));
            let before = self
                .printed
                .insert(key.clone(), rows.clone())
                .unwrap_or_default();
            let gone = before
                .iter()
                .filter(|old| !rows.iter().any(|row| row.component == old.component));
            changed.extend(gone.map(Row::gone));
            changed.extend(rows.into_iter().filter(|row| !before.contains(row)));
            if !self.rows.contains_key(&key) {
                self.printed.remove(&key);
            }
        }
        changed
    }

    fn put(&mut self, live: &Live, kind: WorkloadKind, object: &Value) {
        let key = key(kind, object);
        if !live.selection.selects(object) {
            return self.gone(&key);
        }
        self.unseen.remove(&key);
        self.rows
            .insert(key.clone(), rows(object, &live.facts, &live.filter));
        self.touched.insert(key);
    }

    fn gone(&mut self, key: &Key) {
        self.unseen.remove(key);
        if self.rows.remove(key).is_some() {
            self.touched.insert(key.clone());
        }
    }
}

fn key(kind: WorkloadKind, object: &Value) -> Key {
    let text = |pointer: &str| text(object, pointer).to_owned();
    (
        kind.name(),
        text("/metadata/namespace"),
        text("/metadata/name"),
    )
}
