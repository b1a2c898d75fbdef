//! Webhooks, asked by the API server itself.

use std::time::Duration;

use kscale_control_plane::{Answer, ControlPlane, Error};
use kscale_test_controllers::{Hook, Script, Webhooks};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::plane::{Outcome, isvc, on_shared, play};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared(
            "webhooks::answer_dry_runs_as_kserve_and_knative_do",
            answers,
        ),
        on_shared("webhooks::keda_refuses_to_share", shares),
        on_shared("webhooks::deny_are_down_and_are_slow", misbehave),
        on_shared("webhooks::let_the_controllers_through", through),
    ]
}

const ISVC: &str = "serving.kserve.io/v1beta1";

fn dry(plane: &ControlPlane, object: &Value) -> Result<Answer, Error> {
    let path = plane.path(object)?;
    let list = path.rsplit_once('/').map_or("", |(list, _)| list);
    plane.client().send(
        "POST",
        &format!("{list}?dryRun=All"),
        "application/json",
        Some(object),
    )
}

fn refused(answer: &Answer, text: &str) {
    let said = answer.body["message"].as_str().unwrap_or_default();
    assert!(
        answer.status >= 400 && said.contains(text),
        "{} {said}",
        answer.status
    );
}

fn answers(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let webhooks = Webhooks::of(plane, &namespace)?;
    let cpu = isvc(
        &namespace,
        "a",
        &json!({}),
        &json!({ "scaleMetric": "cpu", "scaleTarget": 75 }),
    );
    refused(
        &dry(plane, &cpu)?,
        "admission webhook \"inferenceservice.kserve-webhook-server.validator\" denied the request: ",
    );
    let right = isvc(&namespace, "a", &json!({}), &json!({ "maxReplicas": 2 }));
    assert_eq!(dry(plane, &right)?.status, 201);
    let service = json!({
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": { "name": "b", "namespace": namespace },
        "spec": { "template": {
            "metadata": { "annotations": { "autoscaling.knative.dev/metric": "cpu" } },
            "spec": { "containers": [{ "image": "a" }] },
        } },
    });
    refused(
        &dry(plane, &service)?,
        "admission webhook \"validation.webhook.serving.knative.dev\" denied the request: validation failed: invalid value: \
         cpu: spec.template.metadata.annotations.autoscaling.knative.dev/metric",
    );
    let asked = webhooks.asked();
    assert!(asked.iter().all(|one| one.dry_run), "{asked:?}");
    let hooks: Vec<Hook> = asked.iter().map(|one| one.hook).collect();
    assert_eq!(
        hooks,
        [
            Hook::KserveDefault,
            Hook::Kserve,
            Hook::KserveDefault,
            Hook::Kserve,
            Hook::Knative
        ]
    );
    Ok(())
}

fn shares(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let _webhooks = Webhooks::of(plane, &namespace)?;
    let target = json!({ "apiVersion": "apps/v1", "kind": "Deployment", "name": "a" });
    plane.create(&json!({
        "apiVersion": "autoscaling/v2beta2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": { "name": "mine", "namespace": namespace },
        "spec": { "maxReplicas": 2, "scaleTargetRef": target },
    }))?;
    let scaled = json!({
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": { "name": "a", "namespace": namespace },
        "spec": { "scaleTargetRef": { "name": "a" } },
    });
    refused(
        &dry(plane, &scaled)?,
        "admission webhook \"vscaledobject.kb.io\" denied the request: the workload 'a' of type 'apps/v1.Deployment' is already \
         managed by the hpa 'mine'",
    );
    Ok(())
}

fn misbehave(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let webhooks = Webhooks::of(plane, &namespace)?;
    let service = isvc(&namespace, "a", &json!({}), &json!({ "maxReplicas": 2 }));
    webhooks.deny(Hook::Kserve, Some("not today"));
    refused(&dry(plane, &service)?, "denied the request: not today");
    webhooks.deny(Hook::Kserve, None);
    webhooks.down(Hook::Kserve, true);
    refused(
        &dry(plane, &service)?,
        "failed calling webhook \"inferenceservice.kserve-webhook-server.validator\"",
    );
    webhooks.down(Hook::Kserve, false);
    webhooks.slow(Duration::from_millis(50));
    assert_eq!(dry(plane, &service)?.status, 201);
    Ok(())
}

fn through(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default())?;
    let webhooks = Webhooks::of(plane, &namespace)?;
    let service = isvc(&namespace, "a", &json!({}), &json!({ "maxReplicas": 2 }));
    assert_eq!(service["apiVersion"], ISVC);
    controllers.running(plane, &service, 2)?;
    let asked = webhooks.asked();
    assert!(
        asked
            .iter()
            .any(|one| one.hook == Hook::Knative && one.name == "a-predictor"),
        "{asked:?}"
    );
    Ok(())
}
