//! `switch -f`.

mod command_line;
mod comments;
mod data;
mod facts;
mod foreign;
mod patches;
mod property;
mod selection;
mod streams;
mod writing;

use std::path::Path;

use tempfile::TempDir;

use crate::process::{Ran, Run, kscale};

/// Knative mode, scaled by Knative's own autoscaler, with everything that an editor could lose.
pub(crate) const BERT: &str = "\
# The search team's model.
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: bert   # as in the paper
  labels: {team: 'search'}
spec:
  predictor:
    minReplicas: 1    # never to zero
    maxReplicas: 5
    # Measured last spring.
    scaleTarget: 10
    model:
      modelFormat:
        name: \"huggingface\"
      storageUri: s3://models/bert   # pinned
      resources:
        requests: {cpu: \"1\", memory: 2Gi}
";

/// The same kind of thing under another name and team.
pub(crate) const IRIS: &str = "\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  namespace: lab
  labels:
    team: flowers
spec:
  predictor:
    minReplicas: 1
    maxReplicas: 3
    model:
      modelFormat: {name: sklearn}
      storageUri: s3://models/iris
";

/// Without a request for the cpu, of which the HPA is to count percent: an error afterwards.
pub(crate) const GREEDY: &str = "\
apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: greedy
spec:
  template:
    metadata:
      annotations: {autoscaling.knative.dev/max-scale: \"3\"}
    spec:
      containers:
      - image: registry.example.com/greedy:1
";

/// Something else in the same file.
pub(crate) const CONFIG: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: info}
";

/// `kubectl kscale switch --to hpa ARGUMENTS` within a folder, on facts that are all assumed.
pub(crate) fn to_hpa(folder: &Path, arguments: &[&str]) -> Ran {
    switch(&[&["--to", "hpa"], arguments].concat())
        .within(folder)
        .run()
}

/// `kubectl kscale switch --offline ARGUMENTS`
pub(crate) fn switch(arguments: &[&str]) -> Run {
    kscale(&[&["switch", "--offline"], arguments].concat()).env("LC_ALL", "C.UTF-8")
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

/// How a text was changed, without the lines around it.
pub(crate) fn changed_lines(diff: &str) -> String {
    let is_change = |line: &&str| {
        (line.starts_with('+') || line.starts_with('-'))
            && !line.starts_with("+++")
            && !line.starts_with("---")
    };
    let lines: Vec<&str> = diff.lines().filter(is_change).collect();
    lines.join("\n")
}
