//! Control planes for tests: one that they share, and one for each that wants it to itself.

use kscale_control_plane::{Binaries, ControlPlane, Skip};
use libtest_mimic::{Failed, Trial};
use std::error::Error;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::process::Run;

/// What a test returns.
pub(crate) type Outcome = Result<(), Box<dyn Error>>;

type Shared = Option<Result<Arc<ControlPlane>, String>>;

static BINARIES: LazyLock<Result<Binaries, Skip>> = LazyLock::new(Binaries::find);
static SHARED: Mutex<Shared> = Mutex::new(None);

/// A test on the control plane that all share. The project's own definitions are installed: they keep any field, and are the
/// same on every machine.
pub(crate) fn on_shared(name: &str, test: fn(&ControlPlane) -> Outcome) -> Trial {
    trial(name, move || failing(test(&*shared()?)))
}

/// A test with a control plane to itself, and nothing in it.
pub(crate) fn on_fresh(name: &str, test: fn(&ControlPlane) -> Outcome) -> Trial {
    trial(name, move || failing(test(&start()?)))
}

/// Ignored rather than left out: whoever reads the result sees what was not tested.
fn trial(name: &str, test: impl FnOnce() -> Result<(), Failed> + Send + 'static) -> Trial {
    Trial::test(name, test).with_ignored_flag(BINARIES.is_err())
}

/// The reason for which all tests are ignored, if they are.
pub(crate) fn say_why_not() {
    if let Err(skip) = &*BINARIES {
        eprintln!("no control plane, so these tests are skipped: {skip}");
    }
}

/// Stops the shared control plane: what is static is never dropped.
pub(crate) fn stop() {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner).take();
}

fn shared() -> Result<Arc<ControlPlane>, Failed> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    // A failure is remembered: the next one would cost a minute again.
    let started = shared.get_or_insert_with(|| {
        let plane = start().map_err(|failed| failed.message().unwrap_or("").to_owned())?;
        plane
            .install_own_crds()
            .map_err(|error| error.to_string())?;
        Ok(Arc::new(plane))
    });
    started.clone().map_err(Failed::from)
}

fn start() -> Result<ControlPlane, Failed> {
    let binaries = BINARIES.as_ref().map_err(ToString::to_string)?;
    ControlPlane::start(binaries).map_err(Failed::from)
}

fn failing(outcome: Outcome) -> Result<(), Failed> {
    outcome.map_err(|error| error.to_string().into())
}

/// Which cluster a run asks.
pub(crate) trait Asking {
    /// The control plane, as its administrator.
    fn on(self, plane: &ControlPlane) -> Run;

    /// What a kubeconfig names.
    fn with_kubeconfig(self, file: &Path) -> Run;
}

impl Asking for Run {
    fn on(self, plane: &ControlPlane) -> Run {
        self.with_kubeconfig(&plane.kubeconfig())
    }

    fn with_kubeconfig(self, file: &Path) -> Run {
        self.env("KUBECONFIG", &file.to_string_lossy())
    }
}
