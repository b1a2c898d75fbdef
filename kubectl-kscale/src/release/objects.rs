//! The two objects of the extension, as the releases have them.

use kscale_rules::facts::KnativeVersion;
use serde_json::{Map, Value, json};

use super::family::Family;
use super::{NAME, NAMESPACE};

/// Where the releases keep the image.
pub(crate) const IMAGE: &str = "gcr.io/knative-releases/knative.dev/serving/cmd/autoscaler-hpa";

const PART_OF: &str = "knative-serving";

/// Deployment and Service of a release, its image told by `digest`.
pub(super) fn of(release: KnativeVersion, digest: &str) -> [Value; 2] {
    let family = Family::of(release);
    [
        deployment(release, family, digest),
        service(release, family),
    ]
}

fn deployment(release: KnativeVersion, family: Family, digest: &str) -> Value {
    let mut pod = json!({"labels": pod_labels(release, family)});
    if family.safe_to_evict {
        pod["annotations"] = json!({"cluster-autoscaler.kubernetes.io/safe-to-evict": "true"});
    }
    let apart = json!({
        "podAffinityTerm": {
            "labelSelector": {"matchLabels": {"app": NAME}},
            "topologyKey": "kubernetes.io/hostname",
        },
        "weight": 100,
    });
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": NAME, "namespace": NAMESPACE, "labels": labels(release, family)},
        "spec": {
            "selector": {"matchLabels": {"app": NAME}},
            "template": {
                "metadata": pod,
                "spec": {
                    "affinity": {
                        "podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [apart]},
                    },
                    "serviceAccountName": "controller",
                    "containers": [container(family, digest)],
                },
            },
        },
    })
}

fn service(release: KnativeVersion, family: Family) -> Value {
    let mut labels = labels(release, family);
    labels.insert("app".to_owned(), NAME.into());
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": NAME, "namespace": NAMESPACE, "labels": labels},
        "spec": {
            "ports": [
                {"name": "http-metrics", "port": 9090, "targetPort": 9090},
                {"name": "http-profiling", "port": 8008, "targetPort": 8008},
            ],
            "selector": {"app": NAME},
        },
    })
}

fn container(family: Family, digest: &str) -> Value {
    let mut container = json!({
        "name": NAME,
        "image": format!("{IMAGE}@sha256:{digest}"),
        "resources": {
            "requests": {"cpu": "30m", "memory": "40Mi"},
            "limits": {"cpu": "300m", "memory": "400Mi"},
        },
        "env": environment(family),
        "securityContext": {
            "allowPrivilegeEscalation": false,
            "readOnlyRootFilesystem": true,
            "runAsNonRoot": true,
            "capabilities": {"drop": [if family.restricted { "ALL" } else { "all" }]},
        },
    });
    let mut ports = vec![
        json!({"name": "metrics", "containerPort": 9090}),
        json!({"name": "profiling", "containerPort": 8008}),
    ];
    if family.restricted {
        container["securityContext"]["seccompProfile"] = json!({"type": "RuntimeDefault"});
    }
    if family.probed {
        ports.push(json!({"name": "probes", "containerPort": 8080}));
        container["livenessProbe"] = probe("/health");
        container["readinessProbe"] = probe("/readiness");
    }
    container["ports"] = ports.into();
    container
}

fn environment(family: Family) -> Vec<Value> {
    let mut variables = vec![
        json!({"name": "SYSTEM_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}),
        json!({"name": "CONFIG_LOGGING_NAME", "value": "config-logging"}),
        json!({"name": "CONFIG_OBSERVABILITY_NAME", "value": "config-observability"}),
    ];
    if family.metrics_domain {
        variables.push(json!({"name": "METRICS_DOMAIN", "value": "knative.dev/serving"}));
    }
    variables
}

fn probe(path: &str) -> Value {
    json!({
        "httpGet": {"path": path, "port": "probes", "scheme": "HTTP"},
        "periodSeconds": 5,
        "failureThreshold": 5,
    })
}

/// The labels that both objects carry.
fn labels(release: KnativeVersion, family: Family) -> Map<String, Value> {
    let provider = "autoscaling.knative.dev/autoscaler-provider";
    let mut labels = common(release, family);
    labels.insert(provider.to_owned(), "hpa".into());
    labels.insert(
        "app.kubernetes.io/version".to_owned(),
        release.to_string().into(),
    );
    if family.named_alone {
        labels.insert("app.kubernetes.io/name".to_owned(), NAME.into());
        labels.insert("app.kubernetes.io/part-of".to_owned(), PART_OF.into());
    }
    labels
}

fn pod_labels(release: KnativeVersion, family: Family) -> Map<String, Value> {
    let mut labels = common(release, family);
    labels.insert("app".to_owned(), NAME.into());
    labels
}

/// The labels that pods share with the objects.
fn common(release: KnativeVersion, family: Family) -> Map<String, Value> {
    let mut labels = Map::new();
    let mut add = |key: &str, value: String| labels.insert(key.to_owned(), value.into());
    if family.release_label {
        add("serving.knative.dev/release", format!("v{release}"));
    }
    if !family.named_alone {
        add("app.kubernetes.io/component", NAME.to_owned());
        add("app.kubernetes.io/name", PART_OF.to_owned());
        add("app.kubernetes.io/version", release.to_string());
    }
    labels
}
