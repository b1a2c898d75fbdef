//! Which objects are changed.

use super::{BERT, CONFIG, IRIS, folder, switch, text_of, to_hpa};

fn all() -> tempfile::TempDir {
    folder(&[("all.yaml", &format!("{BERT}---\n{IRIS}---\n{CONFIG}"))])
}

/// The names of what would be changed.
fn names(arguments: &[&str]) -> Vec<String> {
    let files = all();
    let ran = to_hpa(
        files.path(),
        &[&["-f", "all.yaml", "-o", "name"], arguments].concat(),
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let name = |line: &str| line.rsplit('/').next().unwrap_or_default().to_owned();
    ran.stdout.lines().map(name).collect()
}

#[test]
fn all_of_a_kind_that_is_switched_are_meant_unless_some_are_selected() {
    assert_eq!(names(&[]), ["bert", "iris"]);
    assert_eq!(names(&["--name", "iris"]), ["iris"]);
    assert_eq!(
        names(&["--name", "iris", "--name", "bert"]),
        ["bert", "iris"]
    );
    assert_eq!(names(&["-l", "team=search"]), ["bert"]);
    assert_eq!(
        names(&["-l", "team in (search, flowers)", "--name", "iris"]),
        ["iris"]
    );
}

/// Those without one are taken to be of it, as kubectl does.
#[test]
fn a_namespace_selects() {
    assert_eq!(names(&["-n", "lab"]), ["bert", "iris"]);
    assert_eq!(names(&["-n", "ml"]), ["bert"]);
}

#[test]
fn what_is_not_there_is_an_error() {
    let files = all();
    let ran = to_hpa(files.path(), &["-f", "all.yaml", "--name", "brt"]);
    assert_eq!(
        ran.refused(),
        "error: no object among the manifests is called brt\nhint: there are bert, iris\n"
    );
    let ran = to_hpa(files.path(), &["-f", "all.yaml", "-l", "team=none"]);
    let stderr = ran.refused();
    assert!(
        stderr.contains("no InferenceService or Knative Service is meant\nhint: --name and -l leave out all of 2\n"),
        "{stderr}"
    );
}

#[test]
fn a_component_alone_is_changed() {
    let text = IRIS.to_owned()
        + "  transformer:\n    minReplicas: 1\n    maxReplicas: 2\n    containers:\n    - name: kserve-container\n      image: t\n      resources: {requests: {cpu: 100m}}\n";
    let files = folder(&[("iris.yaml", &text)]);
    let arguments = [
        "--to",
        "kpa",
        "--metric",
        "rps",
        "--target",
        "7",
        "--component",
        "transformer",
    ];
    let ran = switch(&[&arguments[..], &["-f", "iris.yaml", "--write"]].concat())
        .within(files.path())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let after: serde_json::Value =
        serde_yaml::from_str(&text_of(files.path(), "iris.yaml")).unwrap();
    assert_eq!(after["spec"]["transformer"]["scaleTarget"], 7);
    assert_eq!(
        after["spec"]["predictor"]["scaleTarget"],
        serde_json::Value::Null
    );
}
