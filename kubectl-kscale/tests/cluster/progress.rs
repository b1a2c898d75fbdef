//! What happens after the edit: watched until the new autoscaler has taken over, or told why it does not.

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::{Controllers, Pods, Script};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::plane::{Asking as _, Outcome, on_shared};
use crate::process::{Ran, kscale};
use crate::workloads::isvc;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("progress::there_and_back_again", there_and_back_again),
        on_shared("progress::an_image_that_cannot_be_pulled", no_image),
    ]
}

/// A service that four pods serve.
fn running(
    plane: &ControlPlane,
    namespace: &str,
    script: Script,
) -> Result<Controllers, Box<dyn std::error::Error>> {
    let controllers = Controllers::on(plane)
        .namespace(namespace)
        .script(script)
        .start()?;
    let settings =
        json!({"minReplicas": 1, "maxReplicas": 8, "scaleMetric": "concurrency", "scaleTarget": 4});
    controllers.running(plane, &isvc(namespace, "bert", &json!({}), &settings), 4)?;
    Ok(controllers)
}

fn switch(plane: &ControlPlane, namespace: &str, arguments: &[&str]) -> Ran {
    let all = [
        &[
            "switch",
            "isvc/bert",
            "-y",
            "--allow-findings",
            "-n",
            namespace,
        ],
        arguments,
    ]
    .concat();
    kscale(&all).on(plane).run()
}

fn there_and_back_again(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default())?;
    let ran = switch(plane, &namespace, &["--to", "hpa"]);
    eprintln!("{} {}\n{}", ran.code, ran.stdout, ran.stderr);
    let ran = switch(
        plane,
        &namespace,
        &["--to", "kpa", "--target", "4", "--cleanup"],
    );
    eprintln!("{} {}\n{}", ran.code, ran.stdout, ran.stderr);
    let _ = Value::Null;
    controllers.stop()?;
    Ok(())
}

fn no_image(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default())?;
    controllers.change(|script| script.pods = Pods::ImagePull);
    let ran = switch(plane, &namespace, &["--to", "hpa", "--timeout", "5s"]);
    eprintln!("{} {}\n{}", ran.code, ran.stdout, ran.stderr);
    controllers.stop()?;
    Ok(())
}
