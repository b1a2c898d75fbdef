//! What Knative makes of a Service of its own, and of its ConfigMaps.

use serde_json::{Value, json};

use super::{CLASS, HPA, Trap, config, trap};

/// All of them.
pub(super) fn traps() -> Vec<Trap> {
    let mut all = hpa_class();
    all.extend(annotations());
    all.extend(cluster());
    all
}

fn app(annotations: &[(&str, &str)]) -> Value {
    let annotations: serde_json::Map<String, Value> = annotations
        .iter()
        .map(|(key, value)| (format!("autoscaling.knative.dev/{key}"), json!(value)))
        .collect();
    json!({
        "apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "app", "namespace": "default"},
        "spec": {"template": {
            "metadata": {"annotations": annotations},
            "spec": {"containers": [{"image": "i", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}]},
        }},
    })
}

/// Of the HPA class, with an upper bound.
fn hpa(rest: &[(&str, &str)]) -> Value {
    let class = [("class", HPA), ("max-scale", "3")];
    app(&[&class, rest].concat())
}

fn at(what: &'static str, objects: Vec<Value>, code: &str, key: &str) -> Trap {
    let found =
        format!("{code} /spec/template/metadata/annotations/autoscaling.knative.dev~1{key}");
    trap(what, objects, found)
}

fn hpa_class() -> Vec<Trap> {
    let zero = config(&json!({"allow-zero-initial-scale": "true"}));
    vec![
        at(
            "a metric without a target",
            vec![hpa(&[("metric", "memory")])],
            "KS203",
            "metric",
        ),
        at(
            "memory that reads like a percentage",
            vec![hpa(&[("metric", "memory"), ("target", "80")])],
            "KS204",
            "target",
        ),
        at(
            "no upper bound",
            vec![app(&[("class", HPA), ("target", "80")])],
            "KS303",
            "class",
        ),
        at(
            "a setting of Knative's own autoscaler",
            vec![hpa(&[("target", "80"), ("target-burst-capacity", "10")])],
            "KS211",
            "target-burst-capacity",
        ),
        at(
            "a metric of requests",
            vec![hpa(&[("metric", "rps"), ("target", "80")])],
            "KS207",
            "metric",
        ),
        at(
            "a fraction",
            vec![hpa(&[("metric", "queue"), ("target", "10.9")])],
            "KS208",
            "target",
        ),
        at(
            "an initial scale of zero",
            vec![zero, hpa(&[("target", "80"), ("initial-scale", "0")])],
            "KS309",
            "initial-scale",
        ),
    ]
}

fn annotations() -> Vec<Trap> {
    let mut on_service = app(&[]);
    on_service["metadata"]["annotations"] = json!({CLASS: HPA});
    let max = config(&json!({"max-scale": "9"}));
    let min = config(&json!({"min-scale": "5"}));
    let percentage = config(&json!({"container-concurrency-target-percentage": "90"}));
    vec![
        at(
            "a misspelt class",
            vec![app(&[("class", "HPA")])],
            "KS103",
            "class",
        ),
        trap(
            "the class on the Service itself",
            vec![on_service],
            "KS121 /metadata/annotations/autoscaling.knative.dev~1class",
        ),
        at(
            "both spellings",
            vec![app(&[("max-scale", "3"), ("maxScale", "5")])],
            "KS111",
            "maxScale",
        ),
        at(
            "a minimum above the cluster's maximum",
            vec![max, app(&[("min-scale", "12")])],
            "KS308",
            "min-scale",
        ),
        at(
            "a maximum below the cluster's minimum",
            vec![min, app(&[("max-scale", "2")])],
            "KS308",
            "max-scale",
        ),
        at(
            "no number",
            vec![app(&[("target", "NaN")])],
            "KS209",
            "target",
        ),
        at(
            "a percentage that is not that of rps",
            vec![percentage, app(&[("metric", "rps")])],
            "KS210",
            "metric",
        ),
    ]
}

fn cluster() -> Vec<Trap> {
    let deployment = |name: &str, version: &str| {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": "knative-serving", "labels": {"app.kubernetes.io/version": version}},
        })
    };
    let operator = json!({"apiVersion": "operator.knative.dev/v1beta1", "kind": "KnativeServing", "metadata": {"name": "k"}});
    let apis = json!({"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "v1.apps"}});
    let scaled = || hpa(&[("target", "80")]);
    vec![
        at(
            "no extension",
            vec![deployment("controller", "1.21.0"), scaled()],
            "KS501",
            "class",
        ),
        at(
            "an extension of another release",
            vec![
                deployment("controller", "1.21.0"),
                deployment("autoscaler-hpa", "1.20.0"),
                scaled(),
            ],
            "KS504",
            "class",
        ),
        trap("no metrics", vec![apis, scaled()], "KS405 /spec/template"),
        trap(
            "a ConfigMap that an operator writes",
            vec![operator, config(&json!({"max-scale": "9"}))],
            "KS606 /data",
        ),
        trap(
            "a percentage of one",
            vec![config(
                &json!({"container-concurrency-target-percentage": "1"}),
            )],
            "KS604 /data/container-concurrency-target-percentage",
        ),
        trap(
            "a default class that models never get",
            vec![config(&json!({"pod-autoscaler-class": HPA}))],
            "KS605 /data/pod-autoscaler-class",
        ),
        trap(
            "a key that nothing reads",
            vec![config(&json!({"tick-interval": "2s"}))],
            "KS602 /data/tick-interval",
        ),
        trap(
            "a ConfigMap that Knative cannot read",
            vec![config(&json!({"max-scale-limit": "8"}))],
            "KS601 /data/max-scale-limit",
        ),
    ]
}
