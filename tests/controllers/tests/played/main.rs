//! The controllers against a real API server.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that lints do not know as one: it has a main of its own"
)]

use std::process::ExitCode;
use std::sync::Arc;

use kscale_control_plane::{Binaries, ControlPlane};
use kscale_test_controllers::{Controllers, Script};
use libtest_mimic::{Arguments, Trial};
use serde_json::json;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let binaries = Binaries::find();
    let plane = binaries.as_ref().ok().map(|binaries| {
        let plane = ControlPlane::start(binaries).unwrap();
        plane.install_own_crds().unwrap();
        Arc::new(plane)
    });
    let one = plane.clone();
    let trials = vec![Trial::test("first", move || {
        let plane = one.unwrap();
        let namespace = plane.namespace().unwrap();
        let controllers = Controllers::on(&plane).namespace(&namespace).script(Script::default()).start().unwrap();
        let service = json!({
            "apiVersion": "serving.kserve.io/v1beta1",
            "kind": "InferenceService",
            "metadata": { "name": "bert", "namespace": namespace },
            "spec": { "predictor": { "maxReplicas": 8, "model": { "modelFormat": { "name": "sklearn" }, "storageUri": "s3://a" } } },
        });
        let begun = std::time::Instant::now();
        controllers.running(&plane, &service, 4).unwrap();
        eprintln!("running {:?}", begun.elapsed());
        let begun = std::time::Instant::now();
        plane.patch(&service, &json!({"metadata": {"annotations": {"autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev"}}, "spec": {"predictor": {"scaleMetric": "cpu", "scaleTarget": 75, "minReplicas": 2}}})).unwrap();
        controllers.settle("bert").unwrap();
        eprintln!("hpa {:?}", begun.elapsed());
        let begun = std::time::Instant::now();
        plane.patch(&service, &json!({"metadata": {"annotations": {"autoscaling.knative.dev/class": null}}, "spec": {"predictor": {"scaleMetric": null, "scaleTarget": 10}}})).unwrap();
        controllers.settle("bert").unwrap();
        eprintln!("kpa {:?}", begun.elapsed());
        controllers.stop().unwrap();
        Ok(())
    }).with_ignored_flag(plane.is_none())];
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(plane);
    conclusion.exit_code()
}
