//! What is not changed stays, byte for byte.

use super::{BERT, CONFIG, IRIS, folder, text_of, to_hpa};

#[test]
fn comments_quotes_and_order_stay() {
    let files = folder(&[("bert.yaml", BERT)]);
    let ran = to_hpa(files.path(), &["-f", "bert.yaml", "--write"]);
    assert_eq!(
        (ran.stdout.as_str(), ran.code),
        ("changed bert.yaml\n", 0),
        "{}",
        ran.stderr
    );
    insta::assert_snapshot!(text_of(files.path(), "bert.yaml"), @r#"
    # The search team's model.
    apiVersion: serving.kserve.io/v1beta1
    kind: InferenceService
    metadata:
      name: bert   # as in the paper
      labels: {team: 'search'}
      annotations:
        autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    spec:
      predictor:
        minReplicas: 1    # never to zero
        maxReplicas: 5
        # Measured last spring.
        scaleTarget: 80
        model:
          modelFormat:
            name: "huggingface"
          storageUri: s3://models/bert   # pinned
          resources:
            requests: {cpu: "1", memory: 2Gi}
        scaleMetric: cpu
    "#);
}

#[test]
fn other_documents_stay_as_they_are() {
    let text = format!("# above\n{CONFIG}---\n{BERT}---\n# between\n{IRIS}--- # end\n{CONFIG}");
    let files = folder(&[("all.yaml", &text)]);
    let ran = to_hpa(
        files.path(),
        &["-f", "all.yaml", "--name", "bert", "--write"],
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let after = text_of(files.path(), "all.yaml");
    assert!(
        after.starts_with(&format!("# above\n{CONFIG}---\n# The search")),
        "{after}"
    );
    assert!(
        after.ends_with(&format!("---\n# between\n{IRIS}--- # end\n{CONFIG}")),
        "{after}"
    );
    assert!(after.contains("hpa.autoscaling.knative.dev"), "{after}");
}

#[test]
fn items_of_lists_are_edited_in_place() {
    let indented = |text: &str| {
        let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
        lines.join("\n")
    };
    let item = |text: &str| indented(text).replacen("  ", "- ", 1);
    let iris = item(IRIS);
    let text = format!(
        "apiVersion: v1\nkind: List\nitems:\n# first\n{iris}\n# second\n{}\n",
        item(BERT.split_once('\n').unwrap().1)
    );
    let files = folder(&[("list.yaml", &text)]);
    let ran = to_hpa(
        files.path(),
        &["-f", "list.yaml", "--name", "bert", "--write"],
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let after = text_of(files.path(), "list.yaml");
    assert!(
        after.contains(&format!("# first\n{iris}\n# second\n")),
        "{after}"
    );
    assert!(after.contains("# Measured last spring."), "{after}");
    assert!(
        after.contains("autoscaling.knative.dev/class: hpa.autoscaling.knative.dev"),
        "{after}"
    );
}

#[test]
fn json_stays_json() {
    let value: serde_json::Value = serde_yaml::from_str(IRIS).unwrap();
    let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
    let files = folder(&[("iris.json", &text)]);
    let ran = to_hpa(files.path(), &["-f", "iris.json", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let after = text_of(files.path(), "iris.json");
    let read: serde_json::Value = serde_json::from_str(&after).unwrap();
    assert_eq!(
        read["metadata"]["annotations"]["autoscaling.knative.dev/class"],
        "hpa.autoscaling.knative.dev"
    );
}

#[test]
fn a_namespace_that_is_only_assumed_is_not_written() {
    let files = folder(&[("bert.yaml", BERT)]);
    let ran = to_hpa(files.path(), &["-f", "bert.yaml", "-n", "ml", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!text_of(files.path(), "bert.yaml").contains("namespace"));
    assert!(
        ran.stderr.starts_with("isvc/bert in ml: "),
        "{}",
        ran.stderr
    );
}

#[test]
fn line_breaks_of_windows_stay() {
    let files = folder(&[("bert.yaml", &BERT.replace('\n', "\r\n"))]);
    let ran = to_hpa(files.path(), &["-f", "bert.yaml", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let after = text_of(files.path(), "bert.yaml");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
}
