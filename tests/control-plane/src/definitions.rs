//! Custom resource definitions: the real ones where they are at hand, else the project's own, which keep any field.

use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::reference::{documents, shared};
use crate::{ControlPlane, Error};

const PATIENCE: Duration = Duration::from_secs(60);
const KIND: &str = "CustomResourceDefinition";

/// Real definitions, below the folder of manifests.
const REAL: [&str; 6] = [
    "kserve/inferenceservices.crd.full.yaml",
    "kserve/servingruntimes.crd.yaml",
    "kserve/clusterservingruntimes.crd.yaml",
    "knative/1.23.0/serving-crds.yaml",
    "knative/knativeservings.crd.yaml",
    "kubewarden/policies.kubewarden.io_clusteradmissionpolicies.yaml",
];

/// Group, version, kind, plural and short name of what kscale reads; a plural that begins in upper case tells a cluster's kind.
const OWN: [(&str, &str, &str, &str, &str); 17] = [
    (
        "serving.kserve.io",
        "v1beta1",
        "InferenceService",
        "inferenceservices",
        "isvc",
    ),
    (
        "serving.kserve.io",
        "v1alpha1",
        "InferenceGraph",
        "inferencegraphs",
        "ig",
    ),
    (
        "serving.kserve.io",
        "v1alpha1",
        "ServingRuntime",
        "servingruntimes",
        "",
    ),
    (
        "serving.kserve.io",
        "v1alpha1",
        "ClusterServingRuntime",
        "Clusterservingruntimes",
        "",
    ),
    ("serving.knative.dev", "v1", "Service", "services", "ksvc"),
    (
        "serving.knative.dev",
        "v1",
        "Configuration",
        "configurations",
        "cfg",
    ),
    ("serving.knative.dev", "v1", "Revision", "revisions", "rev"),
    ("serving.knative.dev", "v1", "Route", "routes", "rt"),
    (
        "serving.knative.dev",
        "v1beta1",
        "DomainMapping",
        "domainmappings",
        "dm",
    ),
    (
        "autoscaling.internal.knative.dev",
        "v1alpha1",
        "PodAutoscaler",
        "podautoscalers",
        "kpa",
    ),
    (
        "autoscaling.internal.knative.dev",
        "v1alpha1",
        "Metric",
        "metrics",
        "",
    ),
    (
        "networking.internal.knative.dev",
        "v1alpha1",
        "ServerlessService",
        "serverlessservices",
        "sks",
    ),
    (
        "networking.internal.knative.dev",
        "v1alpha1",
        "Ingress",
        "ingresses",
        "kingress",
    ),
    (
        "operator.knative.dev",
        "v1beta1",
        "KnativeServing",
        "knativeservings",
        "",
    ),
    ("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects", "so"),
    (
        "policies.kubewarden.io",
        "v1",
        "ClusterAdmissionPolicy",
        "Clusteradmissionpolicies",
        "",
    ),
    (
        "policies.kubewarden.io",
        "v1",
        "PolicyServer",
        "Policyservers",
        "",
    ),
];

impl ControlPlane {
    /// All that kscale may meet: real definitions as far as the reference manifests are at hand, own ones for the rest.
    pub fn install_crds(&self) -> Result<(), Error> {
        let mut definitions = Vec::new();
        if let Some(shared) = shared() {
            for file in REAL {
                definitions.extend(definitions_of(&shared.join("manifests").join(file))?);
            }
        }
        let real: Vec<Value> = definitions
            .iter()
            .map(|d| d["metadata"]["name"].clone())
            .collect();
        definitions.extend(
            own()
                .into_iter()
                .filter(|d| !real.contains(&d["metadata"]["name"])),
        );
        self.install_definitions(&definitions)
    }

    /// The project's own alone: small, and the same on every machine.
    pub fn install_own_crds(&self) -> Result<(), Error> {
        self.install_definitions(&own())
    }

    /// The project's own definitions of some groups, as on a cluster that has nothing else: `["serving.knative.dev"]`.
    pub fn install_own_crds_of(&self, groups: &[&str]) -> Result<(), Error> {
        let mut definitions = own();
        definitions.retain(|d| groups.iter().any(|group| d["spec"]["group"] == **group));
        self.install_definitions(&definitions)
    }

    /// An API of metrics that is available, `metrics.k8s.io` for one: made of definitions, because nobody answers here for an
    /// aggregated one. Its APIService differs in that it names no service.
    pub fn install_metrics_api(&self, group: &str) -> Result<(), Error> {
        let kinds = [
            (group, "v1beta1", "PodMetrics", "pods", ""),
            (group, "v1beta1", "NodeMetrics", "Nodes", ""),
        ];
        let definitions: Vec<Value> = kinds
            .iter()
            .map(|kind| {
                let mut definition = definition(kind);
                // Groups of Kubernetes' own are protected.
                definition["metadata"]["annotations"] =
                    json!({ "api-approved.kubernetes.io": "unapproved, a test's stand-in" });
                definition
            })
            .collect();
        self.install_definitions(&definitions)?;
        let path = format!("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.{group}");
        let until = Instant::now() + PATIENCE;
        loop {
            let service = self.get(&path);
            if service.is_ok_and(|service| service["status"]["conditions"][0]["status"] == "True") {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(Error::new(format!("{group} is never available")));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Creates definitions, and returns when the API server serves what they define. One that is there already is replaced.
    pub fn install_definitions(&self, definitions: &[Value]) -> Result<(), Error> {
        for definition in definitions {
            let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
            // Created, not applied: a big one has no room for what an apply would note in it.
            let answer = self
                .client()
                .send("POST", path, "application/json", Some(definition))?;
            match answer.status {
                201 => {}
                409 => drop(self.replace(definition)?),
                status => {
                    let name = &definition["metadata"]["name"];
                    return Err(Error::new(format!(
                        "{name}: {status} {}",
                        answer.body["message"]
                    )));
                }
            }
        }
        definitions
            .iter()
            .try_for_each(|definition| self.wait_until_served(definition))
    }

    fn wait_until_served(&self, definition: &Value) -> Result<(), Error> {
        let spec = &definition["spec"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let versions = spec["versions"].as_array().into_iter().flatten();
        for version in versions.filter(|version| version["served"] == true) {
            let api_version = format!("{}/{}", text(&spec["group"]), text(&version["name"]));
            let kind = text(&spec["names"]["kind"]);
            let until = Instant::now() + PATIENCE;
            loop {
                // Discovery knows a kind a little before it is served.
                let found = self.kinds.find(self.client(), &api_version, &kind)?;
                if let Some(found) = found
                    && self
                        .client()
                        .send(
                            "GET",
                            &format!("{}?limit=1", found.list("default")),
                            "",
                            None,
                        )?
                        .status
                        == 200
                {
                    break;
                }
                if Instant::now() > until {
                    return Err(Error::new(format!(
                        "{kind} of {api_version} is never served"
                    )));
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(())
    }
}

fn definitions_of(file: &Path) -> Result<Vec<Value>, Error> {
    let mut all = documents(file)?;
    all.retain(|document| document["kind"] == KIND);
    Ok(all)
}

/// The project's own definitions.
pub(crate) fn own() -> Vec<Value> {
    OWN.iter().map(definition).collect()
}

fn definition(own: &(&str, &str, &str, &str, &str)) -> Value {
    let (group, version, kind, plural, short) = *own;
    let short: Vec<&str> = Some(short)
        .filter(|short| !short.is_empty())
        .into_iter()
        .collect();
    let scope = if plural.starts_with(char::is_uppercase) {
        "Cluster"
    } else {
        "Namespaced"
    };
    let plural = plural.to_lowercase();
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": KIND,
        "metadata": { "name": format!("{plural}.{group}") },
        "spec": {
            "group": group,
            "names": {
                "kind": kind,
                "listKind": format!("{kind}List"),
                "plural": plural,
                "singular": kind.to_lowercase(),
                "shortNames": short,
            },
            "scope": scope,
            "versions": [{
                "name": version,
                "served": true,
                "storage": true,
                "subresources": { "status": {} },
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "x-kubernetes-preserve-unknown-fields": true,
                    },
                },
            }],
        },
    })
}
