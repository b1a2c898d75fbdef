//! The webhooks of KServe, Knative and KEDA: asked by the API server over HTTPS, dry runs included.

mod answer;
mod configuration;
mod server;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kscale_control_plane::{Client, ControlPlane};
use serde_json::{Value, json};

use crate::error::Error;

/// A webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hook {
    /// KServe's defaulter of InferenceServices.
    KserveDefault,
    /// KServe's validation of InferenceServices.
    Kserve,
    /// Knative's validation of Services.
    Knative,
    /// KEDA's validation of ScaledObjects.
    Keda,
}

/// A question of the API server's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who was asked.
    pub hook: Hook,
    /// `CREATE` or `UPDATE`
    pub operation: String,
    /// The object's name.
    pub name: String,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

/// How the webhooks behave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Behaviour {
    /// What a webhook denies everything with.
    pub(crate) deny: BTreeMap<Hook, String>,
    /// Which do not answer at all.
    pub(crate) down: Vec<Hook>,
    /// How long an answer takes.
    pub(crate) delay: Duration,
}

/// What the threads share.
pub(crate) struct State {
    pub(crate) client: Client,
    pub(crate) minor: u32,
    pub(crate) behaviour: Mutex<Behaviour>,
    pub(crate) asked: Mutex<Vec<Asked>>,
    pub(crate) ended: std::sync::atomic::AtomicBool,
}

/// Webhooks for the objects of one namespace; they go with this value.
pub struct Webhooks {
    state: Arc<State>,
    port: u16,
    names: Vec<(&'static str, String)>,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Webhooks {
    /// Registers them, and returns when the API server asks them.
    ///
    /// # Errors
    /// The API server does not take them, or never asks.
    pub fn of(plane: &ControlPlane, namespace: &str) -> Result<Self, Error> {
        let failed =
            |error: std::io::Error| Error(format!("cannot listen on the loopback: {error}"));
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let state = Arc::new(State {
            client: plane.client().clone(),
            minor: plane.version().1,
            behaviour: Mutex::default(),
            asked: Mutex::default(),
            ended: std::sync::atomic::AtomicBool::new(false),
        });
        let tls = server::tls(plane.server_certificate())?;
        let shared = Arc::clone(&state);
        std::thread::spawn(move || server::listen(&listener, &tls, &shared));
        let authority = std::fs::read(plane.authority());
        let authority = authority.map_err(|error| Error(format!("the authority: {error}")))?;
        let mut hooks = Self {
            state,
            port,
            names: Vec::new(),
        };
        hooks.register(namespace, &authority)?;
        hooks.wait(namespace)?;
        lock(&hooks.state.asked).clear();
        Ok(hooks)
    }

    fn register(&mut self, namespace: &str, authority: &[u8]) -> Result<(), Error> {
        let label = json!({ "metadata": { "labels": { configuration::LABEL: namespace } } });
        let path = format!("/api/v1/namespaces/{namespace}");
        let client = &self.state.client;
        client.ask("PATCH", &path, "application/merge-patch+json", Some(&label))?;
        for (plural, object) in configuration::all(namespace, self.port, authority) {
            let path = format!("/apis/admissionregistration.k8s.io/v1/{plural}");
            client.ask("POST", &path, "application/json", Some(&object))?;
            self.names
                .push((plural, crate::json::name(&object).to_owned()));
        }
        Ok(())
    }

    /// The API server hears of its webhooks by a watch of its own, so a moment later.
    fn wait(&self, namespace: &str) -> Result<(), Error> {
        let until = Instant::now() + Duration::from_secs(60);
        for (hook, probe, path) in configuration::probes(namespace) {
            while !self.asked().iter().any(|one| one.hook == hook) {
                let path = format!("{path}?dryRun=All");
                self.state
                    .client
                    .send("POST", &path, "application/json", Some(&probe))?;
                if Instant::now() > until {
                    return Err(Error(format!("the API server never asks {hook:?}")));
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(())
    }

    /// Denies everything with a text from now on, or does right again.
    pub fn deny(&self, hook: Hook, text: Option<&str>) {
        let mut behaviour = lock(&self.state.behaviour);
        match text {
            Some(text) => behaviour.deny.insert(hook, text.to_owned()),
            None => behaviour.deny.remove(&hook),
        };
    }

    /// Does not answer any more, or does so again. What it should have been asked about is refused then.
    pub fn down(&self, hook: Hook, is_down: bool) {
        let mut behaviour = lock(&self.state.behaviour);
        behaviour.down.retain(|one| *one != hook);
        if is_down {
            behaviour.down.push(hook);
        }
    }

    /// Takes so long for every answer. The API server waits for ten seconds.
    pub fn slow(&self, delay: Duration) {
        lock(&self.state.behaviour).delay = delay;
    }

    /// What they were asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.state.asked).clone()
    }
}

impl Drop for Webhooks {
    fn drop(&mut self) {
        for (plural, name) in &self.names {
            let path = format!("/apis/admissionregistration.k8s.io/v1/{plural}/{name}");
            // The API server may have gone before.
            let _ = self.state.client.send("DELETE", &path, "", None);
        }
        self.state
            .ended
            .store(true, std::sync::atomic::Ordering::Relaxed);
        // Wakes the listener.
        let _ = std::net::TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// What the answer to a review is.
pub(crate) enum Verdict {
    /// It may be, changed by this JSON Patch.
    Allowed(Vec<Value>),
    /// It may not be.
    Denied(String),
}
