//! What is left behind, and what goes with its owner.

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::Script;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::changes::to_kpa;
use crate::plane::{Outcome, hpa_class, isvc, on_shared, play};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared(
            "leftovers::an_old_hpa_revision_stays_until_it_is_deleted",
            stays,
        ),
        on_shared("leftovers::everything_goes_with_the_service", all_goes),
    ]
}

/// What there is of a revision, by kinds.
fn of(objects: &[Value], revision: &str) -> Vec<String> {
    let of_revision = |one: &&Value| {
        one["metadata"]["name"]
            .as_str()
            .is_some_and(|name| name.starts_with(revision))
    };
    let mut kinds: Vec<String> = objects
        .iter()
        .filter(of_revision)
        .map(|one| one["kind"].as_str().unwrap_or_default().to_owned())
        .collect();
    kinds.sort();
    kinds
}

fn stays(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default())?;
    let spec = json!({ "maxReplicas": 4, "scaleMetric": "cpu", "scaleTarget": 75 });
    let service = isvc(&namespace, "bert", &hpa_class(), &spec);
    plane.create(&service)?;
    controllers.settle("bert")?;
    plane.patch(&service, &to_kpa())?;
    controllers.settle("bert")?;
    let old = "bert-predictor-00001";
    let all = [
        "Deployment",
        "HorizontalPodAutoscaler",
        "Pod",
        "PodAutoscaler",
        "ReplicaSet",
        "Revision",
        "ServerlessService",
    ];
    controllers.until("bert", "holds its old revision with one pod", |objects| {
        of(objects, old) == all
    })?;
    let revision = json!({
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Revision",
        "metadata": { "name": old, "namespace": namespace },
    });
    plane.delete(&revision)?;
    controllers.until("bert", "has nothing of its old revision", |objects| {
        of(objects, old).is_empty()
    })?;
    controllers.settle("bert")?;
    Ok(())
}

fn all_goes(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default())?;
    let service = isvc(&namespace, "bert", &json!({}), &json!({ "maxReplicas": 4 }));
    controllers.running(plane, &service, 2)?;
    plane.delete(&service)?;
    controllers.until("bert", "is gone with all that it had", <[Value]>::is_empty)?;
    Ok(())
}
