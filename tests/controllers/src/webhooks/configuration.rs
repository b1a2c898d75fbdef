//! How the API server is told of the webhooks: named, and asked for what, as their releases have it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Hook;

/// Namespaces with this label are looked after: Kubernetes 1.20 puts no names on them.
pub(super) const LABEL: &str = "kscale.dev/test-webhooks";

/// A webhook: its name, its path, and what it is asked about.
struct Row {
    hook: Hook,
    name: &'static str,
    group: &'static str,
    version: &'static str,
    plural: &'static str,
}

const ROWS: [Row; 4] = [
    Row {
        hook: Hook::KserveDefault,
        name: "inferenceservice.kserve-webhook-server.defaulter",
        group: "serving.kserve.io",
        version: "v1beta1",
        plural: "inferenceservices",
    },
    Row {
        hook: Hook::Kserve,
        name: "inferenceservice.kserve-webhook-server.validator",
        group: "serving.kserve.io",
        version: "v1beta1",
        plural: "inferenceservices",
    },
    Row {
        hook: Hook::Knative,
        name: "validation.webhook.serving.knative.dev",
        group: "serving.knative.dev",
        version: "v1",
        plural: "services",
    },
    Row {
        hook: Hook::Keda,
        name: "vscaledobject.kb.io",
        group: "keda.sh",
        version: "v1alpha1",
        plural: "scaledobjects",
    },
];

/// Where a webhook is asked.
pub(super) fn path(hook: Hook) -> &'static str {
    match hook {
        Hook::KserveDefault => "/mutate-serving-kserve-io-v1beta1-inferenceservice",
        Hook::Kserve => "/validate-serving-kserve-io-v1beta1-inferenceservice",
        Hook::Knative => "/resource-validation",
        Hook::Keda => "/validate-keda-sh-v1alpha1-scaledobject",
    }
}

/// Who is asked there.
pub(super) fn at(asked: &str) -> Option<Hook> {
    let path = asked.split('?').next().unwrap_or_default();
    ROWS.iter()
        .map(|row| row.hook)
        .find(|hook| self::path(*hook) == path)
}

/// The configurations, with the plurals of their kinds.
pub(super) fn all(namespace: &str, port: u16, authority: &[u8]) -> Vec<(&'static str, Value)> {
    ROWS.iter()
        .map(|row| {
            let (plural, kind) = match row.hook {
                Hook::KserveDefault => (
                    "mutatingwebhookconfigurations",
                    "MutatingWebhookConfiguration",
                ),
                _ => (
                    "validatingwebhookconfigurations",
                    "ValidatingWebhookConfiguration",
                ),
            };
            let object = json!({
                "apiVersion": "admissionregistration.k8s.io/v1",
                "kind": kind,
                "metadata": { "name": format!("{}.{namespace}", row.name) },
                "webhooks": [{
                    "name": row.name,
                    "admissionReviewVersions": ["v1"],
                    "clientConfig": {
                        "url": format!("https://127.0.0.1:{port}{}", path(row.hook)),
                        "caBundle": STANDARD.encode(authority),
                    },
                    "failurePolicy": "Fail",
                    "sideEffects": "None",
                    "timeoutSeconds": 10,
                    "namespaceSelector": { "matchLabels": { LABEL: namespace } },
                    "rules": [{
                        "apiGroups": [row.group],
                        "apiVersions": [row.version],
                        "operations": ["CREATE", "UPDATE"],
                        "resources": [row.plural],
                    }],
                }],
            });
            (plural, object)
        })
        .collect()
}

/// Objects with which it is tried whether a webhook is asked yet.
pub(super) fn probes(namespace: &str) -> Vec<(Hook, Value, String)> {
    let kind = |row: &Row| match row.hook {
        Hook::KserveDefault | Hook::Kserve => "InferenceService",
        Hook::Knative => "Service",
        Hook::Keda => "ScaledObject",
    };
    ROWS.iter()
        .map(|row| {
            let probe = json!({
                "apiVersion": format!("{}/{}", row.group, row.version),
                "kind": kind(row),
                "metadata": { "name": "probe", "namespace": namespace },
                "spec": { "predictor": { "model": { "modelFormat": { "name": "sklearn" }, "storageUri": "s3://a" } } },
            });
            let path = format!(
                "/apis/{}/{}/namespaces/{namespace}/{}",
                row.group, row.version, row.plural
            );
            (row.hook, probe, path)
        })
        .collect()
}
