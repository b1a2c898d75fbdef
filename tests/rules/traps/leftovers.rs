//! What is left over in a cluster, and gets in the way; and what KEDA has to say.

use serde_json::{Value, json};

use super::{KSERVE_CLASS, STANDARD, Trap, one, service, trap};

/// All of them.
pub(super) fn traps() -> Vec<Trap> {
    let class = |class: &str| {
        service(
            &[STANDARD, (KSERVE_CLASS, class)],
            &json!({"maxReplicas": 3}),
        )
    };
    let at = "KS705 /metadata/annotations/serving.kserve.io~1autoscalerClass";
    let keda = [STANDARD, (KSERVE_CLASS, "keda")];
    let on_cpu = json!({"metrics": [{"type": "Resource", "resource": {
        "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80},
    }}]});
    let query = json!({"metrics": [{"type": "PodMetric", "podmetric": {
        "metric": {"backend": "opentelemetry", "metricNames": ["m"], "query": "sum(m)"},
        "target": {"type": "Value", "value": "4"},
    }}]});
    vec![
        trap(
            "an HPA of the component's own name",
            vec![
                scaler("HorizontalPodAutoscaler", "iris-predictor"),
                class("external"),
            ],
            at,
        ),
        trap(
            "an HPA beside a ScaledObject",
            vec![
                scaler("HorizontalPodAutoscaler", "mine"),
                service(&keda, &json!({"maxReplicas": 3, "autoScaling": on_cpu})),
            ],
            at,
        ),
        trap(
            "a ScaledObject that goes on scaling",
            vec![scaler("ScaledObject", "iris-predictor"), class("hpa")],
            at,
        ),
        one(
            "keda without metrics",
            &keda,
            &json!({"maxReplicas": 3}),
            "KS123 /spec/predictor",
        ),
        one(
            "keda on cpu alone, down to zero",
            &keda,
            &json!({"minReplicas": 0, "maxReplicas": 3, "autoScaling": on_cpu}),
            "KS123 /spec/predictor/minReplicas",
        ),
        one(
            "a query that is more than a name",
            &keda,
            &json!({"maxReplicas": 3, "autoScaling": query}),
            "KS222 /spec/predictor/autoScaling/metrics/0/podmetric/metric/query",
        ),
    ]
}

fn scaler(kind: &str, name: &str) -> Value {
    json!({
        "apiVersion": "autoscaling/v2", "kind": kind, "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "iris-predictor"}, "maxReplicas": 3,
        },
    })
}
