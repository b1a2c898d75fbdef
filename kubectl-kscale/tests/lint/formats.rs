//! What programs read, SARIF aside.

use serde_json::Value;

use crate::manifests::{ERROR, LOST, RIGHT, documents, folder, lint, lint_text, text_of};
use crate::process::kscale;

/// The schema that the program publishes about one of its answers.
#[track_caller]
pub(crate) fn fits(schema: &str, answer: &Value) {
    let text = kscale(&["generate", schema]).run().clean();
    let schema = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
    let errors: Vec<String> = schema
        .iter_errors(answer)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// A list of findings, which fits its schema: every one that a test reads comes through here.
#[track_caller]
pub(crate) fn list_of(text: &str) -> Value {
    let list = serde_json::from_str(text).unwrap();
    fits("finding-schema", &list);
    list
}

fn everything() -> String {
    documents(&[LOST, "a: [\n", ERROR, "kind: Secret\n", RIGHT])
}

#[test]
fn json_is_one_list_that_fits_its_schema() {
    let ran = lint_text(&everything(), &["-o", "json"]).run();
    let list = list_of(&ran.stdout);
    assert_eq!(list["kind"], "FindingList");
    assert_eq!(list["summary"]["errors"], 1);
    assert_eq!(list["summary"]["warnings"], 1);
    assert_eq!(list["summary"]["objects"], 3);
    assert_eq!(list["summary"]["passedOver"], 1);
    assert_eq!(list["unreadable"][0]["line"], 12);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    assert_eq!(items[1]["object"]["origin"], "<stdin>#3");
    let finding = &items[0]["findings"][0];
    let place =
        ["line", "column", "endLine", "endColumn"].map(|key| finding[key].as_u64().unwrap());
    assert_eq!(place, [7, 5, 7, 39]);
    assert_eq!(items[2]["findings"], serde_json::json!([]));
}

#[test]
fn yaml_says_what_json_says() {
    let ask = |format: &str| lint_text(&everything(), &["-o", format]).run().stdout;
    let json = list_of(&ask("json"));
    let yaml: Value = serde_yaml::from_str(&ask("yaml")).unwrap();
    assert_eq!(json, yaml);
}

#[test]
fn every_example_gives_json_that_fits_the_schema() {
    for arguments in [
        &["-f", "examples"][..],
        &["-f", "kubectl-kscale/tests/fixtures", "-R"],
        &["-f", "examples", "--kserve-version", "0.11.0"],
        &[
            "-f",
            "examples",
            "--facts",
            "kubectl-kscale/tests/fixtures/standard-by-default.yaml",
        ],
    ] {
        let ran = kscale(&[&["lint", "-o", "json", "--no-config"], arguments].concat()).run();
        list_of(&ran.stdout);
    }
}

#[test]
fn the_schema_refuses_what_is_no_list_of_findings() {
    let text = kscale(&["generate", "finding-schema"]).run().clean();
    let schema = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
    assert!(!schema.is_valid(&serde_json::json!({"kind": "FindingList"})));
}

#[test]
fn github_gets_a_command_a_finding() {
    let folder = folder(&[("a,b.yaml", &everything())]);
    let ran = lint(&["-f", ".", "-o", "github"])
        .within(folder.path())
        .run();
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn junit_has_a_suite_a_file_and_a_case_an_object() {
    let folder = folder(&[("a.yaml", &everything()), ("b.yaml", RIGHT)]);
    let ran = lint(&["-f", ".", "-o", "junit"])
        .within(folder.path())
        .run();
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn reports_go_to_files_and_text_to_standard_output() {
    let folder = folder(&[("a.yaml", LOST)]);
    let arguments = [
        "-f",
        "a.yaml",
        "-o",
        "sarif=out.sarif",
        "-o",
        "concise=out.txt",
        "-o",
        "json=out.json",
    ];
    let ran = lint(&arguments).within(folder.path()).run();
    assert!(ran.stdout.starts_with("warning[KS401]"), "{}", ran.stdout);
    let list = list_of(&text_of(folder.path(), "out.json"));
    assert_eq!(list["kind"], "FindingList");
    let log: Value = serde_json::from_str(&text_of(folder.path(), "out.sarif")).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(text_of(folder.path(), "out.txt").starts_with("a.yaml:7:5: warning KS401"));
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let folder = folder(&[("a.yaml", LOST)]);
    let arguments = [
        "-f",
        "a.yaml",
        "-o",
        "json=missing/out.json",
        "-o",
        "concise=out.txt",
    ];
    let ran = lint(&arguments).within(folder.path()).run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("missing/out.json cannot be written"),
        "{}",
        ran.stderr
    );
    // The others are.
    assert!(ran.stdout.starts_with("warning[KS401]"), "{}", ran.stdout);
    assert_eq!(text_of(folder.path(), "out.txt").lines().count(), 2);
}
