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
use crate::memory::Memory;
use crate::scene::Scene;
use crate::script::Script;
use crate::store::{Root, Store, root_of};
use crate::watch::Watch;
use crate::{keda, knative, kserve, kubernetes};

/// A busy machine needs its time; a test that waits in vain fails.
const PATIENCE: Duration = Duration::from_secs(60);
/// So many turns in a row without an end are two who write over one another.
const MOST_TURNS: u32 = 2000;

/// Controllers that are to be started.
pub struct Start<'p> {
    plane: &'p ControlPlane,
    namespace: Option<String>,
    script: Script,
}

/// Controllers that run until this value ends. One that failed fails the test then.
pub struct Controllers {
    client: Client,
    store: Arc<Store>,
    script: Arc<Mutex<Script>>,
    thread: Option<JoinHandle<()>>,
    namespace: Option<String>,
    minor: u32,
}

impl<'p> Start<'p> {
    /// In one namespace alone: without it, they look after the whole cluster.
    #[must_use]
    pub fn namespace(mut self, namespace: &str) -> Self {
        self.namespace = Some(namespace.to_owned());
        self
    }

    /// How they behave.
    #[must_use]
    pub fn script(mut self, script: Script) -> Self {
        self.script = script;
        self
    }

    /// Starts them.
    ///
    /// # Errors
    /// The API server does not answer.
    pub fn start(self) -> Result<Controllers, Error> {
        let minor = self.plane.version().1;
        let client = self.plane.client().clone();
        let store = Arc::new(Store::default());
        for kind in Kind::ALL {
            let watch = Watch {
                client: client.clone(),
                store: Arc::clone(&store),
                kind,
                minor,
                namespace: self.namespace.clone(),
            };
            watch.start();
        }
        let script = Arc::new(Mutex::new(self.script));
        let (own_store, own_client, own_script) =
            (Arc::clone(&store), client.clone(), Arc::clone(&script));
        let thread = std::thread::spawn(move || {
            let done = run(&own_client, &own_store, &own_script, minor);
            if let Err(Error(text)) = done {
                own_store.lock().failed.get_or_insert(text);
            }
        });
        Ok(Controllers {
            client,
            store,
            script,
            thread: Some(thread),
            namespace: self.namespace,
            minor,
        })
    }
}

fn run(client: &Client, store: &Store, script: &Mutex<Script>, minor: u32) -> Result<(), Error> {
    let mut memory = Memory::default();
    let mut last: (Root, u32) = Default::default();
    while let Some(root) = store.next() {
        let script = script
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let mut scene = Scene::new(client, store, minor, script, root.clone(), &mut memory);
        let turn = |scene: &mut Scene<'_>| {
            kserve::reconcile(scene)?;
            knative::reconcile(scene)?;
            keda::reconcile(scene)?;
            kubernetes::reconcile(scene)
        };
        match turn(&mut scene) {
            Ok(()) => {}
            // Whoever ended the test may have ended the API server, too.
            Err(_) if store.lock().ended => return Ok(()),
            Err(error) => return Err(error),
        }
        if scene.wrote {
            store.lock().dirty.insert(root.clone());
        }
        last = if last.0 == root && scene.wrote {
            (root, last.1 + 1)
        } else {
            (root, 0)
        };
        if last.1 > MOST_TURNS {
            return Err(Error(format!(
                "{} {}: no end of changes",
                last.0.0, last.0.1
            )));
        }
    }
    Ok(())
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
            let objects = self.objects(&root);
            let is_at_rest = !self.store.lock().dirty.contains(&root);
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

    fn objects(&self, root: &Root) -> Vec<Value> {
        let inner = self.store.lock();
        let of_root = inner.objects.values().filter(|one| root_of(one) == *root);
        of_root.map(|one| (**one).clone()).collect()
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
                    "{}={} {}",
                    text(it, "/type"),
                    text(it, "/status"),
                    text(it, "/reason")
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
