//! One look at one workload: its objects, and the writes that come of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kscale_control_plane::Client;
use serde_json::{Value, json};

use crate::conditions::{Condition, now, written};
use crate::error::Error;
use crate::json::{name, text, uid};
use crate::kinds::Kind;
use crate::memory::Memory;
use crate::script::Script;
use crate::store::{Root, Store, root_of};

const JSON: &str = "application/json";
const MERGE: &str = "application/merge-patch+json";

/// What became of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wrote {
    /// It is done, or there was nothing to do.
    Done,
    /// The API server, or a webhook, does not want it.
    Refused(String),
    /// Somebody else was first: there will be another turn.
    Lost,
}

/// One look at one workload.
pub(crate) struct Scene<'s> {
    pub(crate) client: &'s Client,
    pub(crate) store: &'s Store,
    pub(crate) minor: u32,
    pub(crate) script: Script,
    pub(crate) root: Root,
    pub(crate) memory: &'s mut Memory,
    /// Whether anything was written.
    pub(crate) wrote: bool,
    objects: BTreeMap<(Kind, String), Arc<Value>>,
}

impl<'s> Scene<'s> {
    pub(crate) fn new(
        client: &'s Client,
        store: &'s Store,
        minor: u32,
        script: Script,
        root: Root,
        memory: &'s mut Memory,
    ) -> Self {
        let inner = store.lock();
        let objects = inner
            .objects
            .iter()
            .filter(|(_, object)| root_of(object) == root)
            .map(|((_, kind, name), object)| ((*kind, name.clone()), Arc::clone(object)))
            .collect();
        drop(inner);
        Self {
            client,
            store,
            minor,
            script,
            root,
            memory,
            wrote: false,
            objects,
        }
    }

    pub(crate) fn namespace(&self) -> &str {
        &self.root.0
    }

    pub(crate) fn get(&self, kind: Kind, name: &str) -> Option<Arc<Value>> {
        self.objects.get(&(kind, name.to_owned())).cloned()
    }

    pub(crate) fn all(&self, kind: Kind) -> Vec<Arc<Value>> {
        let of_kind = self.objects.iter().filter(|((one, _), _)| *one == kind);
        of_kind.map(|(_, object)| Arc::clone(object)).collect()
    }

    /// Those of a kind in the whole namespace, whosever they are.
    pub(crate) fn of_namespace(&self, kind: Kind) -> Vec<Arc<Value>> {
        let inner = self.store.lock();
        let from = (self.namespace().to_owned(), kind, String::new());
        let all = inner.objects.range(from..);
        let of_kind = all
            .take_while(|((namespace, one, _), _)| namespace == self.namespace() && *one == kind);
        of_kind.map(|(_, object)| Arc::clone(object)).collect()
    }

    /// Those of a kind that an object is the controller of.
    pub(crate) fn children(&self, kind: Kind, owner: &Value) -> Vec<Arc<Value>> {
        let mut all = self.all(kind);
        all.retain(|one| text(one, "/metadata/ownerReferences/0/uid") == uid(owner));
        all
    }

    /// Another turn, after a recorded time.
    pub(crate) fn again(&self, after: Duration) {
        self.again_at(Instant::now() + self.script.paced(after));
    }

    pub(crate) fn again_at(&self, at: Instant) {
        self.store.later(&self.root, at);
    }

    /// Creates an object of a kind; version, kind and namespace are filled in.
    pub(crate) fn create(&mut self, kind: Kind, mut object: Value) -> Result<Wrote, Error> {
        object["apiVersion"] = kind.api_version(self.minor).into();
        object["kind"] = kind.kind().into();
        object["metadata"]["namespace"] = self.namespace().into();
        let path = kind.list(self.minor, Some(self.namespace()));
        self.send("POST", &path, JSON, Some(&object), kind)
    }

    /// Puts an object in the place of the state that was seen.
    pub(crate) fn replace(&mut self, kind: Kind, object: &Value) -> Result<Wrote, Error> {
        let path = self.path(kind, name(object));
        self.send("PUT", &path, JSON, Some(object), kind)
    }

    /// Changes an object, whatever state it is in.
    pub(crate) fn merge(&mut self, kind: Kind, name: &str, patch: &Value) -> Result<Wrote, Error> {
        let path = self.path(kind, name);
        self.send("PATCH", &path, MERGE, Some(patch), kind)
    }

    /// Writes a status, its conditions among it, where it differs from what is there.
    pub(crate) fn status(
        &mut self,
        kind: Kind,
        object: &Value,
        mut status: Value,
        conditions: &[Condition],
    ) -> Result<Wrote, Error> {
        if !conditions.is_empty() {
            status["conditions"] = written(object, conditions);
        }
        let there = object.get("status").cloned().unwrap_or_default();
        if without_nulls(there) == without_nulls(status.clone()) {
            return Ok(Wrote::Done);
        }
        let mut object = object.clone();
        object["status"] = status;
        let path = format!("{}/status", self.path(kind, name(&object)));
        self.send("PUT", &path, JSON, Some(&object), kind)
    }

    /// Deletes an object at once.
    pub(crate) fn delete(&mut self, kind: Kind, object: &Value) -> Result<Wrote, Error> {
        let path = self.path(kind, name(object));
        let options = json!({
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "gracePeriodSeconds": 0,
            "propagationPolicy": "Background",
            "preconditions": { "uid": uid(object) },
        });
        let answer = self.client.send("DELETE", &path, JSON, Some(&options))?;
        match answer.status {
            200 | 202 | 404 => {
                self.wrote = true;
                self.objects.remove(&(kind, name(object).to_owned()));
                self.store.remove(kind, object);
                Ok(Wrote::Done)
            }
            409 => Ok(Wrote::Lost),
            status => Err(Error(format!("DELETE {path}: {status} {}", answer.body))),
        }
    }

    fn path(&self, kind: Kind, name: &str) -> String {
        format!("{}/{name}", kind.list(self.minor, Some(self.namespace())))
    }

    fn send(
        &mut self,
        method: &str,
        path: &str,
        content_type: &str,
        body: Option<&Value>,
        kind: Kind,
    ) -> Result<Wrote, Error> {
        let answer = self.client.send(method, path, content_type, body)?;
        let message = || text(&answer.body, "/message").to_owned();
        match answer.status {
            200 | 201 => {
                self.wrote = true;
                let mut object = answer.body;
                object["apiVersion"] = kind.api_version(self.minor).into();
                object["kind"] = kind.kind().into();
                let object = Arc::new(object);
                self.store.put(kind, &object);
                self.objects
                    .insert((kind, name(&object).to_owned()), object);
                Ok(Wrote::Done)
            }
            // Not there any more, there already, another state, or a namespace on its way out.
            404 | 409 => {
                self.again(Duration::from_millis(400));
                Ok(Wrote::Lost)
            }
            403 if message().contains("being terminated") => Ok(Wrote::Lost),
            status if status >= 400 => Ok(Wrote::Refused(message())),
            status => Err(Error(format!("{method} {path}: {status} {}", answer.body))),
        }
    }

    /// Tells of something in an Event; the same again counts up.
    pub(crate) fn event(
        &mut self,
        about: &Value,
        (kind, reason): (&str, &str),
        message: &str,
        component: &str,
    ) -> Result<(), Error> {
        let key = format!("{} {reason} {message}", uid(about));
        let list = format!("/api/v1/namespaces/{}/events", self.namespace());
        if let Some((name, count)) = self.memory.events.get_mut(&key) {
            *count += 1;
            let patch = json!({ "count": *count, "lastTimestamp": now() });
            self.client
                .send("PATCH", &format!("{list}/{name}"), MERGE, Some(&patch))?;
            return Ok(());
        }
        let number = self.memory.next_number();
        let event_name = format!("{}.{number:016x}", name(about));
        let event = json!({
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": { "name": event_name, "namespace": self.namespace() },
            "involvedObject": {
                "apiVersion": about["apiVersion"],
                "kind": about["kind"],
                "namespace": self.namespace(),
                "name": name(about),
                "uid": uid(about),
                "resourceVersion": about["metadata"]["resourceVersion"],
            },
            "type": kind,
            "reason": reason,
            "message": message,
            "source": { "component": component },
            "reportingComponent": component,
            "firstTimestamp": now(),
            "lastTimestamp": now(),
            "count": 1,
        });
        self.client.send("POST", &list, JSON, Some(&event))?;
        self.memory.events.insert(key, (event_name, 1));
        Ok(())
    }
}

/// The API server writes `null` where some fields have no value.
fn without_nulls(mut value: Value) -> Value {
    match &mut value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut()
                .for_each(|value| *value = without_nulls(value.take()));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|value| *value = without_nulls(value.take())),
        _ => {}
    }
    value
}

/// The reference to an owner that controls what it owns.
pub(crate) fn owner(object: &Value) -> Value {
    json!([{
        "apiVersion": object["apiVersion"],
        "kind": object["kind"],
        "name": name(object),
        "uid": uid(object),
        "controller": true,
        "blockOwnerDeletion": true,
    }])
}
