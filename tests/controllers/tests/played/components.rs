//! What is not a predictor alone: a service of two components, and a Knative Service of its own.

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::Script;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::changes::to_hpa;
use crate::plane::{Outcome, isvc, on_shared, play};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("components::both_are_switched", both),
        on_shared("components::a_knative_service_of_its_own_is_switched", own),
    ]
}

/// The latest ready revision of each Knative Service, with the pods of its Deployment.
fn newest(objects: &[Value]) -> Vec<(String, i64)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let services = objects.iter().filter(|one| one["kind"] == "Service");
    let mut all: Vec<(String, i64)> = services
        .map(|one| {
            let revision = text(&one["status"]["latestReadyRevisionName"]);
            let deployment = format!("{revision}-deployment");
            let pods = objects
                .iter()
                .find(|one| one["metadata"]["name"] == deployment.as_str());
            (
                revision,
                pods.and_then(|one| one["status"]["readyReplicas"].as_i64())
                    .unwrap_or(0),
            )
        })
        .collect();
    all.sort();
    all
}

fn both(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default())?;
    let mut service = isvc(&namespace, "two", &json!({}), &json!({ "maxReplicas": 4 }));
    service["spec"]["transformer"] =
        json!({ "maxReplicas": 4, "containers": [{ "name": "t", "image": "a" }] });
    controllers.running(plane, &service, 2)?;
    let of = |number: u32| {
        [
            (format!("two-predictor-0000{number}"), 2),
            (format!("two-transformer-0000{number}"), 2),
        ]
    };
    controllers.until("two", "has two pods of each", |objects| {
        newest(objects) == of(1)
    })?;
    let mut change = to_hpa();
    change["spec"]["transformer"] = change["spec"]["predictor"].clone();
    plane.patch(&service, &change)?;
    controllers.settle("two")?;
    controllers.until("two", "has two pods of each again", |objects| {
        newest(objects) == of(2)
    })?;
    Ok(())
}

fn own(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default())?;
    let service = json!({
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": { "name": "own", "namespace": namespace },
        "spec": { "template": { "spec": { "containers": [{ "name": "user-container", "image": "a" }] } } },
    });
    controllers.running(plane, &service, 3)?;
    controllers.until("own", "has three pods", |objects| {
        newest(objects) == [("own-00001".to_owned(), 3)]
    })?;
    // Without a metric, the API server makes it 80 % of the CPU; it starts with what ran before.
    let annotations = json!({
        "autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev",
        "autoscaling.knative.dev/initial-scale": "3",
        "autoscaling.knative.dev/max-scale": "5",
    });
    plane.patch(
        &service,
        &json!({ "spec": { "template": { "metadata": { "annotations": annotations } } } }),
    )?;
    controllers.settle("own")?;
    controllers.until("own", "has three pods of the new revision", |objects| {
        newest(objects) == [("own-00002".to_owned(), 3)]
    })?;
    Ok(())
}
