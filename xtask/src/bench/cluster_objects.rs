//! What stands in a cluster for `cargo xtask bench cluster`: InferenceServices as Knative's controllers leave them, of the size
//! that real ones have.

use serde_json::{Value, json};

const MADE: &str = "2026-11-22T11:19:17Z";

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
        let knative = "serving.knative.dev/v1";
        let (route, revision) = (self.component(), self.revision());
        let mut rest = vec![
            self.owned(
                knative,
                "Configuration",
                &route,
                json!({ "template": template() }),
            ),
            self.owned(knative, "Revision", &revision, template()["spec"].clone()),
            self.owned(knative, "Route", &route, json!({ "traffic": traffic() })),
            self.owned(
                "networking.internal.knative.dev/v1alpha1",
                "ServerlessService",
                &revision,
                json!({ "mode": "Proxy", "protocolType": "http1", "numActivators": 2 }),
            ),
            self.owned(
                "apps/v1",
                "Deployment",
                &format!("{revision}-deployment"),
                self.deployment(),
            ),
        ];
        rest.extend((0..2).map(|pod| {
            let name = format!("{revision}-deployment-5d9f8b7c6d-x{pod}xyz");
            let mut pod = self.owned("v1", "Pod", &name, template()["spec"].clone());
            pod["status"] = json!({
                "phase": "Running",
                "conditions": conditions(&["Ready", "ContainersReady"]),
            });
            pod
        }));
        rest[4]["status"] = json!({
            "observedGeneration": 1,
            "replicas": 2,
            "readyReplicas": 2,
            "availableReplicas": 2,
            "updatedReplicas": 2,
            "conditions": conditions(&["Available", "Progressing"]),
        });
        rest
    }

    fn isvc(&self) -> Value {
        let url = format!("http://{}.{}.example.com", self.component(), self.namespace);
        json!({
            "apiVersion": "serving.kserve.io/v1beta1",
            "kind": "InferenceService",
            "metadata": self.metadata(&self.name, 0),
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
        let mut ksvc = self.owned("serving.knative.dev/v1", "Service", &self.component(), spec);
        ksvc["status"] = json!({
            "observedGeneration": 1,
            "conditions": conditions(&["ConfigurationsReady", "Ready", "RoutesReady"]),
            "latestCreatedRevisionName": self.revision(),
            "latestReadyRevisionName": self.revision(),
            "traffic": traffic(),
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
        let api = "autoscaling.internal.knative.dev/v1alpha1";
        let mut scaler = self.owned(api, "PodAutoscaler", &self.revision(), spec);
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

    fn owned(&self, api_version: &str, kind: &str, name: &str, spec: Value) -> Value {
        let mut metadata = self.metadata(name, 1);
        metadata["labels"] = json!({
            "app": self.revision(),
            "component": "predictor",
            "serving.kserve.io/inferenceservice": self.name,
            "serving.knative.dev/configuration": self.component(),
            "serving.knative.dev/revision": self.revision(),
            "serving.knative.dev/service": self.component(),
        });
        metadata["annotations"] = template()["metadata"]["annotations"].clone();
        metadata["ownerReferences"] = json!([{
            "apiVersion": "serving.kserve.io/v1beta1",
            "kind": "InferenceService",
            "name": self.name,
            "uid": self.uid(0),
            "controller": true,
            "blockOwnerDeletion": true,
        }]);
        let mut object = json!({ "apiVersion": api_version, "kind": kind, "metadata": metadata });
        object["spec"] = spec;
        object
    }

    fn metadata(&self, name: &str, generation: i64) -> Value {
        let mut metadata = json!({
            "name": name,
            "namespace": self.namespace,
            "creationTimestamp": MADE,
            "generation": 1,
        });
        if generation == 0 {
            metadata["uid"] = self.uid(0).into();
            metadata["finalizers"] = json!(["inferenceservice.finalizers"]);
        }
        metadata
    }

    fn uid(&self, kind: usize) -> String {
        format!("1111{kind:04}-0000-4000-8000-{:012}", self.number)
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
