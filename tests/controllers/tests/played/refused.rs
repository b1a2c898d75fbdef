//! What is refused, and by whom.

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::Script;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::plane::{Outcome, isvc, on_shared, play};
use crate::steps::hold;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("refused::hpa_by_the_api_server", hpa),
        on_shared(
            "refused::what_the_controllers_make_fails_the_test",
            controllers_fail,
        ),
        on_shared("refused::new_service_by_knative", new_service),
        on_shared(
            "refused::change_by_knative_leaves_the_service_as_it_is",
            change,
        ),
    ]
}

fn hpa(plane: &ControlPlane) -> Outcome {
    let (namespace, _controllers) = play(plane, Script::default())?;
    let annotations = json!({
        "autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev",
        "autoscaling.knative.dev/metric": "memory",
        "autoscaling.knative.dev/target": "0.5",
    });
    let spec = json!({ "minReplicas": 1, "maxReplicas": 4 });
    plane.create(&isvc(&namespace, "avgzero", &annotations, &spec))?;
    hold(plane, &namespace, "08-hpa-refused-by-apiserver/step-2")?;
    let events = plane.get(&format!("/api/v1/namespaces/{namespace}/events"))?;
    let said = "failed to create HPA: HorizontalPodAutoscaler.autoscaling \"avgzero-predictor-00001\" is invalid: \
                spec.metrics[0].resource.target.averageValue: Invalid value: resource.Quantity";
    let told = |one: &Value| {
        one["message"]
            .as_str()
            .is_some_and(|text| text.starts_with(&said[..120]))
    };
    let all: Vec<&Value> = events["items"].as_array().into_iter().flatten().collect();
    if all.iter().any(|one| told(one)) {
        Ok(())
    } else {
        Err(format!("no event tells the cause: {all:#?}").into())
    }
}

fn cpu() -> Value {
    json!({ "autoscaling.knative.dev/metric": "cpu", "autoscaling.knative.dev/target": "75" })
}

fn new_service(plane: &ControlPlane) -> Outcome {
    let (namespace, _controllers) = play(plane, Script::default())?;
    let spec = json!({ "minReplicas": 1, "maxReplicas": 4 });
    plane.create(&isvc(&namespace, "kpa-cpu", &cpu(), &spec))?;
    hold(plane, &namespace, "09-ksvc-refused-by-webhook/step-1")
}

fn change(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default())?;
    let spec = json!({ "minReplicas": 1, "maxReplicas": 4 });
    let service = isvc(&namespace, "live", &json!({}), &spec);
    plane.create(&service)?;
    controllers.settle("live")?;
    plane.patch(&service, &json!({ "metadata": { "annotations": cpu() } }))?;
    crate::steps::hold_of(
        plane,
        &namespace,
        "09-ksvc-refused-by-webhook/step-3",
        "live",
    )?;
    let message = &plane.read(&service)?["status"]["conditions"];
    let text = "fails to reconcile predictor: fails to reconcile knative service: admission webhook \
                \\\"validation.webhook.serving.knative.dev\\\" denied the request: validation failed: invalid value: cpu: \
                spec.template.metadata.annotations.autoscaling.knative.dev/metric";
    assert!(message.to_string().contains(text), "{message:#}");
    Ok(())
}

/// Nothing here waits for ever: a controller that cannot go on says so, and ends the test.
fn controllers_fail(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default())?;
    let standard = json!({ "serving.kserve.io/deploymentMode": "Standard" });
    let mut service = isvc(&namespace, "bad", &standard, &json!({}));
    service["spec"]["predictor"] = json!({ "containers": [{ "name": "No_Name", "image": "a" }] });
    plane.create(&service)?;
    let error = controllers.settle("bad").unwrap_err().to_string();
    assert!(
        error.starts_with("a controller failed: the Deployment bad-predictor: "),
        "{error}"
    );
    assert_eq!(controllers.stop().unwrap_err().to_string(), error);
    Ok(())
}
