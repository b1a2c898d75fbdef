//! Manifests as a large repository has them, for `lint`: mostly right, some not, with comments and neighbours.

use crate::failure::Failure;
use std::fmt::Write as _;
use std::path::Path;

/// How many files are written.
pub(super) const FILES: usize = 10_000;

/// Writes them into `folder`, the same ones every time. Gives the bytes in all.
pub(super) fn write(folder: &Path) -> Result<usize, Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(
            format!("cannot write manifests for the bench: {error}"),
            "is there room in the temporary folder?",
        )
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut bytes = 0;
    for number in 0..FILES {
        let text = manifest(number);
        bytes += text.len();
        std::fs::write(folder.join(format!("{number:05}.yaml")), text).map_err(failed)?;
    }
    Ok(bytes)
}

/// Of ten, seven are right, two have a setting that is lost, one is a Deployment, which is passed over. Writing to a String
/// cannot fail, so results are dropped.
fn manifest(number: usize) -> String {
    let mut text = String::new();
    if number % 10 == 9 {
        let _ = write!(
            text,
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-{number}\n  namespace: team-{}\n  labels:\n    app: web\n\
             spec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: web\n  template:\n    metadata:\n      labels:\n        app: web\n\
             \x20   spec:\n      containers:\n        - name: web\n          image: registry.example/web:1.{number}\n          ports:\n\
             \x20           - containerPort: 8080\n",
            number % 7
        );
        return text;
    }
    let _ = write!(
        text,
        "# Model {number} of the catalogue.\napiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata:\n  name: model-{number}\n\
         \x20 namespace: team-{}\n  labels:\n    app.kubernetes.io/part-of: catalogue\n  annotations:\n    example.com/owner: \"team-{}\"\n\
         spec:\n  predictor:\n    minReplicas: 1\n    maxReplicas: {}\n    scaleMetric: concurrency\n    scaleTarget: {}\n",
        number % 7,
        number % 7,
        2 + number % 5,
        5 + number % 20
    );
    if number % 10 == 3 || number % 10 == 6 {
        text.push_str(
            "    resources: # lost beside the model\n      requests:\n        cpu: 500m\n",
        );
    }
    let _ = write!(
        text,
        "    model:\n      modelFormat:\n        name: sklearn\n      storageUri: s3://models/{number}\n      resources:\n        requests:\n\
         \x20         cpu: \"1\"\n          memory: 2Gi\n        limits:\n          cpu: \"1\"\n          memory: 2Gi\n"
    );
    text
}
