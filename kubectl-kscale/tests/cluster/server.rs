//! The harness itself: what the other tests build on is there.

use kscale_control_plane::{ControlPlane, shared};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::path::PathBuf;

use crate::plane::{Asking as _, Outcome, on_fresh, on_shared};
use crate::process::kscale;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("server::says_the_version_of_its_binary", says_its_version),
        on_shared("server::forbids_what_nobody_granted", forbids_by_rbac),
        on_shared("server::knows_a_user_by_certificate", knows_certificates),
        on_shared("server::is_asked_by_the_plugin", is_asked),
        on_shared("server::keeps_a_status_that_is_written", keeps_a_status),
        on_shared("server::shows_loaded_objects_as_recorded", loads_exactly),
        on_shared("server::lists_what_was_recorded", lists_loaded_objects),
        on_fresh("server::serves_a_whole_knative", serves_knative),
        on_fresh("server::serves_real_definitions", serves_real_ones),
        on_fresh("server::serves_a_small_knative", serves_small_knative),
        on_fresh("server::begins_empty", begins_empty),
    ]
}

fn says_its_version(plane: &ControlPlane) -> Outcome {
    let (major, minor) = plane.version();
    let said = plane.get("/version")?;
    assert_eq!(said["major"], major.to_string());
    let said = said["minor"].as_str().unwrap_or_default().to_owned();
    assert_eq!(said.trim_end_matches('+'), minor.to_string());
    let Some(output) = plane.kubectl(&["version", "-o", "json"])? else {
        return Ok(());
    };
    let said: Value = serde_json::from_slice(&output.stdout)?;
    assert_eq!(said["serverVersion"]["major"], major.to_string());
    Ok(())
}

fn forbids_by_rbac(plane: &ControlPlane) -> Outcome {
    let (user, namespace) = (plane.user()?, plane.namespace()?);
    let asking = plane.client_of(&user)?;
    let pods = format!("/api/v1/namespaces/{namespace}/pods");
    let answer = asking.send("GET", &pods, "", None)?;
    assert_eq!(answer.status, 403, "{}", answer.body);
    let rules = [json!({ "apiGroups": [""], "resources": ["pods"], "verbs": ["list"] })];
    plane.grant(&user, Some(&namespace), &rules)?;
    asking.get(&pods)?;
    let elsewhere = asking.send("GET", "/api/v1/namespaces/default/pods", "", None)?;
    assert_eq!(elsewhere.status, 403, "granted in one namespace only");
    Ok(())
}

fn knows_certificates(plane: &ControlPlane) -> Outcome {
    let file = plane.kubeconfig_by_certificate("grace", Some("system:masters"))?;
    let file = file.to_string_lossy();
    let Some(output) =
        plane.kubectl(&["--kubeconfig", &file, "get", "namespaces", "-o", "name"])?
    else {
        return Ok(());
    };
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stdout.contains("namespace/default"), "{stderr}");
    Ok(())
}

fn isvc(namespace: &str) -> Value {
    json!({
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": { "name": "bert", "namespace": namespace },
        "spec": { "predictor": { "model": {
            "modelFormat": { "name": "sklearn" },
            "storageUri": "s3://models/bert",
        } } },
    })
}

fn is_asked(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    plane.create(&isvc(&namespace))?;
    let ran = kscale(&["explain", "isvc/bert", "-n", &namespace])
        .on(plane)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("bert"), "{}", ran.stdout);
    let stranger = plane.kubeconfig_of(&plane.user()?)?;
    let ran = kscale(&["explain", "isvc/bert", "-n", &namespace])
        .with_kubeconfig(&stranger)
        .run();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    Ok(())
}

fn keeps_a_status(plane: &ControlPlane) -> Outcome {
    let mut object = isvc(&plane.namespace()?);
    object["status"] = json!({ "url": "http://bert.example.com" });
    let created = plane.create(&object)?;
    assert!(created["status"]["url"].is_null(), "a status comes later");
    plane.replace_status(&object)?;
    assert_eq!(plane.read(&object)?["status"], object["status"]);
    Ok(())
}

fn loads_exactly(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let mut object = isvc(&namespace);
    object["metadata"]["uid"] = "11111111-2222-4333-8444-555555555555".into();
    object["metadata"]["generation"] = 7.into();
    object["metadata"]["creationTimestamp"] = "2026-11-22T11:19:17Z".into();
    object["metadata"]["resourceVersion"] = "3154".into();
    object["status"] = json!({ "observedGeneration": 6 });
    let deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "bert", "namespace": namespace, "generation": 3 },
        "spec": {
            "selector": { "matchLabels": { "app": "bert" } },
            "template": {
                "metadata": { "labels": { "app": "bert" } },
                "spec": { "containers": [{ "name": "a", "image": "b" }] },
            },
        },
        "status": { "observedGeneration": 2, "readyReplicas": 1, "replicas": 1 },
    });
    plane.load(&[object.clone(), deployment.clone()])?;
    let read = plane.read(&object)?;
    for key in ["uid", "generation", "creationTimestamp"] {
        assert_eq!(read["metadata"][key], object["metadata"][key], "{key}");
    }
    assert_eq!(read["status"], object["status"]);
    assert_ne!(read["metadata"]["resourceVersion"], "3154");
    let read = plane.read(&deployment)?;
    assert_eq!(read["status"], deployment["status"]);
    assert_eq!(read["metadata"]["generation"], 3);
    // From here on it is an object as any other.
    plane.patch(&deployment, &json!({ "spec": { "replicas": 2 } }))?;
    assert_eq!(plane.read(&deployment)?["metadata"]["generation"], 4);
    plane.delete(&deployment)?;
    assert!(plane.read(&deployment).is_err());
    Ok(())
}

/// Every step of every recording that is at hand, each into a namespace of its own: the API server lists what was recorded.
fn lists_loaded_objects(plane: &ControlPlane) -> Outcome {
    const LISTED: [(&str, &str); 6] = [
        (
            "InferenceService",
            "serving.kserve.io/v1beta1/{ns}/inferenceservices",
        ),
        ("Revision", "serving.knative.dev/v1/{ns}/revisions"),
        (
            "PodAutoscaler",
            "autoscaling.internal.knative.dev/v1alpha1/{ns}/podautoscalers",
        ),
        (
            "HorizontalPodAutoscaler",
            "autoscaling/v1/{ns}/horizontalpodautoscalers",
        ),
        ("Deployment", "apps/v1/{ns}/deployments"),
        ("EndpointSlice", "discovery.k8s.io/{v}/{ns}/endpointslices"),
    ];
    let slices = if plane.version() >= (1, 21) {
        "v1"
    } else {
        "v1beta1"
    };
    for step in recorded_steps()? {
        let objects = kscale_control_plane::documents(&step)?;
        let namespace = plane.namespace()?;
        plane.load_into(Some(&namespace), &objects)?;
        for (kind, path) in LISTED {
            let within = format!("namespaces/{namespace}");
            let path = path.replace("{ns}", &within).replace("{v}", slices);
            let list = plane.get(&format!("/apis/{path}"))?;
            let recorded = objects.iter().filter(|object| object["kind"] == kind);
            let listed = list["items"].as_array().map_or(0, Vec::len);
            assert_eq!(listed, recorded.count(), "{kind} of {}", step.display());
        }
    }
    Ok(())
}

fn recorded_steps() -> Result<Vec<PathBuf>, std::io::Error> {
    let Some(shared) = shared() else {
        return Ok(Vec::new());
    };
    let mut steps = Vec::new();
    for recording in std::fs::read_dir(shared.join("recordings"))? {
        let recording = recording?.path();
        if recording.is_dir() {
            for step in std::fs::read_dir(recording)? {
                steps.push(step?.path());
            }
        }
    }
    let is_step = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("step-") && name.ends_with(".yaml")
    };
    steps.retain(is_step);
    steps.sort();
    Ok(steps)
}

fn serves_knative(plane: &ControlPlane) -> Outcome {
    if !plane.install_knative()? {
        return Ok(());
    }
    let path = "/apis/apps/v1/namespaces/knative-serving/deployments/controller";
    assert_eq!(plane.get(path)?["status"]["availableReplicas"], 1);
    plane.get("/api/v1/namespaces/knative-serving/configmaps/config-autoscaler")?;
    Ok(())
}

fn serves_real_ones(plane: &ControlPlane) -> Outcome {
    plane.install_crds()?;
    let mut object = isvc(&plane.namespace()?);
    object["spec"]["predictor"]["noSuchField"] = 1.into();
    let created = plane.create(&object)?;
    // The real definition prunes what it does not know; the project's own keeps it.
    let pruned = created["spec"]["predictor"]["noSuchField"].is_null();
    assert_eq!(pruned, shared().is_some());
    let graphs = "/apis/serving.kserve.io/v1alpha1/inferencegraphs";
    assert_eq!(plane.get(graphs)?["items"], json!([]));
    Ok(())
}

fn serves_small_knative(plane: &ControlPlane) -> Outcome {
    plane.install_small_knative("1.12.4")?;
    plane.install_metrics_api("metrics.k8s.io")?;
    let path = "/apis/apps/v1/namespaces/knative-serving/deployments/controller";
    let controller = plane.get(path)?;
    let labels = &controller["metadata"]["labels"];
    assert_eq!(labels["app.kubernetes.io/version"], "1.12.4");
    assert_eq!(controller["status"]["availableReplicas"], 1);
    let pods = "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods";
    assert_eq!(plane.get(pods)?["kind"], "PodMetricsList");
    Ok(())
}

fn begins_empty(plane: &ControlPlane) -> Outcome {
    let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    let list = plane.get(path)?;
    assert_eq!(list["items"], json!([]));
    Ok(())
}
