//! Standard mode: what each class has, and what a change of class leaves.

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::Script;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::plane::{Outcome, isvc, on_shared, play};
use crate::steps::hold;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("standard::as_recorded", as_recorded),
        on_shared("standard::class_none_deletes_the_hpa", none),
        on_shared("standard::keda_is_denied_until_the_hpa_is_deleted", keda),
    ]
}

fn annotations(class: Option<&str>) -> Value {
    let mut all = json!({ "serving.kserve.io/deploymentMode": "Standard" });
    if let Some(class) = class {
        all["serving.kserve.io/autoscalerClass"] = class.into();
    }
    all
}

fn as_recorded(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default().without_metrics())?;
    let cpu = json!({ "minReplicas": 1, "scaleMetric": "cpu", "scaleTarget": 75 });
    plane.create_all(&[
        isvc(&namespace, "raw", &annotations(None), &cpu),
        isvc(&namespace, "raw-bare", &annotations(None), &json!({})),
        isvc(
            &namespace,
            "raw-none",
            &annotations(Some("none")),
            &json!({ "minReplicas": 2 }),
        ),
    ])?;
    for name in ["raw", "raw-bare", "raw-none"] {
        controllers.settle(name)?;
    }
    hold(plane, &namespace, "12-standard-mode/step-2")
}

fn running(
    plane: &ControlPlane,
) -> Result<(String, kscale_test_controllers::Controllers, Value), Box<dyn std::error::Error>> {
    let (namespace, controllers) = play(plane, Script::default())?;
    // Under KEDA, KServe looks at nothing but this.
    let target = json!({ "type": "Utilization", "averageUtilization": 75 });
    let metric = json!({ "type": "Resource", "resource": { "name": "cpu", "target": target } });
    let spec =
        json!({ "minReplicas": 1, "maxReplicas": 5, "autoScaling": { "metrics": [metric] } });
    let service = isvc(&namespace, "raw", &annotations(None), &spec);
    controllers.running(plane, &service, 3)?;
    controllers.until("raw", "has three pods", |objects| {
        objects
            .iter()
            .any(|one| one["kind"] == "Deployment" && one["status"]["readyReplicas"] == 3)
    })?;
    Ok((namespace, controllers, service))
}

/// The names of what scales.
fn scalers(objects: &[Value]) -> Vec<String> {
    let kinds = ["HorizontalPodAutoscaler", "ScaledObject"];
    let of_kind = objects
        .iter()
        .filter(|one| kinds.iter().any(|kind| one["kind"] == *kind));
    let mut names: Vec<String> = of_kind
        .map(|one| {
            format!(
                "{} {}",
                one["kind"].as_str().unwrap_or_default(),
                one["metadata"]["name"].as_str().unwrap_or_default()
            )
        })
        .collect();
    names.sort();
    names
}

fn none(plane: &ControlPlane) -> Outcome {
    let (_, controllers, service) = running(plane)?;
    controllers.until("raw", "has an HPA", |objects| {
        scalers(objects) == ["HorizontalPodAutoscaler raw-predictor"]
    })?;
    plane.patch(
        &service,
        &json!({ "metadata": { "annotations": annotations(Some("none")) } }),
    )?;
    controllers.settle("raw")?;
    controllers.until(
        "raw",
        "has no HPA, and as many pods as it must have",
        |objects| {
            let replicas =
                |one: &&Value| one["kind"] == "Deployment" && one["spec"]["replicas"] == 1;
            scalers(objects).is_empty() && objects.iter().filter(replicas).count() == 1
        },
    )?;
    Ok(())
}

fn keda(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers, service) = running(plane)?;
    plane.patch(
        &service,
        &json!({ "metadata": { "annotations": annotations(Some("keda")) } }),
    )?;
    let denied = "fails to reconcile predictor: admission webhook \"vscaledobject.kb.io\" denied the request: the workload \
                  'raw-predictor' of type 'apps/v1.Deployment' is already managed by the hpa 'raw-predictor'";
    controllers.until("raw", "is denied by KEDA", |objects| {
        let says = |one: &Value| one["message"] == denied && one["reason"] == "ReconcileFailed";
        let conditions = objects
            .iter()
            .filter(|one| one["kind"] == "InferenceService")
            .filter_map(|one| one["status"]["conditions"].as_array());
        scalers(objects) == ["HorizontalPodAutoscaler raw-predictor"]
            && conditions.flatten().any(says)
    })?;
    let hpa = json!({
        "apiVersion": "autoscaling/v2beta2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": { "name": "raw-predictor", "namespace": namespace },
    });
    plane.delete(&hpa)?;
    controllers.settle("raw")?;
    controllers.until("raw", "is scaled by KEDA", |objects| {
        scalers(objects)
            == [
                "HorizontalPodAutoscaler keda-hpa-raw-predictor",
                "ScaledObject raw-predictor",
            ]
    })?;
    // Back again: KServe leaves the ScaledObject, and KEDA's own HPA goes with it alone.
    plane.patch(
        &service,
        &json!({ "metadata": { "annotations": annotations(Some("hpa")) } }),
    )?;
    controllers.until("raw", "is scaled by both", |objects| {
        scalers(objects).len() == 3
    })?;
    let scaled = json!({
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": { "name": "raw-predictor", "namespace": namespace },
    });
    plane.delete(&scaled)?;
    controllers.until("raw", "has KServe's HPA alone", |objects| {
        scalers(objects) == ["HorizontalPodAutoscaler raw-predictor"]
    })?;
    Ok(())
}
