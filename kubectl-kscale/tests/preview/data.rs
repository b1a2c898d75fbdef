//! What programs read.

use serde_json::Value;

use crate::process::{kscale, root};
use crate::{CLUSTER, preview};

/// Upgrades that change something, and one that does not.
const QUESTIONS: [&[&str]; 5] = [
    &["--kserve", "0.16.0", "--facts", CLUSTER],
    &[
        "--kserve",
        "main",
        "--knative",
        "1.23.0",
        "--kubernetes",
        "1.33",
        "--facts",
        CLUSTER,
    ],
    &["--kserve", "0.15.2", "--facts", CLUSTER],
    &[
        "--kserve",
        "0.20.0",
        "--kserve-version",
        "0.11.2",
        "-f",
        "examples",
    ],
    &[
        "--knative",
        "1.0.0",
        "--knative-version",
        "1.23.0",
        "-f",
        "examples",
    ],
];

fn schema() -> jsonschema::Validator {
    let text = kscale(&["generate", "preview-schema"]).run().clean();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn answer(question: &[&str]) -> Value {
    let ran = preview(&[question, &["-o", "json"]].concat()).run();
    assert_eq!(ran.stderr, "");
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn every_answer_fits_the_schema_and_yaml_says_the_same() {
    let schema = schema();
    for question in QUESTIONS {
        let answer = answer(question);
        let errors: Vec<_> = schema
            .iter_errors(&answer)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{question:?}: {errors:#?}");
        let yaml = preview(&[question, &["-o", "yaml"]].concat()).run().stdout;
        assert_eq!(serde_yaml::from_str::<Value>(&yaml).unwrap(), answer);
    }
    assert!(!schema.is_valid(&serde_json::json!({"kind": "PreviewList"})));
}

#[test]
fn the_schema_is_up_to_date() {
    let kept = root().join("docs/schema/kscale.dev_v1alpha1_PreviewList.json");
    let kept = std::fs::read_to_string(kept).unwrap_or_default();
    let new = kscale(&["generate", "preview-schema"]).run().clean();
    assert!(kept == new, "out of date: run `cargo xtask docs`");
}

#[test]
fn changes_carry_exact_texts_values_and_the_releases_that_do_so() {
    let answer = answer(&["--kserve", "0.18.0", "--facts", CLUSTER]);
    assert_eq!(
        answer["upgrade"]["kserve"],
        serde_json::json!({"from": "0.15.2", "to": "0.18.0", "known": true})
    );
    assert_eq!(
        answer["summary"],
        serde_json::json!({"workloads": 5, "changed": 4, "broken": 3})
    );
    let raw = &answer["items"][0];
    assert_eq!(raw["object"]["name"], "raw");
    let locked = &raw["changes"][0];
    assert_eq!(locked["cause"], "locked");
    assert_eq!(
        locked["text"],
        "update rejected: deploymentMode cannot be changed from 'RawDeployment' to 'Standard'"
    );
    assert_eq!(
        (&locked["since"], &locked["until"]),
        (&"0.17.0".into(), &"0.19.0".into())
    );
    let causes: Vec<&str> = answer["causes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cause| cause["cause"].as_str().unwrap())
        .collect();
    assert_eq!(
        causes,
        ["locked", "fails", "orphaned", "mode", "rolled-on-update"]
    );
}

#[test]
fn names_are_those_of_the_workloads_that_change() {
    let ran = preview(&[
        "--kserve", "0.20.0", "--facts", CLUSTER, "-n", "batch", "-o", "name",
    ])
    .run();
    assert_eq!(ran.code, 1);
    assert_eq!(ran.stdout, "inferenceservice.serving.kserve.io/stopped\n");
}

/// The recordings name Kubernetes otherwise than a snapshot does.
#[test]
fn the_kubernetes_that_runs_is_told_by_snapshots_and_recordings() {
    let from = |facts: &str| {
        let text = format!(
            "{facts}---\napiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {{name: a, namespace: b}}\nspec: {{template: \
             {{spec: {{containers: [{{image: i}}]}}}}}}\n"
        );
        let arguments = ["--kubernetes", "1.36", "--facts", "-", "-o", "json"];
        let ran = preview(&arguments).stdin(text).run();
        let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
        answer["upgrade"]["kubernetes"]["from"].clone()
    };
    let snapshot =
        "apiVersion: kscale.dev/v1alpha1\nkind: Snapshot\nserverVersion: {gitVersion: v1.32.2}\n";
    let recording =
        "apiVersion: live.recording/v1\nkind: ServerVersion\nversion: {gitVersion: v1.34.1+k3s1}\n";
    assert_eq!(from(snapshot), "1.32");
    assert_eq!(from(recording), "1.34");
    assert_eq!(
        from("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"),
        Value::Null
    );
}
