//! Kustomizations, their patches, and manifests that they only list.

use super::super::{BERT, IRIS, folder, text_of, to_hpa};
use super::{changed, refused};

const BASE: &str =
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- bert.yaml\n";

const OVERLAY: &str = "\
resources:
- ../base
patches:
- path: scale.yaml
- path: patches/ops.yaml
  target: {kind: InferenceService, name: bert}
- patch: |
    - op: remove
      path: /spec/predictor/maxReplicas
  target: {kind: InferenceService}
";

const MERGE: &str = "\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: bert
spec:
  predictor:
    maxReplicas: 20
";

const OPS: &str =
    "---\n# more of them\n- op: replace\n  path: /spec/predictor/maxReplicas\n  value: 30\n";

fn tree() -> tempfile::TempDir {
    folder(&[
        ("base/kustomization.yaml", BASE),
        ("base/bert.yaml", BERT),
        ("prod/kustomization.yml", OVERLAY),
        ("prod/scale.yaml", MERGE),
        ("prod/patches/ops.yaml", OPS),
    ])
}

#[test]
fn what_a_kustomization_lists_is_changed_as_usual() {
    let files = tree();
    changed(files.path(), "base/bert.yaml");
    assert!(text_of(files.path(), "base/bert.yaml").contains("# Measured last spring."));
}

#[test]
fn a_folder_with_its_kustomization_is_changed_as_usual() {
    let files = tree();
    let ran = to_hpa(files.path(), &["-f", "base", "--write"]);
    assert_eq!(
        (ran.stdout.as_str(), ran.code),
        ("changed base/bert.yaml\n", 0),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_kustomization_is_no_manifest() {
    let files = tree();
    insta::assert_snapshot!(refused(files.path(), "base/kustomization.yaml"), @"
    error: base/kustomization.yaml: it tells Kustomize what to put together, and is no manifest
    hint: change the manifests that it lists under resources
    hint: what would come of all of it: kustomize build base | kubectl kscale switch -f - --to hpa
    ");
    let component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: []\n";
    let files = folder(&[("any.yaml", component)]);
    let stderr = refused(files.path(), "any.yaml");
    assert!(
        stderr.contains("it tells Kustomize what to put together"),
        "{stderr}"
    );
}

#[test]
fn a_merge_patch_is_known_by_the_kustomization_that_lists_it() {
    let files = tree();
    insta::assert_snapshot!(refused(files.path(), "prod/scale.yaml"), @"
    error: prod/scale.yaml:4:9: it is a patch that prod/kustomization.yml applies, and no manifest
    hint: change the manifest that it is applied to, if nothing in the patch decides on scaling
    hint: what would come of all of it: kustomize build prod | kubectl kscale switch -f - --to hpa
    hint: with -o json, that prints the edits as a JSON Patch, which can stand under patches: in the kustomization
    ");
    // Even one that looks whole.
    std::fs::write(files.path().join("prod/scale.yaml"), BERT).unwrap();
    let stderr = refused(&files.path().join("prod"), "scale.yaml");
    assert!(
        stderr.contains("it is a patch that kustomization.yml applies"),
        "{stderr}"
    );
}

#[test]
fn operations_are_a_patch() {
    let files = tree();
    let stderr = refused(files.path(), "prod/patches/ops.yaml");
    assert!(
        stderr.starts_with("error: prod/patches/ops.yaml: it is a JSON Patch (RFC 6902) that prod/kustomization.yml applies, and no manifest\n"),
        "{stderr}"
    );
    let json = r#"[{"op": "add", "path": "/spec/x", "value": 1}]"#;
    let files = folder(&[("ops.json", json), ("list.yaml", "- a\n- b\n")]);
    let stderr = refused(files.path(), "ops.json");
    assert!(
        stderr.contains("it is a JSON Patch (RFC 6902), as Kustomize applies it"),
        "{stderr}"
    );
    let stderr = refused(files.path(), "list.yaml");
    assert!(
        stderr.contains("a Kubernetes object is a mapping"),
        "{stderr}"
    );
}

#[test]
fn patches_that_nobody_lists_are_known_by_what_they_lack() {
    let model = IRIS.replace(
        "modelFormat: {name: sklearn}",
        "resources: {limits: {cpu: \"2\"}}",
    );
    let directed = IRIS.replace(
        "    minReplicas: 1\n",
        "    $patch: replace\n    minReplicas: 1\n",
    );
    let service = "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: hello}\nspec:\n  template:\n    metadata:\n      annotations: {a: b}\n";
    let files = folder(&[
        ("bounds.yaml", MERGE),
        ("model.yaml", &model),
        ("directed.yaml", &directed),
        ("service.yaml", service),
        (
            "none.yaml",
            "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: bert}\n",
        ),
    ]);
    for file in ["bounds.yaml", "model.yaml", "service.yaml", "none.yaml"] {
        let stderr = refused(files.path(), file);
        assert!(
            stderr.contains("it is a patch, and no manifest"),
            "{file}: {stderr}"
        );
    }
    let stderr = refused(files.path(), "directed.yaml");
    assert!(stderr.contains("as $patch shows"), "{stderr}");
}

/// What only a selector leaves out is in nobody's way.
#[test]
fn patches_that_are_not_meant_are_passed_over() {
    let files = folder(&[("iris.yaml", IRIS), ("patch.yaml", MERGE)]);
    let ran = to_hpa(files.path(), &["-f", ".", "--name", "iris", "-o", "yaml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran = to_hpa(files.path(), &["-f", ".", "--write"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 2));
    assert!(
        ran.stderr
            .contains("nothing is changed: all that is meant is, or none of it"),
        "{}",
        ran.stderr
    );
}

#[test]
fn operations_beside_what_is_meant_are_told() {
    let files = folder(&[("iris.yaml", IRIS), ("ops.yaml", OPS)]);
    let ran = to_hpa(files.path(), &["-f", ".", "--write"]);
    assert_eq!(
        (ran.stdout.as_str(), ran.code),
        ("changed ./iris.yaml\n", 0),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("warning: ./ops.yaml: it is a JSON Patch (RFC 6902), as Kustomize applies it, and no manifest: passed over\n"),
        "{}",
        ran.stderr
    );
}
