//! Control planes for tests: one that they share, and one for each that wants it to itself.

use kscale_control_plane::{Binaries, ControlPlane, Error, Skip};
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::process::Run;

/// What a test returns.
pub(crate) type Outcome = Result<(), Box<dyn std::error::Error>>;

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
        let installed = plane.install_own_crds();
        installed
            .and_then(|()| install_config(&plane))
            .map_err(|error| error.to_string())?;
        Ok(Arc::new(plane))
    });
    started.clone().map_err(Failed::from)
}

/// The ConfigMaps without which KServe and Knative do nothing at all, as good as empty, the HPA extension, and a
/// runtime for models.
pub(crate) fn install_config(plane: &ControlPlane) -> Result<(), Error> {
    let deploy = json!({ "deploy": "{\"defaultDeploymentMode\": \"Knative\"}" });
    let knative = |name| ("knative-serving", name, json!({}));
    let maps = [
        ("kserve", "inferenceservice-config", deploy),
        knative("config-autoscaler"),
        knative("config-defaults"),
        knative("config-deployment"),
        knative("config-features"),
    ];
    for (namespace, name, data) in maps {
        plane.ensure_namespace(namespace)?;
        plane.create(&json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": { "name": name, "namespace": namespace },
            "data": data,
        }))?;
    }
    plane.create(&extension())?;
    plane.make_available("knative-serving", "autoscaler-hpa")?;
    let format = json!({ "name": "sklearn", "version": "1", "autoSelect": true });
    let resources = json!({ "requests": { "cpu": "1", "memory": "2Gi" } });
    plane.create(&json!({
        "apiVersion": "serving.kserve.io/v1alpha1",
        "kind": "ClusterServingRuntime",
        "metadata": { "name": "sklearn" },
        "spec": {
            "supportedModelFormats": [format],
            "containers": [{ "name": "kserve-container", "image": "a", "resources": resources }],
        },
    }))?;
    Ok(())
}

/// Knative's HPA extension, as far as anybody looks at it.
fn extension() -> Value {
    let labels = json!({ "app": "autoscaler-hpa" });
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "autoscaler-hpa", "namespace": "knative-serving", "labels": labels },
        "spec": {
            "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": labels },
                "spec": { "containers": [{ "name": "autoscaler-hpa", "image": "a" }] },
            },
        },
    })
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
