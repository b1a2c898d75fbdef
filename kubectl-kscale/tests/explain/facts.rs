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
        let answer = answer(&["-f", "examples/stopped.yaml", "--kserve-version", version]);
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
