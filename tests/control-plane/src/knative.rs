//! A whole Knative Serving as its release has it, without anybody who would run it.

use serde_json::{Value, json};

use crate::load::older;
use crate::reference::{documents, shared};
use crate::{ControlPlane, Error};

/// No webhook runs here, and the API server would wait for one.
const WEBHOOKS: [&str; 2] = [
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

impl ControlPlane {
    /// Creates Knative Serving 1.23.0 from the reference manifests, its Deployments available as if their pods ran. False
    /// where the manifests are not at hand.
    pub fn install_knative(&self) -> Result<bool, Error> {
        let Some(shared) = shared() else {
            return Ok(false);
        };
        let folder = shared.join("manifests/knative/1.23.0");
        self.install_definitions(&documents(&folder.join("serving-crds.yaml"))?)?;
        let (definitions, objects): (Vec<_>, Vec<_>) =
            documents(&folder.join("serving-core.yaml"))?
                .into_iter()
                .filter(|object| !WEBHOOKS.iter().any(|kind| object["kind"] == *kind))
                .partition(|object| object["kind"] == "CustomResourceDefinition");
        self.install_definitions(&definitions)?;
        for object in objects {
            self.create_as_served(object)?;
        }
        for deployment in self.get("/apis/apps/v1/namespaces/knative-serving/deployments")?["items"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let name = deployment["metadata"]["name"].as_str().unwrap_or_default();
            self.make_available("knative-serving", name)?;
        }
        Ok(true)
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
