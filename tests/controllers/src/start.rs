//! The start of controllers, and the loop in which they take their turns.

use std::sync::{Arc, Mutex, PoisonError};

use kscale_control_plane::{Client, ControlPlane};

use crate::controllers::Controllers;
use crate::error::Error;
use crate::kinds::Kind;
use crate::memory::Memory;
use crate::scene::Scene;
use crate::script::Script;
use crate::store::{Root, Store};
use crate::watch::Watch;
use crate::{keda, knative, kserve, kubernetes};

/// So many turns in a row without an end are two who write over one another.
const MOST_TURNS: u32 = 2000;

/// Controllers that are to be started.
pub struct Start<'p> {
    pub(crate) plane: &'p ControlPlane,
    pub(crate) namespace: Option<String>,
    pub(crate) script: Script,
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
            knative::reconcile(scene)?;
            keda::reconcile(scene)?;
            kubernetes::reconcile(scene)?;
            // What is told last in the recordings.
            kserve::reconcile(scene)
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
