//! A Knative Serving to install into, and how it is done.

use std::path::Path;

use kscale_control_plane::{ControlPlane, Error, FaultProxy};
use serde_json::{Value, json};

use crate::plane::Asking;
use crate::process::{Ran, Run, kscale};

pub(super) const LABEL: &str = "app.kubernetes.io/version";

const CONFIG_MAPS: [&str; 6] = [
    "config-autoscaler",
    "config-deployment",
    "config-leader-election",
    "config-logging",
    "config-network",
    "config-observability",
];

/// A namespace with a Knative Serving of `version` in it.
pub(super) fn knative(plane: &ControlPlane, version: &str) -> Result<String, Error> {
    let namespace = plane.namespace()?;
    fill(plane, &namespace, version)?;
    Ok(namespace)
}

/// Puts a Knative Serving of `version` into a namespace that is there.
pub(super) fn fill(plane: &ControlPlane, namespace: &str, version: &str) -> Result<(), Error> {
    let account = json!({
        "apiVersion": "v1", "kind": "ServiceAccount",
        "metadata": {"name": "controller", "namespace": namespace},
    });
    plane.create(&account)?;
    for name in CONFIG_MAPS {
        plane.create(&json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": name, "namespace": namespace},
        }))?;
    }
    for name in ["controller", "autoscaler", "webhook"] {
        plane.create(&program(namespace, name, version))?;
    }
    Ok(())
}

/// One program of Knative's.
pub(super) fn program(namespace: &str, name: &str, version: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace, "labels": {LABEL: version}},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": name, "image": "knative"}]},
            },
        },
    })
}

pub(super) fn deployment(namespace: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "autoscaler-hpa", "namespace": namespace},
    })
}

pub(super) fn service(namespace: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": "autoscaler-hpa", "namespace": namespace},
    })
}

/// A PodAutoscaler of a class, as Knative makes one for an InferenceService; nobody has looked at it.
pub(super) fn autoscaler(namespace: &str, service: &str, class: &str) -> Value {
    json!({
        "apiVersion": "autoscaling.internal.knative.dev/v1alpha1", "kind": "PodAutoscaler",
        "metadata": {
            "name": format!("{service}-predictor-00001"),
            "namespace": namespace,
            "annotations": {"autoscaling.knative.dev/class": class},
            "labels": {"serving.kserve.io/inferenceservice": service},
        },
        "spec": {
            "protocolType": "http1",
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": service},
        },
    })
}

pub(super) const HPA: &str = "hpa.autoscaling.knative.dev";

/// `kubectl kscale install --knative-namespace NAMESPACE ARGUMENTS`
pub(super) fn installing(namespace: &str, arguments: &[&str]) -> Run {
    let always = ["install", "--knative-namespace", namespace];
    kscale(&[&always, arguments].concat()).columns(100)
}

/// The same, run to its end without waiting for what never comes: nobody starts pods here.
pub(super) fn install(plane: &ControlPlane, namespace: &str, arguments: &[&str]) -> Ran {
    let arguments = [&["--wait=false"], arguments].concat();
    installing(namespace, &arguments).on(plane).run()
}

/// The same, through a proxy.
pub(super) fn install_through(proxy: &FaultProxy, namespace: &str, arguments: &[&str]) -> Ran {
    let arguments = [&["--wait=false"], arguments].concat();
    let file: &Path = proxy.kubeconfig();
    installing(namespace, &arguments)
        .with_kubeconfig(file)
        .run()
}

/// What `install` prints for a release, Deployment and Service.
pub(super) fn manifest(namespace: &str, version: &str) -> [Value; 2] {
    let arguments = [
        "--offline",
        "--version",
        version,
        "--dry-run=client",
        "-o",
        "json",
    ];
    let printed = installing(namespace, &arguments).run().clean();
    let list: Value = serde_json::from_str(&printed).unwrap();
    [list["items"][0].clone(), list["items"][1].clone()]
}

/// What of `wanted` is not in `there`, by its pointer; lists are compared item by item.
pub(super) fn missing(there: &Value, wanted: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look_for(wanted, there, "", &mut found);
    found
}

fn look_for(wanted: &Value, there: &Value, at: &str, found: &mut Vec<String>) {
    match wanted {
        Value::Object(map) => {
            for (key, value) in map {
                look_for(value, &there[key], &format!("{at}/{key}"), found);
            }
        }
        Value::Array(list) if there.as_array().map(Vec::len) == Some(list.len()) => {
            for (index, value) in list.iter().enumerate() {
                look_for(value, &there[index], &format!("{at}/{index}"), found);
            }
        }
        _ if wanted == there => {}
        _ => found.push(format!("{at}: {there} instead of {wanted}")),
    }
}

/// Both objects are there as the release has them.
#[track_caller]
pub(super) fn assert_installed(plane: &ControlPlane, namespace: &str, version: &str) {
    for wanted in manifest(namespace, version) {
        let there = plane.read(&wanted).unwrap();
        assert_eq!(
            missing(&there, &wanted),
            Vec::<String>::new(),
            "{}",
            wanted["kind"]
        );
        let managers = there["metadata"]["managedFields"].as_array().unwrap();
        assert!(managers.iter().any(|one| one["manager"] == "kscale"));
    }
}

/// Neither of them is.
#[track_caller]
pub(super) fn assert_absent(plane: &ControlPlane, namespace: &str) {
    for object in [deployment(namespace), service(namespace)] {
        assert!(plane.read(&object).is_err(), "{}", object["kind"]);
    }
}

/// The requests that would have been kept.
pub(super) fn kept(proxy: &FaultProxy) -> Vec<String> {
    let writes = proxy.writes().into_iter().filter(|asked| {
        let tried = asked.path.contains("dryRun=All")
            || asked
                .body
                .as_ref()
                .is_some_and(|body| body["dryRun"][0] == "All");
        !tried && !asked.path.contains("selfsubjectaccessreviews")
    });
    writes
        .map(|asked| {
            let path = asked.path.split('?').next().unwrap_or_default().to_owned();
            format!(
                "{} {}",
                asked.method,
                path.rsplit('/').nth(1).unwrap_or_default()
            )
        })
        .collect()
}
