//! What the API server has, as far as it was told.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::Value;

use crate::json::{entry, name, text};
use crate::kinds::Kind;

/// A namespace, and the name of the workload that objects of it belong to.
pub(crate) type Root = (String, String);
type Key = (String, Kind, String);

/// Objects, and whose turn it is.
#[derive(Default)]
pub(crate) struct Store {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) objects: BTreeMap<Key, Arc<Value>>,
    pub(crate) dirty: BTreeSet<Root>,
    /// The one whose turn it is.
    pub(crate) busy: Option<Root>,
    last: Option<Root>,
    pub(crate) later: BTreeMap<Root, Instant>,
    /// Kinds whose first list is there.
    pub(crate) listed: BTreeSet<Kind>,
    pub(crate) ended: bool,
    pub(crate) failed: Option<String>,
}

impl Inner {
    /// Takes the next whose turn it is: one after the other, so that none waits for one that never ends.
    fn turn(&mut self) -> Option<Root> {
        let after = self.last.clone().and_then(|last| {
            let from = (Bound::Excluded(last), Bound::Unbounded);
            self.dirty.range(from).next().cloned()
        });
        let root = after.or_else(|| self.dirty.first().cloned())?;
        self.dirty.remove(&root);
        self.busy = Some(root.clone());
        self.last = Some(root.clone());
        Some(root)
    }

    /// Whether nothing is to be done for a workload now.
    pub(crate) fn is_at_rest(&self, root: &Root) -> bool {
        !self.dirty.contains(root) && self.busy.as_ref() != Some(root)
    }
}

impl Store {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn wake(&self) {
        self.changed.notify_all();
    }

    /// Puts an object in, unless a newer state of it is there.
    pub(crate) fn put(&self, kind: Kind, object: &Arc<Value>) {
        let mut inner = self.lock();
        let key = (
            text(object, "/metadata/namespace").to_owned(),
            kind,
            name(object).to_owned(),
        );
        let newer = |there: &Arc<Value>| version(there) >= version(object);
        if inner.objects.get(&key).is_some_and(newer) {
            return;
        }
        inner.objects.insert(key, Arc::clone(object));
        inner.dirty.insert(root_of(object));
        drop(inner);
        self.wake();
    }

    /// Takes an object away. Whatever it owned has its turn.
    pub(crate) fn remove(&self, kind: Kind, object: &Value) {
        let mut inner = self.lock();
        let key = (
            text(object, "/metadata/namespace").to_owned(),
            kind,
            name(object).to_owned(),
        );
        inner.objects.remove(&key);
        inner.dirty.insert(root_of(object));
        drop(inner);
        self.wake();
    }

    /// Takes away what a complete list does not have.
    pub(crate) fn keep_only(&self, kind: Kind, listed: &BTreeSet<(String, String)>) {
        let mut inner = self.lock();
        let gone: Vec<Key> = inner
            .objects
            .keys()
            .filter(|(namespace, of, name)| {
                *of == kind && !listed.contains(&(namespace.clone(), name.clone()))
            })
            .cloned()
            .collect();
        for key in gone {
            if let Some(object) = inner.objects.remove(&key) {
                inner.dirty.insert(root_of(&object));
            }
        }
        inner.listed.insert(kind);
        drop(inner);
        self.wake();
    }

    /// The next workload whose turn it is; none when all ends.
    pub(crate) fn next(&self) -> Option<Root> {
        let mut inner = self.lock();
        inner.busy = None;
        loop {
            if inner.ended {
                return None;
            }
            let now = Instant::now();
            let due: Vec<Root> = inner
                .later
                .iter()
                .filter(|(_, at)| **at <= now)
                .map(|(root, _)| root.clone())
                .collect();
            for root in due {
                inner.later.remove(&root);
                inner.dirty.insert(root);
            }
            let complete = inner.listed.len() == Kind::ALL.len();
            if complete && let Some(root) = inner.turn() {
                return Some(root);
            }
            let until = inner.later.values().min().copied();
            let wait = until.map_or(std::time::Duration::from_millis(200), |at| {
                at.saturating_duration_since(now)
            });
            let waited = self
                .changed
                .wait_timeout(inner, wait.min(std::time::Duration::from_millis(200)));
            inner = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Gives everything its turn.
    pub(crate) fn all_dirty(&self) {
        let mut inner = self.lock();
        let roots: Vec<Root> = inner
            .objects
            .values()
            .map(|object| root_of(object))
            .collect();
        inner.dirty.extend(roots);
        drop(inner);
        self.wake();
    }

    /// Gives a workload another turn, then.
    pub(crate) fn later(&self, root: &Root, at: Instant) {
        let mut inner = self.lock();
        let known = inner.later.entry(root.clone()).or_insert(at);
        *known = (*known).min(at);
        drop(inner);
    }
}

/// Versions of one API server can be compared.
fn version(object: &Value) -> u64 {
    text(object, "/metadata/resourceVersion")
        .parse()
        .unwrap_or_default()
}

/// Whose object it is: of an InferenceService, of a Knative Service, or its own.
pub(crate) fn root_of(object: &Value) -> Root {
    let labels = [
        "serving.kserve.io/inferenceservice",
        "serving.knative.dev/service",
    ];
    let of = labels
        .into_iter()
        .map(|key| entry(object, "labels", key))
        .find(|name| !name.is_empty());
    let of = of.or_else(|| {
        let owner = object.pointer("/metadata/ownerReferences/0")?;
        Some(text(owner, "/name")).filter(|_| text(object, "/kind") == "ControllerRevision")
    });
    (
        text(object, "/metadata/namespace").to_owned(),
        of.unwrap_or_else(|| name(object)).to_owned(),
    )
}
