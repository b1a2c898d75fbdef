//! What is known of the cluster counts for manifests, too.

use super::{BERT, folder, switch, text_of};

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
