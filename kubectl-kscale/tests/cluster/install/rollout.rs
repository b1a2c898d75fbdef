//! Waiting for the extension: until it is available, or with the reasons why not.

use std::thread;
use std::time::Duration;

use kscale_control_plane::ControlPlane;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::ground::{HPA, autoscaler, deployment, installing, knative};
use crate::plane::{Asking, Outcome, on_shared};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("install::waits_until_it_is_available", waits),
        on_shared("install::says_why_pods_do_not_start", reasons),
        on_shared("install::says_why_no_pod_is_made", no_pods),
        on_shared("install::waits_again_for_what_did_not_come_up", waits_again),
    ]
}

/// A pod of the extension, with a status.
fn pod(plane: &ControlPlane, namespace: &str, name: &str, status: Value) -> Outcome {
    let mut pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": "autoscaler-hpa"}},
        "spec": {"containers": [{"name": "autoscaler-hpa", "image": "a"}]},
    });
    plane.create(&pod)?;
    pod["status"] = status;
    plane.replace_status(&pod)?;
    Ok(())
}

fn waits(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let models = plane.namespace()?;
    plane.create(&autoscaler(&models, "bert", HPA))?;
    plane.create(&autoscaler(&models, "other", "kpa.autoscaling.knative.dev"))?;
    let run = installing(&namespace, &["-y"]).on(plane);
    let running = thread::spawn(move || run.run());
    while plane.read(&deployment(&namespace)).is_err() {
        assert!(
            !running.is_finished(),
            "it ended without installing anything"
        );
        thread::sleep(Duration::from_millis(20));
    }
    plane.make_available(&namespace, "autoscaler-hpa")?;
    let ran = running.join().unwrap();
    assert_eq!((ran.stderr.as_str(), ran.code), ("", 0), "{}", ran.stdout);
    let (_, end) = ran
        .stdout
        .split_once("autoscaler-hpa 1.23.0 is available.\n")
        .unwrap();
    assert!(end.starts_with("These were stuck without it"), "{end}");
    assert!(
        end.contains(&format!(
            "\n  InferenceService bert in namespace {models}\n"
        )),
        "{end}"
    );
    assert!(!end.contains("InferenceService other"), "{end}");
    Ok(())
}

fn reasons(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let waiting = |reason: &str, message: &str| {
        json!({"containerStatuses": [{
            "name": "autoscaler-hpa", "image": "a", "imageID": "", "ready": false, "restartCount": 0,
            "state": {"waiting": {"reason": reason, "message": message}},
            "lastState": {},
        }]})
    };
    pod(
        plane,
        &namespace,
        "a",
        waiting("ImagePullBackOff", "Back-off pulling image \"a\""),
    )?;
    let mut crashing = waiting(
        "CrashLoopBackOff",
        "back-off 5m0s restarting failed container",
    );
    crashing["containerStatuses"][0]["lastState"] = json!({"terminated": {"exitCode": 1, "reason": "Error", "message": "Version check failed\n"}});
    pod(plane, &namespace, "b", crashing)?;
    let unscheduled = json!({"phase": "Pending", "conditions": [{
        "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
        "message": "0/3 nodes are available: 3 Insufficient cpu.",
    }]});
    pod(plane, &namespace, "c", unscheduled)?;
    pod(plane, &namespace, "d", waiting("ContainerCreating", ""))?;
    let ran = installing(&namespace, &["-y", "--timeout=1s"])
        .on(plane)
        .run();
    assert_eq!(ran.code, 4);
    insta::assert_snapshot!(ran.stderr.replace(&namespace, "NAMESPACE"), @r#"
    error: autoscaler-hpa was applied, and is not available after 1 s: the Deployment controller has not looked at it yet
    hint: pod a: ImagePullBackOff: Back-off pulling image "a"
    hint: pod b: CrashLoopBackOff: back-off 5m0s restarting failed container; it ended last with exit code 1, Error: Version check failed
    hint: pod c: Unschedulable: 0/3 nodes are available: 3 Insufficient cpu.
    hint: see kubectl -n NAMESPACE describe deployment,pods -l app=autoscaler-hpa; once it is mended, install again waits again
    "#);
    Ok(())
}

fn no_pods(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let arguments = ["-y", "--wait=false"];
    assert_eq!(installing(&namespace, &arguments).on(plane).run().code, 0);
    let mut object = plane.read(&deployment(&namespace))?;
    object["status"] = json!({
        "observedGeneration": object["metadata"]["generation"],
        "conditions": [
            {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "pods \"autoscaler-hpa-1\" is forbidden: exceeded quota"},
            {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "ReplicaSet \"autoscaler-hpa-1\" has timed out progressing."},
        ],
    });
    plane.replace_status(&object)?;
    // Its own deadline has passed: there is nothing to wait for.
    let ran = installing(&namespace, &["-y", "--timeout=1h"])
        .on(plane)
        .run();
    assert_eq!(ran.code, 4);
    insta::assert_snapshot!(ran.stderr.replace(&namespace, "NAMESPACE"), @r#"
    error: autoscaler-hpa was applied, and does not come up: ReplicaSet "autoscaler-hpa-1" has timed out progressing.
    hint: Deployment autoscaler-hpa: FailedCreate: pods "autoscaler-hpa-1" is forbidden: exceeded quota
    hint: see kubectl -n NAMESPACE describe deployment,pods -l app=autoscaler-hpa; once it is mended, install again waits again
    "#);
    Ok(())
}

fn waits_again(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let ran = installing(&namespace, &["-y", "--timeout=0s"])
        .on(plane)
        .run();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    let ran = installing(&namespace, &["-y", "--timeout=0s"])
        .on(plane)
        .run();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(
        ran.stdout
            .ends_with("is already installed; nothing was changed.\n"),
        "{}",
        ran.stdout
    );
    plane.make_available(&namespace, "autoscaler-hpa")?;
    let ran = installing(&namespace, &["-y", "--timeout=0s"])
        .on(plane)
        .run();
    assert_eq!((ran.stderr.as_str(), ran.code), ("", 0));
    Ok(())
}
