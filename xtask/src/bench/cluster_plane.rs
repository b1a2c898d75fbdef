//! The cluster of `cargo xtask bench cluster`: `bench-plane PLUGIN SERVICES`.
//!
//! Starts a control plane with so many InferenceServices, prints one JSON line when all is there (where to ask, and which lists the
//! plugin reads for `list -A`, learnt from a proxy that it is run through once), and ends with its standard input.
#![allow(
    clippy::print_stdout,
    reason = "a terminal program: what it prints is its result"
)]

#[path = "cluster_objects.rs"]
mod objects;

use kscale_control_plane::{Binaries, ControlPlane, FaultProxy};
use objects::Service;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::error::Error;
use std::process::{Command, Stdio};

/// Services a namespace, as a team has.
const EACH: usize = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let plugin = arguments
        .next()
        .ok_or("usage: bench-plane PLUGIN SERVICES")?;
    let count: usize = arguments.next().unwrap_or_default().parse()?;
    let binaries = Binaries::find().map_err(|skip| skip.to_string())?;
    let plane = ControlPlane::start(&binaries)?;
    plane.install_own_crds()?;
    plane.install_small_knative("1.12.4")?;
    install_kserve(&plane)?;
    let mut one = None;
    for first in (0..count).step_by(EACH) {
        let namespace = format!("team-{:03}", first / EACH);
        let mut objects = Vec::new();
        for number in first..(first + EACH).min(count) {
            let name = format!("model-{number:05}");
            let service = Service {
                namespace: namespace.clone(),
                name,
                number,
            };
            objects.extend(service.listed());
            if one.is_none() {
                objects.extend(service.rest());
                one = Some(service);
            }
        }
        plane.load(&objects)?;
    }
    let one = one.ok_or("no service was asked for")?;
    let ready = json!({
        "kubeconfig": plane.kubeconfig(),
        "namespace": one.namespace,
        "name": one.name,
        "lists": lists(&plane, &plugin)?,
    });
    println!("{ready}");
    // Whoever started it keeps the other end.
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}

/// KServe's ConfigMap, its controller and a runtime.
fn install_kserve(plane: &ControlPlane) -> Result<(), Box<dyn Error>> {
    plane.ensure_namespace("kserve")?;
    let metadata = |name: &str| json!({ "name": name, "namespace": "kserve" });
    let labels = json!({ "app": "kserve" });
    let containers = json!([{ "name": "manager", "image": "kserve/kserve-controller:v0.15.2" }]);
    let objects: [Value; 3] = [
        json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata("inferenceservice-config"),
            "data": { "deploy": "{\"defaultDeploymentMode\": \"Serverless\"}" },
        }),
        json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": metadata("kserve-controller-manager"),
            "spec": {
                "selector": { "matchLabels": labels },
                "template": { "metadata": { "labels": labels }, "spec": { "containers": containers } },
            },
        }),
        json!({
            "apiVersion": "serving.kserve.io/v1alpha1",
            "kind": "ClusterServingRuntime",
            "metadata": { "name": "kserve-sklearnserver" },
            "spec": {
                "supportedModelFormats": [{ "name": "sklearn", "version": "1", "autoSelect": true }],
                "containers": [{ "name": "kserve-container", "image": "kserve/sklearnserver:v0.15.2" }],
            },
        }),
    ];
    plane.create_all(&objects)?;
    Ok(plane.make_available("kserve", "kserve-controller-manager")?)
}

/// Paths of the lists that come page by page, without what says which page.
fn lists(plane: &ControlPlane, plugin: &str) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let proxy = FaultProxy::before(plane)?;
    let mut list = Command::new(plugin);
    list.args(["list", "-A", "--kubeconfig"])
        .arg(proxy.kubeconfig());
    let status = list.stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    if !status.success() {
        return Err(format!("list -A: {status}").into());
    }
    let asked = proxy.asked().into_iter().filter_map(|request| {
        let (path, query) = request.path.split_once('?')?;
        query.contains("limit=").then_some(())?;
        let rest: Vec<&str> = query
            .split('&')
            .filter(|part| !part.starts_with("limit=") && !part.starts_with("continue="))
            .collect();
        Some(if rest.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", rest.join("&"))
        })
    });
    Ok(asked.collect())
}
