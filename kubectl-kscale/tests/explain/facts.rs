//! What is known of the cluster changes the answer.

use serde_json::Value;

use crate::process::{explain, fixture};

fn answer(arguments: &[&str]) -> Value {
    let text = explain(&[arguments, &["-o", "json"]].concat())
        .run()
        .clean();
    serde_json::from_str(&text).unwrap()
}

const MODE: &str = "/items/0/deploymentMode";

#[test]
fn facts_decide_where_the_manifest_is_silent() {
    let (model, facts) = (fixture("cpu.yaml"), fixture("standard-by-default.yaml"));
    let without = answer(&["-f", &model]);
    assert_eq!(without.pointer(MODE).unwrap(), "Knative");
    assert_eq!(without["facts"]["source"], "defaults");
    let with = answer(&["-f", &model, "--facts", &facts]);
    assert_eq!(with.pointer(MODE).unwrap(), "Standard");
    assert_eq!(with["facts"]["source"], "snapshot");
}

#[test]
fn facts_may_stand_among_the_manifests_and_are_not_passed_over() {
    let (model, facts) = (fixture("cpu.yaml"), fixture("standard-by-default.yaml"));
    let answer = answer(&["-f", &model, "-f", &facts]);
    assert_eq!(answer.pointer(MODE).unwrap(), "Standard");
}

#[test]
fn manifests_are_laid_over_the_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let local = folder.path().join("local.yaml");
    let manifest = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: inferenceservice-config, namespace: kserve}
data: {deploy: '{\"defaultDeploymentMode\": \"Knative\"}'}
";
    std::fs::write(&local, manifest).unwrap();
    let (model, facts) = (fixture("cpu.yaml"), fixture("standard-by-default.yaml"));
    let answer = answer(&[
        "-f",
        &model,
        "--facts",
        &facts,
        "-f",
        local.to_str().unwrap(),
    ]);
    assert_eq!(answer.pointer(MODE).unwrap(), "Knative");
}

#[test]
fn facts_come_from_standard_input_too() {
    let manifest =
        std::fs::read(crate::process::root().join(fixture("standard-by-default.yaml"))).unwrap();
    let text = explain(&["-f", &fixture("cpu.yaml"), "--facts", "-"])
        .stdin(manifest)
        .run()
        .clean();
    assert!(text.contains("  Standard mode  "), "{text}");
}

#[test]
fn facts_that_cannot_be_read_are_an_error_and_the_rest_is_explained() {
    let ran = explain(&[
        "-f",
        &fixture("cpu.yaml"),
        "--facts",
        "missing.yaml",
        "-o",
        "name",
    ])
    .run();
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stdout, "inferenceservice.serving.kserve.io/cpu\n");
    assert!(
        ran.stderr.starts_with("error: missing.yaml: no such file"),
        "{}",
        ran.stderr
    );
}

#[test]
fn the_release_of_kserve_changes_the_answer() {
    let ask = |version: &str| {
        let answer = answer(&[
            "-f",
            "examples/stopped.yaml",
            "--kserve-version",
            version,
            "--knative-version",
            "1.23.0",
        ]);
        assert_eq!(answer["facts"]["kserveVersion"], version);
        assert_eq!(answer["items"][0]["versions"], serde_json::json!([]));
        answer
            .pointer("/items/0/components/0/autoscaler")
            .unwrap()
            .clone()
    };
    assert_eq!(ask("0.20.0"), "stopped");
    assert_eq!(ask("0.14.0"), "kpa");
}

#[test]
fn the_release_of_knative_is_known_once_it_is_given() {
    let answer = answer(&["-f", &fixture("cpu.yaml"), "--knative-version", "1.21.0"]);
    assert_eq!(answer["facts"]["knativeVersion"], "1.21.0");
    let assumed = answer["facts"]["assumed"].to_string();
    assert!(!assumed.contains("Knative Serving is 1."), "{assumed}");
}

/// A Knative Service of the HPA class with a metric of its own, which 1.0 refuses.
const CUSTOM_METRIC: &str = "\
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: queue, namespace: default}
spec:
  template:
    metadata:
      annotations:
        autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
        autoscaling.knative.dev/metric: queue_length
        autoscaling.knative.dev/target: \"5\"
    spec: {containers: [{image: model}]}
";

fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

const REFUSED: &str = "validation failed: invalid value: queue_length: \
    spec.template.metadata.annotations.autoscaling.knative.dev/metric";

#[test]
fn the_release_of_knative_changes_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let service = file(&folder, "service.yaml", CUSTOM_METRIC);
    let newest = answer(&["-f", &service]);
    let item = &newest["items"][0];
    assert_eq!(item["admission"]["knative"], Value::Null);
    assert_eq!(item["components"][0]["autoscaler"], "knative-hpa");
    assert_eq!(item["components"][0]["metric"], "queue_length");
    let note = &item["versions"][0];
    assert_eq!(note["system"], "knative");
    assert_eq!(
        (&note["from"], &note["until"]),
        (&"1.0.0".into(), &"1.1.0".into())
    );
    assert_eq!(note["differs"][0], format!("Knative refuses it: {REFUSED}"));
    let oldest = answer(&["-f", &service, "--knative-version", "1.0.0"]);
    let item = &oldest["items"][0];
    assert_eq!(item["admission"]["knative"], REFUSED);
    assert_eq!(item["components"][0]["autoscaler"], "unmanaged");
    assert_eq!(item["versions"], serde_json::json!([]));
}

#[test]
fn a_deployment_tells_the_release_of_knative_wherever_it_stands() {
    const CONTROLLER: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: controller
  namespace: knative-serving
  labels: {app.kubernetes.io/version: \"1.0.0\"}
";
    const CONFIG_MAP: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: config-autoscaler, namespace: knative-serving}
data: {min-scale: \"2\"}
";
    let folder = tempfile::tempdir().unwrap();
    let service = file(&folder, "service.yaml", CUSTOM_METRIC);
    let silent = CUSTOM_METRIC.replace("autoscaling.knative.dev/metric: queue_length", "a: b");
    let silent = file(&folder, "silent.yaml", &silent);
    for documents in [[CONTROLLER, CONFIG_MAP], [CONFIG_MAP, CONTROLLER]] {
        let facts = file(&folder, "facts.yaml", &documents.join("---\n"));
        let answer = answer(&["-f", &service, "-f", &silent, "--facts", &facts]);
        assert_eq!(answer["facts"]["knativeVersion"], "1.0.0");
        assert_eq!(answer["items"][0]["admission"]["knative"], REFUSED);
        // 1.0 does not read min-scale from the ConfigMap.
        assert_eq!(answer["items"][1]["components"][0]["minReplicas"], 1);
    }
    let newer = CONTROLLER.replace("1.0.0", "1.1.0");
    let facts = file(&folder, "facts.yaml", &[CONFIG_MAP, &newer].join("---\n"));
    let answer = answer(&["-f", &silent, "--facts", &facts]);
    assert_eq!(answer["items"][0]["components"][0]["minReplicas"], 2);
}

#[test]
fn the_hpa_has_the_api_version_of_the_knative_release() {
    let hpa = |version: &str| {
        let answer = answer(&["-f", &fixture("cpu.yaml"), "--knative-version", version]);
        let created = answer["items"][0]["components"][0]["creates"]
            .as_array()
            .unwrap();
        let hpa = created
            .iter()
            .find(|object| object["kind"] == "HorizontalPodAutoscaler");
        let hpa = hpa.unwrap();
        (
            hpa["apiVersion"].clone(),
            hpa["spec"]["metrics"][0]["resource"].clone(),
        )
    };
    let utilization = serde_json::json!(
        {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 75}});
    assert_eq!(hpa("1.8.0"), ("autoscaling/v2".into(), utilization.clone()));
    assert_eq!(hpa("1.7.4"), ("autoscaling/v2beta2".into(), utilization));
    let older = serde_json::json!({"name": "cpu", "targetAverageUtilization": 75});
    assert_eq!(hpa("1.0.2"), ("autoscaling/v2beta1".into(), older));
}

#[test]
fn a_config_map_that_kubernetes_refuses_decides_nothing() {
    let config = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: config-autoscaler, namespace: knative-serving}
data:
  container-concurrency-target-default: 7
";
    for flag in ["-f", "--facts"] {
        let ran = explain(&["-f", &fixture("cpu.yaml"), flag, "-", "-o", "json"])
            .stdin(config)
            .run();
        assert_eq!(ran.code, 2);
        let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
        let assumed = answer["facts"]["assumed"].as_array().unwrap();
        assert!(assumed.contains(&"config-autoscaler is as shipped".into()));
        insta::allow_duplicates! {
            insta::assert_snapshot!(ran.stderr, @"
            error: <stdin>:5:41: Kubernetes refuses the ConfigMap config-autoscaler, so it is left out: data.container-concurrency-target-default is a number, not text
            hint: every value of a ConfigMap is text; put it in quotes
            ");
        }
    }
}

#[test]
fn facts_that_tell_nothing_are_most_likely_the_wrong_file() {
    let ran = explain(&[
        "-f",
        &fixture("cpu.yaml"),
        "--facts",
        "examples",
        "-o",
        "name",
    ])
    .run();
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.stderr, @"
    warning: --facts tells nothing about KServe or Knative: everything is assumed
    hint: give the ConfigMaps, Deployments and CustomResourceDefinitions of the cluster, as plain objects
    ");
}

#[test]
fn a_runtime_among_manifests_is_not_the_only_one_there_may_be() {
    const RUNTIME: &str = "\
apiVersion: serving.kserve.io/v1alpha1
kind: ClusterServingRuntime
metadata: {name: mine}
spec:
  supportedModelFormats: [{name: onnx, autoSelect: true}]
  containers: [{name: kserve-container, resources: {requests: {cpu: \"2\"}}}]
";
    let folder = tempfile::tempdir().unwrap();
    let runtime = file(&folder, "runtime.yaml", RUNTIME);
    // It takes onnx; the model is of sklearn.
    let among = answer(&["-f", &fixture("cpu.yaml"), "-f", &runtime]);
    let component = &among["items"][0]["components"][0];
    assert_eq!(component["autoscaler"], "knative-hpa");
    assert_eq!(component["failure"], Value::Null);
    let assumed = among["facts"]["assumed"].to_string();
    assert!(assumed.contains("other than those given"), "{assumed}");
    // Facts stand for the cluster: there it would be the only one.
    let facts = answer(&["-f", &fixture("cpu.yaml"), "--facts", &runtime]);
    let failure = facts["items"][0]["components"][0]["failure"].to_string();
    assert!(failure.contains("no runtime found"), "{failure}");
}
