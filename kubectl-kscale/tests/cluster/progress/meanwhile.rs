//! What others do while a switch is watched.

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::{Controllers, Pods, Script};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{not_taken_over, routed, running, to_hpa};
use crate::plane::{Asking as _, Outcome, install_config, on_fresh, on_shared};
use crate::process::{Ran, kscale};
use crate::workloads::isvc;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("progress::ends_where_somebody_writes_it_otherwise", written),
        on_shared("progress::ends_where_somebody_deletes_it", deleted),
        on_fresh("progress::goes_on_once_the_extension_is_there", installed),
        on_shared("progress::waits_for_every_component", components),
    ]
}

/// Switches to the HPA class, and does something else once the new Revision is created.
fn while_switching(
    plane: &ControlPlane,
    namespace: &str,
    act: impl FnOnce() -> Outcome,
) -> Result<Ran, Box<dyn std::error::Error>> {
    std::thread::scope(|scope| {
        let run = scope.spawn(|| kscale(&to_hpa(namespace, "5m")).on(plane).run());
        // Asked of the API server: the controllers need not be at rest.
        let root = format!("/apis/serving.knative.dev/v1/namespaces/{namespace}");
        let second = format!("{root}/revisions/bert-predictor-00002");
        while plane.get(&second).is_err() && !run.is_finished() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        act()?;
        Ok(run.join().unwrap())
    })
}

fn itself(namespace: &str) -> Value {
    json!({
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
        "metadata": {"name": "bert", "namespace": namespace},
    })
}

fn written(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default())?;
    controllers.change(|script| script.pods = Pods::Starting);
    let ran = while_switching(plane, &namespace, || {
        let patch = json!({"spec": {"predictor": {"scaleTarget": 33}}});
        plane.patch(&itself(&namespace), &patch)?;
        Ok(())
    })?;
    let words =
        "somebody has changed it since: spec.predictor.scaleTarget is not as it was written";
    not_taken_over(&ran, &["hpa does not take over", words]);
    Ok(controllers.stop()?)
}

fn deleted(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default())?;
    controllers.change(|script| script.pods = Pods::Starting);
    let ran = while_switching(plane, &namespace, || {
        plane.delete(&itself(&namespace))?;
        Ok(())
    })?;
    not_taken_over(&ran, &["somebody has deleted it"]);
    Ok(controllers.stop()?)
}

/// Stuck, until somebody installs what is missing: it is not given up before that can be told from a start.
fn installed(plane: &ControlPlane) -> Outcome {
    plane.install_own_crds()?;
    install_config(plane)?;
    let extension = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "autoscaler-hpa", "namespace": "knative-serving"},
    });
    plane.delete(&extension)?;
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default().without_extension())?;
    let ran = while_switching(plane, &namespace, || {
        controllers.change(|script| script.extension = true);
        Ok(())
    })?;
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(routed(plane, &namespace)?, "bert-predictor-00002");
    Ok(controllers.stop()?)
}

fn components(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let start = Controllers::on(plane)
        .namespace(&namespace)
        .script(Script::default());
    let controllers = start.start()?;
    let settings =
        json!({"minReplicas": 1, "maxReplicas": 4, "scaleMetric": "concurrency", "scaleTarget": 4});
    let mut service = isvc(&namespace, "bert", &json!({}), &settings);
    let requests = json!({"requests": {"cpu": "1"}});
    let mut transformer = settings;
    transformer["containers"] =
        json!([{"name": "kserve-container", "image": "t", "resources": requests}]);
    service["spec"]["transformer"] = transformer;
    controllers.running(plane, &service, 1)?;
    let ran = kscale(&to_hpa(&namespace, "60s")).on(plane).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for name in ["bert-predictor", "bert-transformer"] {
        let path = format!("/apis/serving.knative.dev/v1/namespaces/{namespace}/services/{name}");
        let routed = &plane.get(&path)?["status"]["traffic"][0]["revisionName"];
        assert_eq!(routed, &json!(format!("{name}-00002")));
    }
    Ok(controllers.stop()?)
}
