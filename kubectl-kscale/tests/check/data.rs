//! `-o json`, `-o yaml`, and the schema of both.

use serde_json::Value;

use crate::process::{Run, fixture, kscale, root};

/// The fixtures, by their names.
pub(crate) const SNAPSHOTS: [&str; 5] =
    ["healthy", "no-extension", "broken", "standard", "forbidden"];

/// `check --facts` of a fixture.
pub(crate) fn check(name: &str, more: &[&str]) -> Run {
    let file = fixture(&format!("check/{name}.yaml"));
    kscale(&[&["check", "--facts", &file], more].concat()).env("LC_ALL", "C.UTF-8")
}

/// The report on a fixture.
pub(crate) fn report(name: &str, more: &[&str]) -> Value {
    let ran = check(name, &[more, &["-o", "json"]].concat()).run();
    serde_json::from_str(&ran.stdout).unwrap()
}

/// `id state`, a line a check.
pub(crate) fn states(report: &Value) -> Vec<String> {
    let categories = report["categories"].as_array().unwrap();
    let checks = categories
        .iter()
        .flat_map(|category| category["checks"].as_array().unwrap());
    checks
        .map(|check| {
            let (id, state) = (&check["id"], &check["state"]);
            format!("{} {}", id.as_str().unwrap(), state.as_str().unwrap())
        })
        .collect()
}

fn schema() -> Value {
    let text = kscale(&["generate", "check-schema"]).run().clean();
    serde_json::from_str(&text).unwrap()
}

/// What of a report does not fit its schema.
pub(crate) fn misfits(report: &Value) -> Vec<String> {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let errors = schema.iter_errors(report);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn every_report_fits_the_schema_in_both_forms() {
    for name in SNAPSHOTS {
        for pre in [&[][..], &["--pre"]] {
            let json = report(name, pre);
            assert_eq!(misfits(&json), [""; 0], "{name}");
            let yaml = check(name, &[pre, &["-o", "yaml"]].concat()).run().stdout;
            assert_eq!(
                serde_yaml::from_str::<Value>(&yaml).unwrap(),
                json,
                "{name}"
            );
        }
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let mut json = report("healthy", &[]);
    json["categories"][0]["checks"][0]["state"] = "fine".into();
    assert_eq!(misfits(&json).len(), 1);
}

#[test]
fn the_published_schema_is_up_to_date() {
    let path = "docs/schema/kscale.dev_v1alpha1_CheckReport.json";
    let kept = std::fs::read_to_string(root().join(path)).unwrap();
    let kept: Value = serde_json::from_str(&kept).unwrap();
    assert!(
        kept == schema(),
        "{path} is out of date: run `cargo xtask docs`"
    );
}

#[test]
fn the_numbers_are_those_of_the_checks() {
    for name in SNAPSHOTS {
        let report = report(name, &[]);
        let states = states(&report);
        for state in ["ok", "info", "warning", "error", "skipped"] {
            let end = format!(" {state}");
            let counted = states.iter().filter(|one| one.ends_with(&end)).count();
            assert_eq!(report["summary"][state], counted, "{name}: {state}");
        }
        assert_eq!(report["success"], report["summary"]["error"] == 0, "{name}");
    }
}

#[test]
fn each_check_links_to_its_heading_in_the_guide() {
    let guide = std::fs::read_to_string(root().join("docs/check.md")).unwrap();
    let report = report("broken", &[]);
    for category in report["categories"].as_array().unwrap() {
        for check in category["checks"].as_array().unwrap() {
            let id = check["id"].as_str().unwrap();
            let (page, anchor) = check["docs"].as_str().unwrap().split_once('#').unwrap();
            assert!(page.ends_with("/docs/check.md"), "{page}");
            // GitHub drops the stroke.
            assert_eq!(anchor, id.replace('/', ""));
            assert!(guide.contains(&format!("\n### {id}\n")), "{id}");
        }
    }
}
