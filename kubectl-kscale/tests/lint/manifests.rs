//! What is judged here. One rule and those on comments are enough: what each rule finds is tested with the rules.

use std::path::Path;

use tempfile::TempDir;

use crate::process::{Run, kscale};

/// Loses the predictor's resources: a warning, and a fix that needs a review.
pub(crate) const LOST: &str = "\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
spec:
  predictor:
    resources: {requests: {cpu: 100m}}
    model:
      modelFormat: {name: sklearn}
      storageUri: s3://models/iris
";

/// Loses them where a percentage of CPU is meant to be of them: an error.
pub(crate) const ERROR: &str = "\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: percent
  annotations:
    autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    autoscaling.knative.dev/metric: cpu
    autoscaling.knative.dev/target: \"75\"
spec:
  predictor:
    resources:
      requests:
        cpu: 100m
    model:
      modelFormat: {name: sklearn}
      storageUri: s3://models/iris
";

/// Nothing to say about it.
pub(crate) const RIGHT: &str = "\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: right
spec:
  predictor:
    model:
      modelFormat: {name: sklearn}
      storageUri: s3://models/iris
";

/// `kubectl kscale lint ARGUMENTS` by these rules alone, whatever `.kscale.yaml` lies above the temporary folder.
pub(crate) fn lint(arguments: &[&str]) -> Run {
    let rules = ["--no-config", "--select", "KS401,KS9"];
    kscale(&[&["lint"], &rules[..], arguments].concat())
}

/// [`lint`] of one text on standard input.
pub(crate) fn lint_text(text: &str, arguments: &[&str]) -> Run {
    lint(&[&["-f", "-"], arguments].concat()).stdin(text)
}

/// A folder with these files in it.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// A file of such a folder.
pub(crate) fn text_of(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Documents of one file.
pub(crate) fn documents(texts: &[&str]) -> String {
    texts.join("---\n")
}
