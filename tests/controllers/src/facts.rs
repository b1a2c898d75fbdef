//! What the controllers know of the cluster: read from the API server as they read it.

use std::time::{Duration, Instant};

use kscale_control_plane::Client;
use kscale_rules::facts::{Facts, FactsSource};
use serde_json::{Value, json};

use crate::error::Error;
use crate::scene::Scene;

/// Controllers follow their ConfigMaps; a second later is soon enough here.
const FRESH: Duration = Duration::from_secs(1);

impl Scene<'_> {
    /// What is known of the cluster.
    pub(crate) fn facts(&mut self) -> Result<Facts, Error> {
        if let Some((since, facts)) = &self.memory.facts
            && since.elapsed() < FRESH
        {
            return Ok(facts.clone());
        }
        let facts = read(self.client)?;
        self.memory.facts = Some((Instant::now(), facts.clone()));
        Ok(facts)
    }
}

/// Reads it.
pub(crate) fn read(client: &Client) -> Result<Facts, Error> {
    let paths = [
        ("ConfigMap", "v1", "/api/v1/namespaces/kserve/configmaps"),
        (
            "ConfigMap",
            "v1",
            "/api/v1/namespaces/knative-serving/configmaps",
        ),
        (
            "Deployment",
            "apps/v1",
            "/apis/apps/v1/namespaces/knative-serving/deployments",
        ),
        (
            "ClusterServingRuntime",
            "serving.kserve.io/v1alpha1",
            "/apis/serving.kserve.io/v1alpha1/clusterservingruntimes",
        ),
    ];
    let mut objects = Vec::new();
    for (kind, version, path) in paths {
        let answer = client.send("GET", path, "", None)?;
        for item in answer.body["items"].as_array().into_iter().flatten() {
            let mut item = item.clone();
            item["kind"] = kind.into();
            item["apiVersion"] = version.into();
            objects.push(item);
        }
    }
    // A controller that runs has its configuration, or it would not run.
    for (namespace, name) in [
        ("knative-serving", "config-autoscaler"),
        ("knative-serving", "config-defaults"),
    ] {
        let there = |one: &Value| {
            one["metadata"]["namespace"] == namespace && one["metadata"]["name"] == name
        };
        if !objects.iter().any(there) {
            objects.push(json!({
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": { "name": name, "namespace": namespace },
                "data": {},
            }));
        }
    }
    Ok(Facts::from_objects(&objects, FactsSource::Snapshot))
}
