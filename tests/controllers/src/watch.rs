//! Lists and watches: a thread for each kind keeps the store as the API server has it.

use std::collections::BTreeSet;
use std::io::BufRead as _;
use std::sync::Arc;
use std::time::Duration;

use kscale_control_plane::Client;
use serde_json::Value;

use crate::json::{list, name, text};
use crate::kinds::Kind;
use crate::store::Store;

/// How long a watch goes on before it is asked for again: so long does its thread outlive the test.
const SECONDS: u32 = 20;

/// What is watched.
#[derive(Clone)]
pub(crate) struct Watch {
    pub(crate) client: Client,
    pub(crate) store: Arc<Store>,
    pub(crate) kind: Kind,
    pub(crate) minor: u32,
    pub(crate) namespace: Option<String>,
}

impl Watch {
    pub(crate) fn start(self) {
        std::thread::spawn(move || {
            while !self.ended() {
                // Whatever went wrong, it is listed anew: the API server forgets, and restarts.
                let _ = self.round();
                if !self.ended() {
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
        });
    }

    fn ended(&self) -> bool {
        self.store.lock().ended
    }

    fn path(&self) -> String {
        self.kind.list(self.minor, self.namespace.as_deref())
    }

    fn round(&self) -> Option<()> {
        let answer = self.client.send("GET", &self.path(), "", None).ok()?;
        if answer.status != 200 {
            // A kind that is not installed: there is none of it.
            if answer.status == 404 {
                self.store.keep_only(self.kind, &BTreeSet::new());
                std::thread::sleep(Duration::from_millis(500));
            }
            return None;
        }
        let mut version = text(&answer.body, "/metadata/resourceVersion").to_owned();
        let mut listed = BTreeSet::new();
        for item in list(&answer.body, "/items") {
            listed.insert((
                text(item, "/metadata/namespace").to_owned(),
                name(item).to_owned(),
            ));
            self.store.put(self.kind, &self.told(item.clone()));
        }
        self.store.keep_only(self.kind, &listed);
        while !self.ended() {
            version = self.follow(version)?;
        }
        Some(())
    }

    /// Items of lists do not say what they are.
    fn told(&self, mut object: Value) -> Arc<Value> {
        object["apiVersion"] = self.kind.api_version(self.minor).into();
        object["kind"] = self.kind.kind().into();
        Arc::new(object)
    }

    /// Follows until the API server ends it; where to go on, or none where that is not known any more.
    fn follow(&self, mut version: String) -> Option<String> {
        let path = format!(
            "{}?watch=true&timeoutSeconds={SECONDS}&resourceVersion={version}",
            self.path()
        );
        for line in self.client.lines(&path).ok()?.lines() {
            if self.ended() {
                return None;
            }
            let event: Value = serde_json::from_str(&line.ok()?).ok()?;
            let object = event["object"].clone();
            match event["type"].as_str()? {
                "ADDED" | "MODIFIED" => {
                    version = text(&object, "/metadata/resourceVersion").to_owned();
                    self.store.put(self.kind, &self.told(object));
                }
                "DELETED" => {
                    version = text(&object, "/metadata/resourceVersion").to_owned();
                    self.store.remove(self.kind, &object);
                }
                _ => return None,
            }
        }
        Some(version)
    }
}
