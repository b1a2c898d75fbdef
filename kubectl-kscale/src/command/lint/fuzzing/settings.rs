//! Settings and their values: those that fit, and those that people write instead.

use serde_json::{Map, Value, json};

use crate::edit::fuzzing::Choices;

/// Names, each with the values that are tried on it.
pub(super) type Settings = &'static [(&'static str, &'static [&'static str])];

const MODE: &[&str] = &[
    "Standard",
    "RawDeployment",
    "Knative",
    "Serverless",
    "standard",
    "ModelMesh",
    "",
];
const KSERVE_CLASS: &[&str] = &[
    "hpa",
    "keda",
    "none",
    "external",
    "hpa.autoscaling.knative.dev",
    "vpa",
    "",
];
const KNATIVE_CLASS: &[&str] = &[
    "hpa.autoscaling.knative.dev",
    "kpa.autoscaling.knative.dev",
    "hpa",
    "keda",
    "custom.example.com",
];
const METRIC: &[&str] = &[
    "cpu",
    "memory",
    "concurrency",
    "rps",
    "queue_length",
    "CPU",
    "",
];
const COUNT: &[&str] = &[
    "1", "2", "5", "10", "80", "20", "50", "3", "100", "4", "0", "1500", "0.5", "10.9", "NaN",
    "1.0", "-1", "three", "", " 1", "#1",
];
const SPAN: &[&str] = &["60s", "5m", "2m", "10s", "1h30m", "10", "0s", "soon"];
const BOOL: &[&str] = &["true", "false", "yes", "True", "#true", ""];
const AMOUNT: &[&str] = &["100m", "10m", "500m", "#1", "1", "2Gi", "0", "x"];

/// Annotations, in both dialects, with older spellings and misspelt ones.
pub(super) const ANNOTATIONS: Settings = &[
    ("serving.kserve.io/deploymentMode", MODE),
    ("autoscaling.knative.dev/class", KNATIVE_CLASS),
    ("serving.kserve.io/autoscalerClass", KSERVE_CLASS),
    ("autoscaling.knative.dev/metric", METRIC),
    ("autoscaling.knative.dev/target", COUNT),
    ("serving.kserve.io/deploymentMode", &["Standard"]),
    (
        "autoscaling.knative.dev/class",
        &["hpa.autoscaling.knative.dev"],
    ),
    ("autoscaling.knative.dev/min-scale", COUNT),
    ("autoscaling.knative.dev/minScale", COUNT),
    ("autoscaling.knative.dev/max-scale", COUNT),
    ("autoscaling.knative.dev/maxScale", COUNT),
    ("autoscaling.knative.dev/minscale", COUNT),
    ("autoscaling.knative.dev/initial-scale", COUNT),
    ("autoscaling.knative.dev/initialScale", COUNT),
    ("autoscaling.knative.dev/activation-scale", COUNT),
    ("autoscaling.knative.dev/activationScale", COUNT),
    ("autoscaling.knative.dev/window", SPAN),
    ("autoscaling.knative.dev/scale-down-delay", SPAN),
    ("autoscaling.knative.dev/scaleDownDelay", SPAN),
    (
        "autoscaling.knative.dev/scale-to-zero-pod-retention-period",
        SPAN,
    ),
    (
        "autoscaling.knative.dev/target-utilization-percentage",
        COUNT,
    ),
    ("autoscaling.knative.dev/targetUtilizationPercentage", COUNT),
    ("autoscaling.knative.dev/target-burst-capacity", COUNT),
    ("autoscaling.knative.dev/panic-window-percentage", COUNT),
    ("autoscaling.knative.dev/panicThresholdPercentage", COUNT),
    (
        "autoscaling.knative.dev/metric-aggregation-algorithm",
        &["linear", "weightedExponential", "mean"],
    ),
    ("serving.kserve.io/targetUtilizationPercentage", COUNT),
    ("serving.kserve.io/metrics", METRIC),
    ("serving.kserve.io/metric", METRIC),
    ("serving.kserve.io/stop", BOOL),
    ("serving.kserve.io/disable-auto-update", BOOL),
    ("serving.knative.dev/rollout-duration", SPAN),
    ("serving.knative.dev/rolloutDuration", SPAN),
    (
        "queue.sidecar.serving.knative.dev/cpu-resource-request",
        AMOUNT,
    ),
    (
        "queue.sidecar.serving.knative.dev/resource-percentage",
        COUNT,
    ),
    (
        "example.com/owner",
        &["team: models # not a comment", "a\nb\n"],
    ),
];

/// Fields of a component; some stand elsewhere, or are misspelt.
const FIELDS: Settings = &[
    ("minReplicas", &["#1", "#0", "#3", "#-1", "1", "#null"]),
    ("maxReplicas", &["#3", "#0", "#1", "#12", "#-1"]),
    ("scaleMetric", METRIC),
    (
        "scaleTarget",
        &["#80", "#0", "#1", "#2", "#10", "#1500", "#-1", "#0.5"],
    ),
    ("containerConcurrency", &["#0", "#4", "#1001"]),
    ("timeout", &["#60", "#900"]),
    ("canaryTrafficPercent", &["#10", "#100"]),
    (
        "scaleMetricType",
        &["Utilization", "AverageValue", "Value", "x"],
    ),
    ("minReplica", &["#0"]),
    ("maxreplicas", &["#5"]),
    ("serviceAccount", &["models"]),
    ("serviceAccountName", &["models"]),
    ("terminationGracePeriodSeconds", &["#300"]),
];

/// What containers ask for.
pub(super) const RESOURCES: Settings = &[
    ("cpu", AMOUNT),
    ("memory", &["2Gi", "512Mi", "10Mi", "#1000000"]),
    ("nvidia.com/gpu", &["1", "#1"]),
];

/// ConfigMaps by name and namespace, with their keys.
pub(super) const CONFIG: &[(&str, &str, Settings)] = &[
    ("config-autoscaler", "knative-serving", AUTOSCALER),
    ("inferenceservice-config", "kserve", KSERVE),
    (
        "config-defaults",
        "knative-serving",
        &[
            ("container-concurrency", COUNT),
            ("container-concurency", COUNT),
        ],
    ),
];

const AUTOSCALER: Settings = &[
    ("enable-scale-to-zero", BOOL),
    ("allow-zero-initial-scale", BOOL),
    ("initial-scale", COUNT),
    ("min-scale", COUNT),
    ("max-scale", COUNT),
    ("max-scale-limit", COUNT),
    ("max-scales", COUNT),
    ("pod-autoscaler-class", KNATIVE_CLASS),
    ("container-concurrency-target-percentage", COUNT),
    ("container-concurrency-target-default", COUNT),
    ("requests-per-second-target-default", COUNT),
    ("stable-window", SPAN),
    ("tick-interval", SPAN),
    ("panic-window-percentage", COUNT),
];

const KSERVE: Settings = &[
    (
        "deploy",
        &[
            "{\"defaultDeploymentMode\": \"Standard\"}",
            "{\n  \"defaultDeploymentMode\": \"Knative\"\n}\n",
            "{\"defaultDeploymentMode\": \"Raw\"}",
            "{",
        ],
    ),
    (
        "autoScaler",
        &["{\"scaleDownStabilizationWindowSeconds\": \"60\"}"],
    ),
    (
        "autoscaler",
        &["{\"scaleDownStabilizationWindowSeconds\": \"60\"}", "{}"],
    ),
    (
        "inferenceService",
        &[
            "{\"serviceAnnotationDisallowedList\": [\"autoscaling.knative.dev/target\"]}",
            "{}",
        ],
    ),
];

/// Writes one of `all` into a mapping.
pub(super) fn put(choices: &mut Choices<'_>, map: &mut Map<String, Value>, all: Settings) {
    if let Some((name, values)) = choices.one_of(all) {
        map.insert(name.to_owned(), value(choices, values));
    }
}

/// One of `all`, mostly of the first ones. What stands behind `#` is no text.
pub(super) fn value(choices: &mut Choices<'_>, all: &[&str]) -> Value {
    let among = if choices.once_in(5) {
        all.len()
    } else {
        all.len().div_ceil(2)
    };
    let text = choices.one_of(&all[..among]).unwrap_or_default();
    match text.strip_prefix('#') {
        Some(json) => json.parse().unwrap_or(Value::Null),
        None => json!(text),
    }
}

/// Scaling fields, and some that are none.
pub(super) fn fields(choices: &mut Choices<'_>, map: &mut Map<String, Value>) {
    for _ in 0..choices.pick(6) {
        let among = if choices.once_in(3) { FIELDS.len() } else { 5 };
        put(choices, map, &FIELDS[..among]);
    }
}

/// `autoScaling` with one or two entries.
pub(super) fn auto_scaling(choices: &mut Choices<'_>) -> Value {
    let count = 1 + choices.pick(2);
    let metrics: Value = (0..count).map(|_| entry(choices)).collect();
    let mut scaling = json!({"metrics": metrics});
    if choices.once_in(4) {
        let seconds = choices.pick(3) * 60;
        scaling["behavior"] = json!({"scaleDown": {"stabilizationWindowSeconds": seconds}});
    }
    scaling
}

fn entry(choices: &mut Choices<'_>) -> Value {
    let mut target = Map::new();
    let types = &["Utilization", "AverageValue", "Value"];
    target.insert("type".to_owned(), value(choices, types));
    let amounts: Settings = &[
        ("averageUtilization", &["#60", "#80", "#0"]),
        ("averageValue", &["500m", "2Gi", "#4"]),
        ("value", &["4", "10", "x", "#4"]),
    ];
    put(choices, &mut target, amounts);
    let metric = json!({"backend": "prometheus", "query": "sum(waiting)", "serverAddress": "http://prometheus:9090"});
    match choices.pick(4) {
        0 | 1 => {
            let name = value(choices, &["cpu", "memory", "disk"]);
            json!({"type": "Resource", "resource": {"name": name, "target": target}})
        }
        2 => json!({"type": "External", "external": {"metric": metric, "target": target}}),
        _ => {
            let metric = json!({"backend": "opentelemetry", "metricNames": ["running"], "query": "sum(running)"});
            json!({"type": "PodMetric", "podmetric": {"metric": metric, "target": target}})
        }
    }
}
