//! The control plane that the tests share, and what they put into it.

use kscale_control_plane::{Binaries, ControlPlane, Skip};
use kscale_test_controllers::{Controllers, Script};
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// What a test returns.
pub(crate) type Outcome = Result<(), Box<dyn std::error::Error>>;

static BINARIES: LazyLock<Result<Binaries, Skip>> = LazyLock::new(Binaries::find);
static SHARED: Mutex<Option<Result<Arc<ControlPlane>, String>>> = Mutex::new(None);

/// A test on the control plane that all share.
pub(crate) fn on_shared(name: &str, test: fn(&ControlPlane) -> Outcome) -> Trial {
    let run = move || test(&*shared()?).map_err(|error| Failed::from(error.to_string()));
    Trial::test(name, run).with_ignored_flag(BINARIES.is_err())
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
    let started = shared.get_or_insert_with(|| {
        let binaries = BINARIES.as_ref().map_err(ToString::to_string)?;
        let plane = ControlPlane::start(binaries).map_err(|error| error.to_string())?;
        plane
            .install_own_crds()
            .map_err(|error| error.to_string())?;
        Ok(Arc::new(plane))
    });
    started.clone().map_err(Failed::from)
}

/// Controllers in a namespace of their own.
pub(crate) fn play(
    plane: &ControlPlane,
    script: Script,
) -> Result<(String, Controllers), Box<dyn std::error::Error>> {
    let namespace = plane.namespace()?;
    let controllers = Controllers::on(plane)
        .namespace(&namespace)
        .script(script)
        .start()?;
    Ok((namespace, controllers))
}

/// An InferenceService as the recordings have them.
pub(crate) fn isvc(namespace: &str, name: &str, annotations: &Value, predictor: &Value) -> Value {
    let mut predictor = predictor.clone();
    predictor["model"] = json!({
        "modelFormat": { "name": "sklearn" },
        "storageUri": "gs://kfserving-examples/models/sklearn/1.0/model",
    });
    json!({
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": { "name": name, "namespace": namespace, "annotations": annotations },
        "spec": { "predictor": predictor },
    })
}

/// The annotation of Knative's HPA class.
pub(crate) fn hpa_class() -> Value {
    json!({ "autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev" })
}
