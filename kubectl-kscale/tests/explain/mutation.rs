//! No value of any type at any place stops it, and every answer stays an answer.
//!
//! Every example, with each of its values replaced by each of a list of wrong ones: tens of thousands of manifests, a
//! file for each example.

use serde_json::{Value, json};

use crate::data::schema;
use crate::process::{Run, explain, root};

/// Of every type, and at the edge of what a field of another type could hold.
fn replacements() -> Vec<Value> {
    let texts = ["", "x", "3", "1e1", "100m", "\u{1b}[2J\u{202e}"];
    let mut values: Vec<Value> = texts.into_iter().map(Value::from).collect();
    values.push("9".repeat(400).into());
    values.extend([
        json!(null),
        json!(-1),
        json!(3.5),
        json!(-5e-7),
        json!(1e30),
        json!(99_999_999_999_i64),
        json!([null]),
        json!([[], {}]),
        json!({}),
        json!({"": null}),
        json!({"name": ["x"]}),
    ]);
    values
}

/// Every place in `value`, itself included.
fn places(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let below: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(list) => (0..list.len()).map(|at| at.to_string()).zip(list).collect(),
        _ => Vec::new(),
    };
    for (token, value) in below {
        found.extend(
            places(value)
                .into_iter()
                .map(|place| format!("/{token}{place}")),
        );
    }
    found
}

/// One document for each place and replacement.
fn mutants(original: &Value) -> String {
    let mut text = String::new();
    for place in places(original) {
        for replacement in replacements() {
            let mut mutant = original.clone();
            *mutant.pointer_mut(&place).unwrap() = replacement;
            text += &format!("{mutant}\n---\n");
        }
    }
    text
}

fn originals() -> Vec<(String, Value)> {
    let mut files: Vec<_> = std::fs::read_dir(root().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let documents = text
            .split("\n---\n")
            .map(|text| serde_yaml::from_str(text).unwrap());
        documents
            .map(move |value| (name.clone(), value))
            .collect::<Vec<_>>()
    };
    files.iter().flat_map(read).collect()
}

/// Runs it, and holds that it ended by itself and let no control character through.
fn answer(run: Run, what: &str) -> String {
    let ran = run.run();
    assert!(
        matches!(ran.code, 0 | 2),
        "{what}: exit code {}: {}",
        ran.code,
        ran.stderr
    );
    for text in [&ran.stdout, &ran.stderr] {
        let raw = |one: char| (one.is_control() && one != '\n') || one == '\u{202e}';
        assert!(!text.contains(raw), "{what}");
    }
    assert!(!ran.stderr.contains("panicked"), "{what}: {}", ran.stderr);
    ran.stdout
}

#[test]
fn no_value_of_a_wrong_type_stops_it_and_every_answer_fits_the_schema() {
    let schema = schema();
    let originals = originals();
    assert!(originals.len() > 10);
    for (name, original) in originals {
        let mutants = mutants(&original);
        let ask = |format: &str, release: &str| {
            let run = explain(&["-f", "-", "-o", format, "--kserve-version", release]);
            answer(
                run.stdin(mutants.as_bytes()),
                &format!("{name} on {release}"),
            )
        };
        let json: Value = serde_json::from_str(&ask("json", "0.20.0")).unwrap();
        if let Some(error) = schema.iter_errors(&json).next() {
            panic!("{name}: {}: {error}", error.instance_path());
        }
        ask("wide", "0.11.0");
    }
}
