//! What is known of the cluster counts for manifests, too.

use super::{BERT, IRIS, folder, switch, text_of};
use crate::process::root;

/// Knative Serving without its HPA extension, and the object as it runs in Standard mode.
const CLUSTER: &str = "\
apiVersion: v1
kind: Namespace
metadata: {name: knative-serving}
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: bert
  namespace: ml
  annotations: {serving.kserve.io/deploymentMode: Standard}
spec: {predictor: {model: {modelFormat: {name: huggingface}}}}
status: {deploymentMode: Standard}
";

#[test]
fn the_mode_in_which_it_runs_decides() {
    let files = folder(&[("bert.yaml", BERT), ("cluster.yaml", CLUSTER)]);
    let ran = switch(&[
        "--to",
        "kpa",
        "-f",
        "bert.yaml",
        "--facts",
        "cluster.yaml",
        "-n",
        "ml",
        "--write",
    ])
    .within(files.path())
    .run();
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 2), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("error: bert.yaml:5:9: bert: "),
        "{}",
        ran.stderr
    );
    let ran = switch(&[
        "--to",
        "hpa",
        "-f",
        "bert.yaml",
        "--facts",
        "cluster.yaml",
        "-n",
        "ml",
        "--write",
    ])
    .within(files.path())
    .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let after = text_of(files.path(), "bert.yaml");
    // In Standard mode that is KServe's own HPA; what only the cluster has written is not put into the file.
    assert!(
        !after.contains("deploymentMode") && !after.contains("autoscaling.knative.dev"),
        "{after}"
    );
    assert!(
        !after.contains("status") && !after.contains("namespace"),
        "{after}"
    );
}

/// The object that the snapshot of the examples holds, as a manifest.
const LIVE: &str = "\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: bert
  namespace: ml
  annotations:
    autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
spec:
  predictor:
    minReplicas: 2
    maxReplicas: 6
    scaleMetric: cpu
    scaleTarget: 75
    model:
      modelFormat:
        name: huggingface
      storageUri: hf://google-bert/bert-base-uncased
";

/// Three pods run there, which is of no concern to a manifest unless it is asked for.
#[test]
fn the_present_number_of_pods_is_written_only_where_it_is_asked_for() {
    let cluster = root().join("examples/cluster");
    let ask = |more: &[&str]| {
        let files = folder(&[("bert.yaml", LIVE)]);
        let usual = [
            "--to",
            "kpa",
            "--target",
            "10",
            "-f",
            "bert.yaml",
            "--write",
        ];
        let facts = ["--facts", cluster.to_str().unwrap()];
        let ran = switch(&[&usual[..], &facts, more].concat())
            .within(files.path())
            .run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        text_of(files.path(), "bert.yaml")
    };
    assert!(!ask(&[]).contains("initial-scale"));
    let kept = ask(&["--keep-capacity"]);
    assert!(
        kept.contains("autoscaling.knative.dev/initial-scale: \"3\""),
        "{kept}"
    );
}

#[test]
fn capacity_that_nobody_knows_cannot_be_kept() {
    let files = folder(&[("iris.yaml", IRIS)]);
    let ran = super::to_hpa(files.path(), &["-f", "iris.yaml", "--keep-capacity"]);
    assert_eq!(ran.code, 0);
    assert!(!ran.stdout.contains("initial-scale"), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("warning: --keep-capacity has no effect where nobody says how many pods run\nhint: --facts "),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_must_be_deleted_in_the_cluster_is_told_as_a_command() {
    let files = folder(&[]);
    let example = root().join("examples/standard-hpa.yaml");
    let arguments = ["--to", "keda", "-n", "ml", "-f", example.to_str().unwrap()];
    let ran = switch(&arguments).within(files.path()).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains(
            "         kubectl delete horizontalpodautoscaler.autoscaling churn-predictor -n ml\n"
        ),
        "{}",
        ran.stderr
    );
}
