//! Which workloads are looked at.

use serde_json::Value;

use crate::{CLUSTER, preview};

fn count(arguments: &[&str]) -> Value {
    let asked = [&["--kserve", "0.18.0", "-o", "json"], arguments].concat();
    let answer: Value = serde_json::from_str(&preview(&asked).run().stdout).unwrap();
    answer["summary"]["workloads"].clone()
}

#[test]
fn namespace_and_labels_select_in_a_snapshot() {
    let of = |more: &[&str]| count(&[&["--facts", CLUSTER], more].concat());
    // What KServe has made is its owner's concern.
    assert_eq!(of(&[]), 5);
    assert_eq!(of(&["-A"]), 5);
    assert_eq!(of(&["-n", "ml"]), 4);
    assert_eq!(of(&["-l", "team=nlp"]), 2);
    assert_eq!(of(&["-l", "team in (nlp,vision)", "-n", "ml"]), 3);
    assert_eq!(of(&["-l", "!team"]), 2);
    assert_eq!(of(&["-l", "team!=nlp"]), 3);
}

#[test]
fn nothing_selected_is_an_error_that_says_so() {
    let ran = preview(&["--kserve", "0.18.0", "--facts", CLUSTER, "-n", "nowhere"]).run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("no workload was found"),
        "{}",
        ran.stderr
    );
}

const MANIFEST: &str = "\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: serverless, namespace: ml}
spec:
  predictor:
    model: {modelFormat: {name: sklearn}, storageUri: \"s3://models/serverless\"}
";

/// The mode of an object in the cluster is recorded in its status, which no manifest has.
#[test]
fn a_manifest_is_laid_over_its_object_in_the_snapshot() {
    let causes = |arguments: &[&str]| {
        let asked = [&["--kserve", "0.18.0", "-f", "-", "-o", "json"], arguments].concat();
        let ran = preview(&asked).stdin(MANIFEST).run();
        let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
        let items = answer["items"].as_array().unwrap().iter();
        let changes = items.flat_map(|item| item["changes"].as_array().unwrap());
        changes
            .map(|change| change["cause"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    // The object has an annotation that an apply leaves there, and that locks it.
    assert_eq!(causes(&["--facts", CLUSTER]), ["locked"]);
    assert!(causes(&["--kserve-version", "0.15.2"]).is_empty());
}
