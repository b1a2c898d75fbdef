//! SARIF 2.1.0.
//!
//! The schema of the standard is that of the crate `serde-sarif`, a dev-dependency: cargo brings it, so nothing of it is
//! copied here and nothing is fetched while testing. Its types, made from the same schema, read the log as well.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use serde_sarif::sarif::Sarif;

use crate::manifests::{ERROR, LOST, RIGHT, documents, folder, lint};

fn schema() -> jsonschema::Validator {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--locked", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages
        .iter()
        .find(|one| one["name"] == "serde-sarif")
        .unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let text = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
    // The standard's pattern for languages has a bracket too many, which no strict engine takes.
    let text = text.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert!(schema["title"].as_str().unwrap().contains("Version 2.1.0"));
    jsonschema::validator_for(&schema).unwrap()
}

fn log(files: &[(&str, &str)]) -> Value {
    let folder = folder(files);
    let ran = lint(&["-f", ".", "-R", "-o", "sarif"])
        .within(folder.path())
        .run();
    serde_json::from_str(&ran.stdout).unwrap()
}

fn everything() -> Value {
    let suppressed = LOST.replace("100m}}", "100m}} # kscale: ignore[KS401] on purpose");
    let text = documents(&[LOST, "a: [\n", ERROR, "kind: Secret\n", RIGHT]);
    log(&[("a b/ü.yaml", &text), ("c.yaml", &suppressed)])
}

#[test]
fn every_log_fits_the_schema_of_the_standard() {
    let schema = schema();
    for log in [everything(), log(&[("a.yaml", RIGHT)])] {
        let errors: Vec<String> = schema
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        serde_json::from_value::<Sarif>(log).unwrap();
    }
    assert!(!schema.is_valid(&serde_json::json!({"version": "2.1.0"})));
}

#[test]
fn results_point_at_rules_files_and_lines() {
    let log = everything();
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let rule = &run["tool"]["driver"]["rules"]
        [usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
    assert_eq!(
        (&rule["id"], &result["ruleId"]),
        (&"KS401".into(), &"KS401".into())
    );
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
    assert!(
        rule["help"]["markdown"]
            .as_str()
            .unwrap()
            .contains("## What it does")
    );
    assert!(
        rule["helpUri"]
            .as_str()
            .unwrap()
            .ends_with("/docs/rules/KS401.md")
    );
    let mut results = run["results"].clone();
    for result in results.as_array_mut().unwrap() {
        // Held above; every rule that comes moves those behind it.
        result.as_object_mut().unwrap().remove("ruleIndex");
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&results).unwrap());
    insta::assert_snapshot!(serde_json::to_string_pretty(&run["invocations"]).unwrap());
}

#[test]
fn what_a_comment_suppresses_is_a_suppressed_result() {
    let log = everything();
    let results = log["runs"][0]["results"].as_array().unwrap().clone();
    let suppressed: Vec<&Value> = results
        .iter()
        .filter(|one| one.get("suppressions").is_some())
        .collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0]["suppressions"][0]["kind"], "inSource");
    assert_eq!(
        suppressed[0]["suppressions"][0]["justification"],
        "on purpose"
    );
}

#[test]
fn fingerprints_stay_when_lines_move_and_differ_between_objects() {
    let print = |log: &Value, result: usize| {
        log["runs"][0]["results"][result]["partialFingerprints"].clone()
    };
    let here = log(&[("a.yaml", LOST)]);
    let moved = log(&[("a.yaml", &format!("# a\n# b\n{LOST}"))]);
    assert_eq!(print(&here, 0), print(&moved, 0));
    assert_ne!(
        here["runs"][0]["results"][0]["locations"],
        moved["runs"][0]["results"][0]["locations"]
    );
    let two = log(&[
        ("a.yaml", LOST),
        ("b.yaml", &LOST.replace("iris\n", "lily\n")),
    ]);
    assert_ne!(print(&two, 0), print(&two, 1));
}
