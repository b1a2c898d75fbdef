//! Standard mode: what KServe leaves is deleted once the object is changed, and not before.

use kscale_control_plane::{ControlPlane, Error, Fault, FaultProxy, When};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::ground::{edits, rights_without, switch, switch_through};
use crate::plane::{Outcome, on_shared};
use crate::workloads::isvc;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("switch::deletes_what_stands_in_the_way", deletes),
        on_shared("switch::deletes_what_an_earlier_run_has_left", completes),
        on_shared("switch::needs_the_right_to_delete", deleting),
    ]
}

const TO_KEDA: [&str; 6] = [
    "isvc/bert",
    "--to",
    "keda",
    "--metric",
    "cpu",
    "--allow-findings",
];

/// Of KServe's HPA, with the Deployment and the HPA that KServe has made.
fn hpa(plane: &ControlPlane) -> Result<(String, Value, Value), Error> {
    let namespace = plane.namespace()?;
    let standard = json!({
        "serving.kserve.io/deploymentMode": "Standard",
        "serving.kserve.io/autoscalerClass": "hpa",
    });
    let predictor =
        json!({"minReplicas": 1, "maxReplicas": 4, "scaleMetric": "cpu", "scaleTarget": 70});
    let object = plane.create(&isvc(&namespace, "bert", &standard, &predictor))?;
    let owner = json!([{
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "name": "bert",
        "uid": object["metadata"]["uid"], "controller": true, "blockOwnerDeletion": true,
    }]);
    let metadata = json!({
        "name": "bert-predictor", "namespace": namespace, "ownerReferences": owner,
        "labels": {"serving.kserve.io/inferenceservice": "bert", "component": "predictor", "app": "isvc.bert-predictor"},
    });
    let labels = json!({"app": "isvc.bert-predictor"});
    plane.create(&json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{
                    "name": "kserve-container", "image": "a",
                    "resources": {"requests": {"cpu": "1", "memory": "2Gi"}},
                }]},
            },
        },
    }))?;
    let hpa = plane.create(&json!({
        "apiVersion": "autoscaling/v2beta2", "kind": "HorizontalPodAutoscaler", "metadata": metadata,
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "bert-predictor"},
            "minReplicas": 1, "maxReplicas": 4,
            "metrics": [{"type": "Resource", "resource": {
                "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70},
            }}],
        },
    }))?;
    Ok((namespace, object, hpa))
}

fn class(plane: &ControlPlane, object: &Value) -> Value {
    let there = plane.read(object).unwrap();
    there["metadata"]["annotations"]["serving.kserve.io/autoscalerClass"].clone()
}

fn deletes(plane: &ControlPlane) -> Outcome {
    let (namespace, object, hpa) = hpa(plane)?;
    let proxy = FaultProxy::before(plane)?;
    let ran = switch_through(&proxy, &namespace, &TO_KEDA);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(class(plane, &object), "keda");
    assert!(
        plane.read(&hpa).is_err(),
        "KEDA's webhook would deny while it is there"
    );
    let kept: Vec<_> = proxy
        .writes()
        .into_iter()
        .filter(|asked| {
            let tried = asked
                .body
                .as_ref()
                .is_some_and(|body| body["dryRun"][0] == "All");
            !tried && !asked.path.contains("dryRun=All") && !asked.path.contains("accessreviews")
        })
        .collect();
    let methods: Vec<&str> = kept.iter().map(|asked| asked.method.as_str()).collect();
    assert_eq!(
        methods,
        ["POST", "PATCH", "DELETE"],
        "recorded, changed, deleted"
    );
    let body = kept[2].body.clone().unwrap();
    assert_eq!(body["preconditions"]["uid"], hpa["metadata"]["uid"]);
    Ok(())
}

fn completes(plane: &ControlPlane) -> Outcome {
    let (namespace, object, hpa) = hpa(plane)?;
    let proxy = FaultProxy::before(plane)?;
    // Let through while it is only tried.
    let deletion = When::asked("DELETE", "/horizontalpodautoscalers/").after(1);
    proxy.inject(deletion, Fault::Status(403));
    let ran = switch_through(&proxy, &namespace, &TO_KEDA);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let told = ran.stderr.split("error: ").last().unwrap();
    insta::assert_snapshot!(told.replace(&namespace, "NS"), @"");
    assert_eq!(class(plane, &object), "keda");
    plane.read(&hpa)?;
    proxy.heal();
    proxy.forget();
    let ran = switch_through(&proxy, &namespace, &TO_KEDA);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(edits(&proxy), (0, 0), "it is so already");
    assert!(plane.read(&hpa).is_err(), "{}", ran.stdout);
    Ok(())
}

fn deleting(plane: &ControlPlane) -> Outcome {
    let (namespace, object, hpa) = hpa(plane)?;
    let user = plane.user()?;
    plane.grant(
        &user,
        None,
        &rights_without("delete horizontalpodautoscalers"),
    )?;
    let proxy = FaultProxy::before_as(plane, &user)?;
    let ran = switch_through(&proxy, &namespace, &TO_KEDA);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    insta::assert_snapshot!(ran.stderr.replace(&namespace, "NS"), @"
    error: nothing was changed: you may not delete horizontalpodautoscalers.autoscaling bert-predictor in namespace NS
    hint: what you may do is told by kubectl auth can-i --list -n NAMESPACE
    ");
    assert_eq!(edits(&proxy), (0, 0));
    assert_eq!(class(plane, &object), "hpa");
    plane.read(&hpa)?;
    assert_eq!(switch(plane, &namespace, &TO_KEDA).code, 0);
    Ok(())
}
