//! What stands in a cluster for `cargo xtask bench cluster`: InferenceServices as Knative's controllers leave them, of the size
//! that real ones have.

use serde_json::{Value, json};

const MADE: &str = "2026-11-22T11:19:17Z";

/// Kinds that controllers make, their APIs, and of which kind the owner is.
const OWNED: [(&str, &str, &str); 8] = [
    ("Service", "serving.knative.dev/v1", "InferenceService"),
    ("Configuration", "serving.knative.dev/v1", "Service"),
    ("Route", "serving.knative.dev/v1", "Service"),
    ("Revision", "serving.knative.dev/v1", "Configuration"),
    (
        "PodAutoscaler",
        "autoscaling.internal.knative.dev/v1alpha1",
        "Revision",
    ),
    ("Deployment", "apps/v1", "Revision"),
    (
        "ServerlessService",
        "networking.internal.knative.dev/v1alpha1",
        "PodAutoscaler",
    ),
    ("Pod", "v1", "Deployment"),
];

/// Which of the generated services an object belongs to.
pub(crate) struct Service {
    /// Its namespace.
    pub(crate) namespace: String,
    /// Its name.
    pub(crate) name: String,
    /// A number that no other has, for uids.
    pub(crate) number: usize,
}

impl Service {
    /// What a list reads: the InferenceService, its Knative Service and its PodAutoscaler.
    pub(crate) fn listed(&self) -> Vec<Value> {
        vec![self.isvc(), self.ksvc(), self.scaler()]
    }

    /// What a single answer looks at besides.
    pub(crate) fn rest(&self) -> Vec<Value> {
        let revision = self.revision();
        let deployment = format!("{revision}-deployment");
        let container = template()["spec"].clone();
        let mut rest = vec![
            self.owned(
                "Configuration",
                &self.component(),
                json!({ "template": template() }),
            ),
            self.owned("Route", &self.component(), json!({ "traffic": traffic() })),
            self.owned("Revision", &revision, container.clone()),
            self.owned(
                "ServerlessService",
                &revision,
                json!({ "mode": "Proxy", "protocolType": "http1" }),
            ),
            self.owned("Deployment", &deployment, self.deployment()),
        ];
        let ready = [
            "ConfigurationsReady",
            "Ready",
            "Active",
            "ContainerHealthy",
            "ResourcesAvailable",
        ];
        for object in &mut rest[..4] {
            object["status"] = json!({ "observedGeneration": 1, "conditions": conditions(&ready) });
            if object["kind"] == "Route" {
                object["status"]["traffic"] = self.routed();
            }
        }
        rest[4]["status"] = json!({
            "observedGeneration": 1,
            "replicas": 2,
            "readyReplicas": 2,
            "availableReplicas": 2,
            "updatedReplicas": 2,
            "conditions": conditions(&["Available", "Progressing"]),
        });
        rest.extend((0..2).map(|pod| {
            let name = format!("{deployment}-5d9f8b7c6d-x{pod}xyz");
            let mut pod = self.owned("Pod", &name, container.clone());
            pod["status"] = json!({
                "phase": "Running",
                "conditions": conditions(&["Ready", "ContainersReady"]),
            });
            pod
        }));
        rest
    }

    fn isvc(&self) -> Value {
        let url = format!("http://{}.{}.example.com", self.component(), self.namespace);
        json!({
            "apiVersion": "serving.kserve.io/v1beta1",
            "kind": "InferenceService",
            "metadata": self.metadata("InferenceService", &self.name),
            "spec": { "predictor": {
                "minReplicas": 1,
                "maxReplicas": 5,
                "scaleMetric": "concurrency",
                "scaleTarget": 10 + self.number % 7,
                "model": {
                    "modelFormat": { "name": "sklearn" },
                    "name": "",
                    "storageUri": format!("s3://models/{}", self.name),
                    "resources": resources(),
                },
            } },
            "status": {
                "address": { "url": format!("http://{}.{}.svc.cluster.local", self.name, self.namespace) },
                "url": url,
                "components": { "predictor": {
                    "latestCreatedRevision": self.revision(),
                    "latestReadyRevision": self.revision(),
                    "latestRolledoutRevision": self.revision(),
                    "traffic": traffic(),
                    "url": url,
                } },
                "conditions": conditions(&["IngressReady", "LatestDeploymentReady", "PredictorConfigurationReady",
                    "PredictorReady", "PredictorRouteReady", "Ready", "RoutesReady"]),
                "deploymentMode": "Serverless",
                "modelStatus": {
                    "copies": { "failedCopies": 0, "totalCopies": 2 },
                    "states": { "activeModelState": "Loaded", "targetModelState": "Loaded" },
                    "transitionStatus": "UpToDate",
                },
                "observedGeneration": 1,
            },
        })
    }

    fn ksvc(&self) -> Value {
        let spec = json!({ "template": template(), "traffic": traffic() });
        let mut ksvc = self.owned("Service", &self.component(), spec);
        ksvc["status"] = json!({
            "observedGeneration": 1,
            "conditions": conditions(&["ConfigurationsReady", "Ready", "RoutesReady"]),
            "latestCreatedRevisionName": self.revision(),
            "latestReadyRevisionName": self.revision(),
            "traffic": self.routed(),
            "url": format!("http://{}.{}.example.com", self.component(), self.namespace),
        });
        ksvc
    }

    fn scaler(&self) -> Value {
        let spec = json!({
            "protocolType": "http1",
            "reachability": "Reachable",
            "scaleTargetRef": {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "name": format!("{}-deployment", self.revision()),
            },
        });
        let mut scaler = self.owned("PodAutoscaler", &self.revision(), spec);
        scaler["status"] = json!({
            "observedGeneration": 1,
            "actualScale": 2,
            "desiredScale": 2,
            "metricsServiceName": format!("{}-private", self.revision()),
            "serviceName": self.revision(),
            "conditions": conditions(&["Active", "Ready", "SKSReady", "ScaleTargetInitialized"]),
        });
        scaler
    }

    fn deployment(&self) -> Value {
        let labels = json!({ "app": self.revision() });
        json!({
            "replicas": 2,
            "selector": { "matchLabels": labels },
            "template": { "metadata": { "labels": labels }, "spec": template()["spec"] },
        })
    }

    fn owned(&self, kind: &str, name: &str, spec: Value) -> Value {
        let (api_version, owner) = OWNED
            .iter()
            .find(|(owned, ..)| *owned == kind)
            .map_or(("v1", ""), |(_, api_version, owner)| (api_version, owner));
        let mut metadata = self.metadata(kind, name);
        metadata["labels"] = json!({
            "app": self.revision(),
            "component": "predictor",
            "serving.kserve.io/inferenceservice": self.name,
            "serving.knative.dev/configuration": self.component(),
            "serving.knative.dev/revision": self.revision(),
            "serving.knative.dev/service": self.component(),
        });
        metadata["annotations"] = template()["metadata"]["annotations"].clone();
        let owners_version = OWNED
            .iter()
            .find(|(owned, ..)| *owned == owner)
            .map_or("serving.kserve.io/v1beta1", |(_, api_version, _)| {
                api_version
            });
        let owners_name = match owner {
            "InferenceService" => self.name.clone(),
            "Service" | "Configuration" => self.component(),
            _ => self.revision(),
        };
        metadata["ownerReferences"] = json!([{
            "apiVersion": owners_version,
            "kind": owner,
            "name": owners_name,
            "uid": self.uid(owner),
            "controller": true,
            "blockOwnerDeletion": true,
        }]);
        let mut object = json!({ "apiVersion": api_version, "kind": kind, "metadata": metadata });
        object["spec"] = spec;
        object
    }

    fn metadata(&self, kind: &str, name: &str) -> Value {
        let mut metadata = json!({
            "name": name,
            "namespace": self.namespace,
            "creationTimestamp": MADE,
            "generation": 1,
        });
        // Of pods there are several, and nobody refers to them.
        if kind != "Pod" {
            metadata["uid"] = self.uid(kind).into();
        }
        metadata
    }

    /// One for each kind, as each kind has one object.
    fn uid(&self, kind: &str) -> String {
        let place = OWNED.iter().position(|(owned, ..)| *owned == kind);
        let place = place.map_or(0, |place| place + 1);
        format!("1111{place:04}-0000-4000-8000-{:012}", self.number)
    }

    fn routed(&self) -> Value {
        json!([{ "latestRevision": true, "percent": 100, "revisionName": self.revision() }])
    }

    fn component(&self) -> String {
        format!("{}-predictor", self.name)
    }

    fn revision(&self) -> String {
        format!("{}-predictor-00001", self.name)
    }
}

/// What KServe writes into a Knative Service.
fn template() -> Value {
    json!({
        "metadata": {
            "annotations": {
                "autoscaling.knative.dev/class": "kpa.autoscaling.knative.dev",
                "autoscaling.knative.dev/max-scale": "5",
                "autoscaling.knative.dev/metric": "concurrency",
                "autoscaling.knative.dev/min-scale": "1",
                "autoscaling.knative.dev/target": "10",
                "serving.kserve.io/storage-initializer-sourceuri": "s3://models/bert",
                "prometheus.kserve.io/path": "/metrics",
                "prometheus.kserve.io/port": "8080",
            },
        },
        "spec": {
            "containerConcurrency": 0,
            "timeoutSeconds": 300,
            "enableServiceLinks": false,
            "containers": [{
                "name": "kserve-container",
                "image": "registry.example.com/sklearnserver@sha256:0123456789abcdef",
                "args": ["--model_name=bert", "--model_dir=/mnt/models", "--http_port=8080"],
                "resources": resources(),
                "securityContext": {
                    "allowPrivilegeEscalation": false,
                    "capabilities": { "drop": ["ALL"] },
                    "privileged": false,
                    "runAsNonRoot": true,
                },
                "readinessProbe": { "successThreshold": 1, "tcpSocket": { "port": 0 } },
            }],
        },
    })
}

fn resources() -> Value {
    json!({
        "limits": { "cpu": "1", "memory": "2Gi" },
        "requests": { "cpu": "1", "memory": "2Gi" },
    })
}

fn traffic() -> Value {
    json!([{ "latestRevision": true, "percent": 100 }])
}

fn conditions(all: &[&str]) -> Value {
    all.iter()
        .map(|what| json!({ "type": what, "status": "True", "lastTransitionTime": MADE }))
        .collect()
}
