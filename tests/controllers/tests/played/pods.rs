//! Pods that do not get ready, and what the Revision says of them.

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::{Pods, Script};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::changes::to_hpa;
use crate::plane::{Outcome, isvc, on_shared, play};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("pods::unschedulable", |plane| {
            let said = "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.";
            fails(
                plane,
                &Pods::Unschedulable(said.to_owned()),
                ("ResourcesAvailable", "False", "Unschedulable"),
            )
        }),
        on_shared("pods::crash", |plane| {
            fails(
                plane,
                &Pods::Crash("no model".to_owned()),
                ("ContainerHealthy", "False", "ExitCode1"),
            )
        }),
        on_shared("pods::quota", |plane| {
            fails(
                plane,
                &Pods::Quota,
                ("ResourcesAvailable", "False", "FailedCreate"),
            )
        }),
        on_shared("pods::image", |plane| {
            fails(
                plane,
                &Pods::ImagePull,
                ("ResourcesAvailable", "Unknown", "Deploying"),
            )
        }),
        on_shared("pods::starting", |plane| {
            fails(
                plane,
                &Pods::Starting,
                ("ContainerHealthy", "Unknown", "Deploying"),
            )
        }),
    ]
}

/// Four pods of an old revision serve on, whatever becomes of those of the new one.
fn fails(plane: &ControlPlane, pods: &Pods, (kind, status, reason): (&str, &str, &str)) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default())?;
    let service = isvc(&namespace, "bert", &json!({}), &json!({ "maxReplicas": 8 }));
    controllers.running(plane, &service, 4)?;
    controllers.change(|script| script.pods = pods.clone());
    plane.patch(&service, &to_hpa())?;
    let name = |one: &Value| {
        one["metadata"]["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    controllers.until("bert", "says why", |objects| {
        let new = objects
            .iter()
            .find(|one| one["kind"] == "Revision" && name(one) == "bert-predictor-00002");
        let conditions = new.and_then(|one| one["status"]["conditions"].as_array());
        conditions.is_some_and(|all| {
            all.iter().any(|one| {
                one["type"] == kind && one["status"] == status && one["reason"] == reason
            })
        })
    })?;
    if *pods == Pods::ImagePull {
        controllers.until("bert", "waits for an image", |objects| {
            let waits = |one: &Value| one["status"].to_string().contains("ImagePullBackOff");
            objects.iter().any(|one| one["kind"] == "Pod" && waits(one))
        })?;
    }
    controllers.until("bert", "serves as before", |objects| {
        let old = |one: &&Value| name(one) == "bert-predictor-00001-deployment";
        let route = |one: &&Value| one["kind"] == "Route";
        objects
            .iter()
            .find(old)
            .is_some_and(|one| one["status"]["readyReplicas"] == 4)
            && objects.iter().find(route).is_some_and(|one| {
                one["status"]["traffic"][0]["revisionName"] == "bert-predictor-00001"
            })
    })?;
    Ok(())
}
