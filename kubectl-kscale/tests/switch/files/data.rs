//! What programs read.

use serde_json::Value;

use super::{BERT, GREEDY, IRIS, folder, switch, to_hpa};
use crate::process::{kscale, root};

fn schema() -> jsonschema::Validator {
    let text = kscale(&["generate", "plan-schema"]).run().clean();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[test]
fn every_answer_fits_the_schema() {
    let schema = schema();
    let files = folder(&[("a.yaml", BERT), ("b.yaml", IRIS), ("c.yaml", GREEDY)]);
    let examples = root().join("examples");
    let questions: &[&[&str]] = &[
        &["--to", "hpa", "-f", "."],
        &["--to", "kpa", "-f", "."],
        &["--to", "keda", "-f", "."],
        &[
            "--to",
            "hpa",
            "--max",
            "8",
            "-f",
            examples.to_str().unwrap(),
            "-R",
        ],
        &[
            "--to",
            "none",
            "--min",
            "2",
            "-f",
            examples.to_str().unwrap(),
        ],
        &["--to", "external", "-f", examples.to_str().unwrap()],
    ];
    let (mut plans, mut refusals) = (0, 0);
    for question in questions {
        let ran = switch(&[question, &["-o", "json"][..]].concat())
            .within(files.path())
            .run();
        let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
        let errors: Vec<_> = schema
            .iter_errors(&answer)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{question:?}: {errors:#?}");
        plans += answer["items"].as_array().unwrap().len();
        refusals += answer["refused"].as_array().unwrap().len();
    }
    assert!(plans > 5 && refusals > 5, "{plans} {refusals}");
    assert!(!schema.is_valid(&serde_json::json!({"kind": "PlanList"})));
}

#[test]
fn the_schema_is_up_to_date() {
    let kept = root().join("docs/schema/kscale.dev_v1alpha1_PlanList.json");
    let kept = std::fs::read_to_string(kept).unwrap_or_default();
    let new = kscale(&["generate", "plan-schema"]).run().clean();
    assert!(kept == new, "out of date: run `cargo xtask docs`");
}

#[test]
fn a_plan_says_where_its_object_is_written() {
    let files = folder(&[("a.yaml", &format!("{BERT}---\n{IRIS}"))]);
    let ran = to_hpa(files.path(), &["-f", "a.yaml", "-o", "json"]);
    assert_eq!((ran.stderr.as_str(), ran.code), ("", 0));
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["kind"], "PlanList");
    assert_eq!(answer["items"][1]["object"]["origin"], "a.yaml#2");
    assert_eq!(answer["items"][1]["object"]["namespace"], "lab");
    // Nobody names it.
    assert_eq!(answer["items"][0]["object"]["namespace"], "");
    assert_eq!(answer["items"][0]["purpose"]["to"], "hpa");
}
