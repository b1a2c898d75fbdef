//! What programs read.

use serde_json::Value;

use crate::process::{explain, fixture, kscale};

/// Everything that can be explained, under this many facts.
const QUESTIONS: [&[&str]; 4] = [
    &[
        "-f",
        "examples",
        "-f",
        "kubectl-kscale/tests/fixtures",
        "-R",
    ],
    &["-f", "examples", "--kserve-version", "0.11.0"],
    &[
        "-f",
        "examples",
        "--facts",
        "kubectl-kscale/tests/fixtures/standard-by-default.yaml",
    ],
    &["-f", "-"],
];

pub(crate) fn schema() -> jsonschema::Validator {
    let text = kscale(&["generate", "json-schema"]).run().clean();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[test]
fn every_answer_fits_the_schema() {
    let schema = schema();
    for question in QUESTIONS {
        for format in ["json", "yaml"] {
            let ran = explain(&[question, &["-o", format]].concat()).run();
            let answer: Value = match format {
                "json" => serde_json::from_str(&ran.stdout).unwrap(),
                _ => serde_yaml::from_str(&ran.stdout).unwrap(),
            };
            let errors: Vec<_> = schema
                .iter_errors(&answer)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{question:?}: {errors:#?}");
            assert!(ran.stdout.ends_with('\n'));
        }
    }
}

#[test]
fn the_schema_refuses_what_is_no_answer() {
    let schema = schema();
    assert!(!schema.is_valid(&serde_json::json!({"kind": "ExplanationList"})));
}

#[test]
fn yaml_says_what_json_says() {
    let ask = |format: &str| explain(&["-f", "examples", "-o", format]).run().stdout;
    let json: Value = serde_json::from_str(&ask("json")).unwrap();
    let yaml: Value = serde_yaml::from_str(&ask("yaml")).unwrap();
    assert_eq!(json, yaml);
}

#[test]
fn an_object_says_where_it_was_read_and_where_each_link_stands() {
    let file = fixture("cpu.yaml");
    let text = explain(&["-f", &file, "-o", "json"]).run().clean();
    let answer: Value = serde_json::from_str(&text).unwrap();
    let item = &answer["items"][0];
    assert_eq!(item["object"]["origin"], format!("{file}#1"));
    let links = item["components"][0]["because"].as_array().unwrap();
    let class = links.iter().find(|link| link["field"] == "class").unwrap();
    assert_eq!((&class["line"], &class["column"]), (&6.into(), &5.into()));
    let mode = links.iter().find(|link| link["field"] == "deploymentMode");
    assert_eq!(mode.unwrap().get("line"), None);
}

#[test]
fn keys_stand_in_the_order_of_the_contract() {
    let text = explain(&["-f", &fixture("cpu.yaml"), "-o", "json"])
        .run()
        .clean();
    let keys = [
        "apiVersion",
        "kind",
        "facts",
        "items",
        "object",
        "deploymentMode",
        "admission",
        "components",
    ];
    let at: Vec<_> = keys
        .iter()
        .map(|key| text.find(&format!("\"{key}\"")).unwrap())
        .collect();
    assert!(at.is_sorted(), "{at:?}");
}

#[test]
fn an_answer_about_nothing_is_an_answer_too() {
    let ran = explain(&["-f", "-", "-o", "json"])
        .stdin("kind: Secret\n")
        .run();
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["items"], serde_json::json!([]));
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.stderr,
        "passed over 1 document of another kind: Secret 1\n"
    );
}

#[test]
fn no_namespace_is_said_where_none_is_written() {
    let ask = |arguments: &[&str]| -> Value {
        let text = explain(
            &[
                &["-f", "examples/standard-hpa.yaml", "-o", "json"],
                arguments,
            ]
            .concat(),
        )
        .run()
        .clean();
        serde_json::from_str(&text).unwrap()
    };
    let answer = ask(&[]);
    assert_eq!(answer["items"][0]["object"]["namespace"], "");
    let assumed = answer["facts"]["assumed"].as_array().unwrap();
    assert!(assumed.contains(&"objects without a namespace go to default".into()));
    assert_eq!(ask(&["-n", "ml"])["items"][0]["object"]["namespace"], "ml");
}
