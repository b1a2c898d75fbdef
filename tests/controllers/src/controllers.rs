//! The controllers as tests have them.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use kscale_control_plane::{Client, ControlPlane};
use serde_json::Value;

use crate::conditions::status;
use crate::error::Error;
use crate::json::{name, number, text};
use crate::kinds::Kind;
use crate::script::Script;
use crate::start::Start;
use crate::store::{Root, Store, root_of};

/// A busy machine needs its time; a test that waits in vain fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Controllers that run until this value ends. One that failed fails the test then.
pub struct Controllers {
    pub(crate) client: Client,
    pub(crate) store: Arc<Store>,
    pub(crate) script: Arc<Mutex<Script>>,
    pub(crate) thread: Option<JoinHandle<()>>,
    pub(crate) namespace: Option<String>,
    pub(crate) minor: u32,
}

impl Controllers {
    /// Controllers for this control plane.
    #[must_use]
    pub fn on(plane: &ControlPlane) -> Start<'_> {
        Start {
            plane,
            namespace: None,
            script: Script::default(),
        }
    }

    /// Changes how they behave from now on.
    pub fn change(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap_or_else(PoisonError::into_inner));
        self.store.all_dirty();
    }

    /// So many pods are what the load asks for, by the name of the Knative Service or, in Standard mode, of the Deployment.
    pub fn load(&self, workload: &str, pods: i64) {
        self.change(|script| {
            script.load.insert(workload.to_owned(), pods);
        });
    }

    /// Creates an InferenceService or a Knative Service with so many pods of each component, and waits until all of them serve.
    ///
    /// # Errors
    /// It is refused, or it never gets ready.
    pub fn running(&self, plane: &ControlPlane, object: &Value, pods: i64) -> Result<(), Error> {
        let own = name(object);
        for workload in [
            own.to_owned(),
            format!("{own}-predictor"),
            format!("{own}-transformer"),
            format!("{own}-explainer"),
        ] {
            self.load(&workload, pods);
        }
        plane.create(object)?;
        self.settle_in(text(object, "/metadata/namespace"), own)
    }

    /// Waits until a workload of the one namespace is ready as it was written last, and nothing is on its way any more.
    ///
    /// # Errors
    /// It does not come to that, or a controller failed.
    pub fn settle(&self, name: &str) -> Result<(), Error> {
        self.settle_in(self.namespace.as_deref().unwrap_or("default"), name)
    }

    /// [`Controllers::settle`], in a namespace.
    ///
    /// # Errors
    /// It does not come to that, or a controller failed.
    pub fn settle_in(&self, namespace: &str, name: &str) -> Result<(), Error> {
        let newest = self.newest(namespace, name)?;
        self.until_in(
            namespace,
            name,
            "is ready, and its pods are there",
            |objects| is_settled(objects, name, &newest),
        )
    }

    /// The versions that the API server has of what users write.
    fn newest(&self, namespace: &str, name: &str) -> Result<Vec<(&'static str, u64)>, Error> {
        let mut newest = Vec::new();
        for kind in [Kind::InferenceService, Kind::KnativeService] {
            let path = format!("{}/{name}", kind.list(self.minor, Some(namespace)));
            let answer = self.client.send("GET", &path, "", None)?;
            if answer.status == 200 {
                newest.push((kind.kind(), version(&answer.body)));
            }
        }
        if newest.is_empty() {
            return Err(Error(format!("there is no {namespace}/{name}")));
        }
        Ok(newest)
    }

    /// Waits until the objects of a workload of the one namespace are so.
    ///
    /// # Errors
    /// It does not come to that, or a controller failed.
    pub fn until(
        &self,
        name: &str,
        what: &str,
        is_so: impl Fn(&[Value]) -> bool,
    ) -> Result<(), Error> {
        self.until_in(
            self.namespace.as_deref().unwrap_or("default"),
            name,
            what,
            is_so,
        )
    }

    /// [`Controllers::until`], in a namespace.
    ///
    /// # Errors
    /// It does not come to that, or a controller failed.
    pub fn until_in(
        &self,
        namespace: &str,
        name: &str,
        what: &str,
        is_so: impl Fn(&[Value]) -> bool,
    ) -> Result<(), Error> {
        let root = (namespace.to_owned(), name.to_owned());
        let until = Instant::now() + PATIENCE;
        loop {
            self.check()?;
            let (is_at_rest, objects) = self.look(&root);
            if is_at_rest && is_so(&objects) {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(Error(format!(
                    "{namespace}/{name}: never {what}:\n{}",
                    told(&objects)
                )));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Whether nothing is to be done for a workload, and its objects at the same time.
    fn look(&self, root: &Root) -> (bool, Vec<Value>) {
        let inner = self.store.lock();
        let of_root = inner.objects.values().filter(|one| root_of(one) == *root);
        let objects = of_root.map(|one| (**one).clone()).collect();
        (inner.is_at_rest(root), objects)
    }

    /// Whether all of them still run.
    ///
    /// # Errors
    /// One failed.
    pub fn check(&self) -> Result<(), Error> {
        let failed = self.store.lock().failed.clone();
        let died = self.thread.as_ref().is_some_and(JoinHandle::is_finished);
        match failed {
            Some(text) => Err(Error(format!("a controller failed: {text}"))),
            None if died => Err(Error("a controller died".to_owned())),
            None => Ok(()),
        }
    }

    /// Ends them.
    ///
    /// # Errors
    /// One of them failed before.
    pub fn stop(mut self) -> Result<(), Error> {
        let outcome = self.check();
        self.end();
        outcome
    }

    fn end(&mut self) {
        let mut inner = self.store.lock();
        inner.ended = true;
        inner.failed = None;
        drop(inner);
        self.store.wake();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Controllers {
    fn drop(&mut self) {
        let outcome = if self.thread.is_some() {
            self.check()
        } else {
            Ok(())
        };
        self.end();
        if let Err(error) = outcome
            && !std::thread::panicking()
        {
            #[allow(clippy::panic, reason = "a test whose controllers failed has failed")]
            {
                panic!("{error}");
            }
        }
    }
}

fn version(object: &Value) -> u64 {
    text(object, "/metadata/resourceVersion")
        .parse()
        .unwrap_or_default()
}

fn is_settled(objects: &[Value], workload: &str, newest: &[(&'static str, u64)]) -> bool {
    let seen = newest.iter().all(|(kind, wanted)| {
        let of_kind = |one: &&Value| {
            text(one, "/kind") == *kind && name(one) == workload && text(one, "/apiVersion") != "v1"
        };
        objects
            .iter()
            .find(of_kind)
            .is_some_and(|one| version(one) >= *wanted && status(one, "Ready") == "True")
    });
    let pods = objects
        .iter()
        .filter(|one| text(one, "/kind") == "Deployment")
        .all(|one| {
            let count = |pointer: &str| number(one, pointer).unwrap_or(0);
            count("/spec/replicas") == count("/status/readyReplicas")
                && count("/status/replicas") == count("/status/readyReplicas")
        });
    let services = objects.iter().filter(|one| {
        text(one, "/apiVersion").starts_with("serving.knative.dev")
            && text(one, "/kind") == "Service"
    });
    let rolled = services.clone().all(|one| {
        status(one, "Ready") == "True"
            && text(one, "/status/latestCreatedRevisionName")
                == text(one, "/status/latestReadyRevisionName")
    });
    seen && pods && rolled
}

/// What is there, for a test that waited in vain.
fn told(objects: &[Value]) -> String {
    let lines = objects.iter().map(|one| {
        let conditions = one["status"]["conditions"].as_array().into_iter().flatten();
        let conditions: Vec<String> = conditions
            .map(|it| {
                format!(
                    "{}={} {} {}",
                    text(it, "/type"),
                    text(it, "/status"),
                    text(it, "/reason"),
                    text(it, "/message")
                )
            })
            .collect();
        format!(
            "  {} {} {}",
            text(one, "/kind"),
            name(one),
            conditions.join(", ")
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}
