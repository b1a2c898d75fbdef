//! The built binary against a real kube-apiserver and etcd.
//!
//! Where no control plane can be had, every test here is reported as ignored, by name, and the reason is printed once. The
//! harness is `tests/control-plane`; CONTRIBUTING.md says where the two programs come from.
//!
//! # Adding a test
//!
//! A file of this folder is about one thing, and its `trials()` lists what it tests. The list of files is in `main` below.
//!
//! ```ignore
//! pub(crate) fn trials() -> Vec<Trial> {
//!     vec![
//!         on_shared("list::shows_what_is_there", shows_what_is_there),
//!         on_fresh("install::applies_both_objects", applies_both_objects),
//!     ]
//! }
//!
//! fn shows_what_is_there(plane: &ControlPlane) -> Outcome {
//!     let namespace = plane.namespace()?;
//!     plane.create(&json!({ … }))?;
//!     let ran = kscale(&["list", "-n", &namespace]).on(plane).run();
//!     assert_eq!(ran.code, 0, "{}", ran.stderr);
//!     Ok(())
//! }
//! ```
//!
//! [`plane::on_shared`] gives the one control plane that most tests share: the project's own small definitions are installed, and
//! what a test makes it makes in a namespace of its own ([`ControlPlane::namespace`]) and for users of its own
//! ([`ControlPlane::user`]). What touches anything else, above all `knative-serving`, wants a control plane to itself:
//! [`plane::on_fresh`], about three seconds each, with nothing in it. `install_small_knative("1.12.4")` makes a Knative there,
//! `install_knative()` and `install_crds()` the real things where the reference manifests are at hand (ten seconds of an API
//! server's time: those definitions are large).
//!
//! [`ControlPlane::load`] lays recorded objects in, status and all. [`kscale_control_plane::FaultProxy`] stands before the API
//! server, misbehaves on demand, and tells what was asked.
//!
//! [`ControlPlane::namespace`]: kscale_control_plane::ControlPlane::namespace
//! [`ControlPlane::user`]: kscale_control_plane::ControlPlane::user
//! [`ControlPlane::load`]: kscale_control_plane::ControlPlane::load
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that lints do not know as one: it has a main of its own"
)]

mod check;
mod client;
mod explain;
mod faults;
mod install;
mod list;
mod plane;
mod preview;
#[path = "../explain/process.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod process;
mod progress;
mod server;
mod switch;
mod undo;
mod watch;
mod workloads;

use libtest_mimic::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = [
        client::trials(),
        server::trials(),
        faults::trials(),
        explain::trials(),
        list::trials(),
        watch::trials(),
        check::trials(),
        preview::trials(),
        install::trials(),
        switch::trials(),
        progress::trials(),
        undo::trials(),
    ];
    let trials = trials.into_iter().flatten().collect();
    plane::say_why_not();
    let conclusion = libtest_mimic::run(&arguments, trials);
    plane::stop();
    conclusion.exit_code()
}
