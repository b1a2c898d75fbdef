//! What KServe's webhook does not catch, in the order in which it is usually told, and the few things it catches wrongly.

use serde_json::{Value, json};

use super::{CLASS, HPA, KSERVE_CLASS, STANDARD, Trap, one, service, trap};

/// All of them.
pub(super) fn traps() -> Vec<Trap> {
    let mut all = in_knative_mode();
    all.extend(in_standard_mode());
    all.extend(around());
    all
}

fn at_component(key: &str, value: &str, metric: Option<&str>) -> Value {
    let mut fields = json!({"annotations": {key: value}});
    if let Some(metric) = metric {
        fields["scaleMetric"] = json!(metric);
    }
    fields
}

fn external() -> Value {
    json!({"type": "External", "external": {
        "metric": {"backend": "prometheus", "query": "q"}, "target": {"type": "Value", "value": "1"},
    }})
}

fn in_knative_mode() -> Vec<Trap> {
    vec![
        one(
            "KServe's class in Knative mode",
            &[(KSERVE_CLASS, "hpa")],
            &json!({}),
            "KS101 /metadata/annotations/serving.kserve.io~1autoscalerClass",
        ),
        one(
            "the same with cpu",
            &[(KSERVE_CLASS, "hpa")],
            &json!({"scaleMetric": "cpu"}),
            "KS120 /spec/predictor/scaleMetric",
        ),
        one(
            "the class on the component, where the webhook does not look",
            &[],
            &at_component(CLASS, HPA, Some("cpu")),
            "KS120 /spec/predictor/scaleMetric",
        ),
        one(
            "another class on the component than the webhook judges by",
            &[(CLASS, HPA)],
            &at_component(CLASS, "kpa.autoscaling.knative.dev", Some("cpu")),
            "KS121 /spec/predictor/scaleMetric",
        ),
        one(
            "cpu as an annotation under Knative's own autoscaler",
            &[("autoscaling.knative.dev/metric", "cpu")],
            &json!({}),
            "KS121 /metadata/annotations/autoscaling.knative.dev~1metric",
        ),
        one(
            "a class by its short name",
            &[(CLASS, "hpa")],
            &json!({}),
            "KS103 /metadata/annotations/autoscaling.knative.dev~1class",
        ),
        one(
            "scale to zero under the HPA class",
            &[(CLASS, HPA)],
            &json!({"minReplicas": 0, "maxReplicas": 3}),
            "KS304 /spec/predictor/minReplicas",
        ),
        one(
            "memory without a target under the HPA class",
            &[(CLASS, HPA)],
            &json!({"scaleMetric": "memory", "maxReplicas": 3}),
            "KS203 /spec/predictor/scaleMetric",
        ),
        one(
            "a memory target in MiB, refused as a percentage",
            &[(CLASS, HPA)],
            &json!({"scaleMetric": "memory", "scaleTarget": 200, "maxReplicas": 3}),
            "KS120 /spec/predictor/scaleTarget",
        ),
        one(
            "no upper bound under the HPA class",
            &[(CLASS, HPA)],
            &json!({"scaleMetric": "cpu", "scaleTarget": 80}),
            "KS303 /spec/predictor",
        ),
        one(
            "autoScaling in Knative mode",
            &[],
            &json!({"autoScaling": {"metrics": [external()]}}),
            "KS213 /spec/predictor/autoScaling",
        ),
        one(
            "a target of zero",
            &[],
            &json!({"scaleTarget": 0}),
            "KS121 /spec/predictor/scaleTarget",
        ),
        one(
            "more concurrency than Knative allows",
            &[],
            &json!({"containerConcurrency": 1001}),
            "KS121 /spec/predictor/containerConcurrency",
        ),
        one(
            "a target that was meant for another autoscaler",
            &[(KSERVE_CLASS, "hpa")],
            &json!({"scaleTarget": 80}),
            "KS206 /spec/predictor/scaleTarget",
        ),
    ]
}

fn in_standard_mode() -> Vec<Trap> {
    let cpu = json!({"type": "Resource", "resource": {
        "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80},
    }});
    let untyped = json!({"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 80}}});
    let behavior = json!({"scaleDown": {"stabilizationWindowSeconds": 60}});
    vec![
        one(
            "concurrency",
            &[STANDARD],
            &json!({"scaleMetric": "concurrency", "maxReplicas": 3}),
            "KS202 /spec/predictor/scaleMetric",
        ),
        one(
            "an external metric without the class keda",
            &[STANDARD],
            &json!({"maxReplicas": 3, "autoScaling": {"metrics": [external()]}}),
            "KS214 /spec/predictor/autoScaling/metrics/0",
        ),
        one(
            "a target of zero",
            &[STANDARD],
            &json!({"scaleMetric": "cpu", "scaleTarget": 0, "maxReplicas": 3}),
            "KS122 /spec/predictor/scaleTarget",
        ),
        one(
            "memory without a target",
            &[STANDARD],
            &json!({"scaleMetric": "memory", "maxReplicas": 3}),
            "KS203 /spec/predictor/scaleMetric",
        ),
        one(
            "scale to zero",
            &[STANDARD],
            &json!({"minReplicas": 0, "maxReplicas": 3}),
            "KS304 /spec/predictor/minReplicas",
        ),
        one(
            "no maxReplicas",
            &[STANDARD, (KSERVE_CLASS, "hpa")],
            &json!({"scaleMetric": "cpu", "scaleTarget": 80}),
            "KS301 /spec/predictor/scaleMetric",
        ),
        one(
            "behavior with KServe's HPA",
            &[STANDARD],
            &json!({"maxReplicas": 3, "autoScaling": {"behavior": behavior, "metrics": [cpu]}}),
            "KS212 /spec/predictor/autoScaling/behavior",
        ),
        one(
            "scaleMetricType",
            &[STANDARD],
            &json!({"scaleMetric": "cpu", "scaleMetricType": "AverageValue", "scaleTarget": 80, "maxReplicas": 3}),
            "KS218 /spec/predictor/scaleMetricType",
        ),
        one(
            "an unknown class on the component",
            &[STANDARD],
            &at_component(KSERVE_CLASS, "foo", None),
            "KS124 /spec/predictor/annotations/serving.kserve.io~1autoscalerClass",
        ),
        one(
            "a target without a type",
            &[STANDARD, (KSERVE_CLASS, "hpa")],
            &json!({"maxReplicas": 3, "autoScaling": {"metrics": [untyped]}}),
            "KS122 /spec/predictor/autoScaling/metrics/0/resource/target",
        ),
        trap(
            "a container without the request that the percentage is of",
            vec![side_container()],
            "KS403 /spec/predictor/containers/1",
        ),
    ]
}

fn side_container() -> Value {
    let containers =
        json!([{"name": "kserve-container", "image": "i"}, {"name": "side", "image": "i"}]);
    let mut object = service(
        &[STANDARD],
        &json!({"maxReplicas": 3, "scaleMetric": "cpu", "containers": containers}),
    );
    if let Some(predictor) = object["spec"]["predictor"].as_object_mut() {
        predictor.remove("model");
    }
    object
}

/// What stands around the object: its runtime, its cluster, its status.
fn around() -> Vec<Trap> {
    let runtime = json!({
        "apiVersion": "serving.kserve.io/v1alpha1", "kind": "ClusterServingRuntime", "metadata": {"name": "shared"},
        "spec": {
            "annotations": {CLASS: HPA}, "supportedModelFormats": [{"name": "sklearn", "autoSelect": true}],
            "containers": [{"name": "kserve-container", "resources": {"requests": {"cpu": "1"}}}],
        },
    });
    let standard_by_default = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "inferenceservice-config", "namespace": "kserve"},
        "data": {"deploy": "{\"defaultDeploymentMode\": \"Standard\"}", "ingress": "{}", "storageInitializer": "{}"},
    });
    let mut recorded = service(&[], &json!({}));
    recorded["status"] = json!({"deploymentMode": "Knative"});
    let mut held = service(
        &[("serving.kserve.io/disable-auto-update", "true")],
        &json!({}),
    );
    held["status"] =
        json!({"deploymentMode": "Knative", "conditions": [{"type": "Ready", "status": "True"}]});
    vec![
        trap(
            "a class from the runtime",
            vec![runtime, service(&[], &json!({"maxReplicas": 3}))],
            "KS114 /spec/predictor",
        ),
        trap(
            "a recorded mode and another default",
            vec![standard_by_default, recorded],
            "KS120 /metadata",
        ),
        trap(
            "edits that are not applied",
            vec![held],
            "KS702 /metadata/annotations/serving.kserve.io~1disable-auto-update",
        ),
    ]
}
