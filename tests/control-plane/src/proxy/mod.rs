//! A proxy between a client and the API server, which does right until it is told to do wrong.
//!
//! It speaks plain HTTP on the loopback, so that it can see and change everything, and asks the API server with the caller's own
//! headers, or as its own user where the caller proves nothing: who may what stays the API server's business. Whatever was
//! asked can be looked up afterwards.
//!
//! ```no_run
//! # fn f(plane: &kscale_control_plane::ControlPlane) -> Result<(), Box<dyn std::error::Error>> {
//! use kscale_control_plane::{Fault, FaultProxy, When};
//!
//! let proxy = FaultProxy::before(plane)?;
//! proxy.inject(When::asked("GET", "/configmaps/").times(1), Fault::TooMany(1));
//! // … run something with `proxy.kubeconfig()` …
//! assert_eq!(proxy.count("GET", "/configmaps/"), 2, "asked again");
//! # Ok(())
//! # }
//! ```

mod answer;
mod fault;
mod message;
mod upstream;

pub use fault::{Fault, When};

use serde_json::Value;
use std::io::BufReader;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::users::ADMIN;
use crate::{ControlPlane, Error};
use answer::Upstream;
use message::Request;

/// A request that came by.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `GET`
    pub method: String,
    /// With its query.
    pub path: String,
    /// `content-type`, `accept`, `user-agent` and the like, in lower case; who asked is left out.
    pub headers: Vec<(String, String)>,
    /// The body, if it was JSON.
    pub body: Option<Value>,
}

/// A proxy before a control plane; it ends with this value.
pub struct FaultProxy {
    address: String,
    kubeconfig: PathBuf,
    state: Arc<State>,
    listener: Option<JoinHandle<()>>,
}

struct State {
    upstream: Upstream,
    faults: Mutex<Vec<(When, Fault)>>,
    asked: Mutex<Vec<Asked>>,
    ended: AtomicBool,
}

impl FaultProxy {
    /// Starts one, with a kubeconfig of the administrator.
    pub fn before(plane: &ControlPlane) -> Result<Self, Error> {
        Self::before_as(plane, ADMIN)
    }

    /// Starts one, with the kubeconfig of a user.
    pub fn before_as(plane: &ControlPlane, user: &str) -> Result<Self, Error> {
        let listener = TcpListener::bind(("127.0.0.1", 0));
        let listener = listener.map_err(Error::of("listen on the loopback"))?;
        let port = listener.local_addr().map_err(Error::of("listen"))?.port();
        let address = format!("http://127.0.0.1:{port}");
        let kubeconfig = plane.folder().join(format!("kubeconfig-proxy-{port}"));
        plane.write_kubeconfig(&kubeconfig, &address, None, user)?;
        let state = Arc::new(State {
            upstream: Upstream {
                agent: upstream::agent(plane.authority_pem())?,
                server: plane.server().to_owned(),
                token: plane.token(user),
            },
            faults: Mutex::default(),
            asked: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        let listener = std::thread::spawn(move || listen(&listener, &shared));
        Ok(Self {
            address,
            kubeconfig,
            state,
            listener: Some(listener),
        })
    }

    /// `http://127.0.0.1:PORT`
    pub fn server(&self) -> &str {
        &self.address
    }

    /// A kubeconfig that leads here.
    pub fn kubeconfig(&self) -> &PathBuf {
        &self.kubeconfig
    }

    /// Does wrong from now on. Of several faults for a request, the one told first counts.
    pub fn inject(&self, when: When, fault: Fault) {
        lock(&self.state.faults).push((when, fault));
    }

    /// Does right again.
    pub fn heal(&self) {
        lock(&self.state.faults).clear();
    }

    /// All that was asked so far, in the order in which it came.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.state.asked).clone()
    }

    /// How many requests of a method had these words in their path, query included.
    pub fn count(&self, method: &str, path: &str) -> usize {
        let asked = lock(&self.state.asked);
        let such = |one: &&Asked| one.method == method && one.path.contains(path);
        asked.iter().filter(such).count()
    }

    /// The requests that would change something: anything but GET and HEAD.
    pub fn writes(&self) -> Vec<Asked> {
        let mut asked = self.asked();
        asked.retain(|one| !matches!(one.method.as_str(), "GET" | "HEAD"));
        asked
    }

    /// Forgets what was asked.
    pub fn forget(&self) {
        lock(&self.state.asked).clear();
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        // Wakes the listener; its connections end with their clients.
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}

fn listen(listener: &TcpListener, state: &Arc<State>) {
    for stream in listener.incoming().flatten() {
        if state.ended.load(Ordering::SeqCst) {
            return;
        }
        let state = Arc::clone(state);
        std::thread::spawn(move || {
            // However it ended, the client sees it.
            let _ = converse(&stream, &state);
            let _ = stream.shutdown(Shutdown::Both);
        });
    }
}

/// Request after request of one connection.
fn converse(stream: &TcpStream, state: &State) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut from = BufReader::new(stream.try_clone()?);
    let mut to = stream;
    while let Some(request) = Request::read(&mut from)? {
        lock(&state.asked).push(seen(&request));
        let fault = state.fault(&request);
        answer::answer(&mut to, &request, fault, &state.upstream)?;
    }
    Ok(())
}

impl State {
    fn fault(&self, request: &Request) -> Option<Fault> {
        let mut faults = lock(&self.faults);
        faults.iter_mut().find_map(|(when, fault)| {
            when.takes(&request.method, &request.path)
                .then(|| fault.clone())
        })
    }
}

fn seen(request: &Request) -> Asked {
    let mut headers = request.headers.clone();
    headers.retain(|(name, _)| name != "authorization");
    Asked {
        method: request.method.clone(),
        path: request.path.clone(),
        headers,
        body: serde_json::from_slice(&request.body).ok(),
    }
}

/// A thread that panicked leaves what it held as it was.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
