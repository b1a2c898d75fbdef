//! A whole Knative Serving as its release has it, without anybody who would run it.

use serde_json::{Value, json};

use crate::definitions::own;
use crate::load::older;
use crate::reference::{documents, shared};
use crate::{ControlPlane, Error};

/// No webhook runs here, and the API server would wait for one.
const WEBHOOKS: [&str; 2] = [
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

const CONFIG_MAPS: [&str; 9] = [
    "config-autoscaler",
    "config-defaults",
    "config-deployment",
    "config-features",
    "config-gc",
    "config-leader-election",
    "config-logging",
    "config-network",
    "config-observability",
];

const DEPLOYMENTS: [&str; 4] = ["activator", "autoscaler", "controller", "webhook"];

impl ControlPlane {
    /// Creates Knative Serving 1.23.0 from the reference manifests, its Deployments available as if their pods ran. False
    /// where the manifests are not at hand.
    pub fn install_knative(&self) -> Result<bool, Error> {
        let Some(shared) = shared() else {
            return Ok(false);
        };
        let folder = shared.join("manifests/knative/1.23.0");
        let (definitions, objects): (Vec<_>, Vec<_>) =
            documents(&folder.join("serving-core.yaml"))?
                .into_iter()
                .filter(|object| !WEBHOOKS.iter().any(|kind| object["kind"] == *kind))
                .partition(|object| object["kind"] == "CustomResourceDefinition");
        self.install_definitions(&definitions)?;
        for object in objects {
            self.create_as_served(object)?;
        }
        self.make_all_available()?;
        Ok(true)
    }

    /// Creates as little of a Knative Serving as tells one that runs: definitions, namespace, ConfigMaps without settings, and
    /// available Deployments, labelled with a version such as `1.12.4`.
    pub fn install_small_knative(&self, version: &str) -> Result<(), Error> {
        let labels = json!({
            "app.kubernetes.io/name": "knative-serving",
            "app.kubernetes.io/version": version,
        });
        let mut definitions = own();
        definitions.retain(|definition| {
            let group = definition["spec"]["group"].as_str().unwrap_or_default();
            group.ends_with("knative.dev") && !group.starts_with("operator.")
        });
        for definition in &mut definitions {
            definition["metadata"]["labels"] = labels.clone();
        }
        self.install_definitions(&definitions)?;
        for object in small(&labels) {
            self.create(&object)?;
        }
        self.make_all_available()
    }

    fn make_all_available(&self) -> Result<(), Error> {
        let list = self.get("/apis/apps/v1/namespaces/knative-serving/deployments")?;
        for deployment in list["items"].as_array().into_iter().flatten() {
            let name = deployment["metadata"]["name"].as_str().unwrap_or_default();
            self.make_available("knative-serving", name)?;
        }
        Ok(())
    }

    /// Writes the status that a Deployment has when all of its pods are ready.
    pub fn make_available(&self, namespace: &str, name: &str) -> Result<(), Error> {
        let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments/{name}");
        let mut deployment = self.get(&path)?;
        let replicas = deployment["spec"]["replicas"].as_i64().unwrap_or(1);
        deployment["apiVersion"] = "apps/v1".into();
        deployment["kind"] = "Deployment".into();
        deployment["status"] = json!({
            "observedGeneration": deployment["metadata"]["generation"],
            "replicas": replicas,
            "updatedReplicas": replicas,
            "readyReplicas": replicas,
            "availableReplicas": replicas,
            "conditions": [
                condition("Available", "MinimumReplicasAvailable", "Deployment has minimum availability."),
                condition("Progressing", "NewReplicaSetAvailable", "ReplicaSet has successfully progressed."),
            ],
        });
        self.replace_status(&deployment).map(drop)
    }

    /// Creates an object in the version of its API that this server has.
    fn create_as_served(&self, mut object: Value) -> Result<(), Error> {
        if self.kind(&object).is_err()
            && let Some(older) = older(&object)
        {
            object["apiVersion"] = older.into();
        }
        self.create(&object).map(drop)
    }
}

/// What every release has, as little of it as the API server takes.
fn small(labels: &Value) -> Vec<Value> {
    let namespace = "knative-serving";
    let metadata = |name: &str| json!({ "name": name, "namespace": namespace, "labels": labels });
    let mut objects = vec![
        json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": namespace, "labels": labels } }),
        json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata("controller") }),
    ];
    objects.extend(CONFIG_MAPS.iter().map(
        |name| json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(name) }),
    ));
    objects.extend(DEPLOYMENTS.iter().map(|name| {
        json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": metadata(name),
            "spec": {
                "selector": { "matchLabels": { "app": name } },
                "template": {
                    "metadata": { "labels": { "app": name } },
                    "spec": { "containers": [{ "name": name, "image": "none.example.com/none" }] },
                },
            },
        })
    }));
    objects
}

fn condition(what: &str, reason: &str, message: &str) -> Value {
    json!({
        "type": what,
        "status": "True",
        "reason": reason,
        "message": message,
        "lastTransitionTime": "2026-01-01T00:00:00Z",
        "lastUpdateTime": "2026-01-01T00:00:00Z",
    })
}
