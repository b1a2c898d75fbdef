//! What people read.

use crate::formats::{fits, list_of};
use crate::manifests::{ERROR, LOST, RIGHT, documents, folder, lint, lint_text};

#[test]
fn a_finding_is_drawn_with_its_span_help_and_docs() {
    let ran = lint_text(ERROR, &[]).run();
    assert_eq!((ran.stderr.as_str(), ran.code), ("", 1));
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn a_setting_on_one_line_is_underlined_with_its_value() {
    let ran = lint_text(LOST, &[]).run();
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn an_object_among_several_is_named() {
    let text = documents(&[RIGHT, &LOST.replace("iris\n", "iris\n  namespace: ml\n")]);
    let stdout = lint_text(&text, &[]).run().stdout;
    assert!(
        stdout.contains("= in: InferenceService ml/iris\n"),
        "{stdout}"
    );
}

#[test]
fn concise_is_a_line_a_finding_sorted_by_file_and_line() {
    let folder = folder(&[
        ("b.yaml", LOST),
        ("a.yaml", &documents(&[LOST, RIGHT, ERROR])),
        ("c.yaml", RIGHT),
    ]);
    let ran = lint(&["-f", ".", "-o", "concise"])
        .within(folder.path())
        .run();
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn a_name_stays_as_it_is() {
    let folder = folder(&[("a  b.yaml", LOST)]);
    let ran = lint(&["-f", "a  b.yaml", "-o", "concise"])
        .within(folder.path())
        .run();
    assert!(
        ran.stdout.starts_with("a  b.yaml:7:5: warning KS401 "),
        "{}",
        ran.stdout
    );
}

#[test]
fn nothing_found_is_said() {
    let ran = lint_text(&documents(&[RIGHT, RIGHT]), &[]).run();
    assert_eq!(ran.clean(), "no findings in 2 objects (1 file)\n");
}

#[test]
fn many_files_are_judged_in_their_order_on_however_many_cores() {
    let files: Vec<(String, String)> = (0..300)
        .map(|number| {
            (
                format!("{number:03}.yaml"),
                LOST.replace("iris\n", &format!("m-{number:03}\n")),
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let folder = folder(&files);
    let ask = || {
        lint(&["-f", ".", "-o", "concise"])
            .within(folder.path())
            .run()
            .stdout
    };
    let first = ask();
    let lines: Vec<&str> = first.lines().collect();
    assert_eq!(lines.len(), 301);
    assert!(lines[..300].is_sorted(), "{first}");
    assert_eq!(first, ask());
}

#[test]
fn colours_are_used_on_demand_only() {
    assert!(!lint_text(LOST, &[]).run().stdout.contains('\u{1b}'));
    assert!(
        lint_text(LOST, &["--color", "always"])
            .run()
            .stdout
            .contains("\u{1b}[")
    );
    let never = lint_text(LOST, &["--color", "never"])
        .env("CLICOLOR_FORCE", "1")
        .run();
    assert!(!never.stdout.contains('\u{1b}'));
}

#[test]
fn no_control_character_of_a_manifest_reaches_the_terminal() {
    let text = LOST
        .replace("name: iris", "name: \"iris\\e[31m\"")
        .replace("cpu: 100m}}", "cpu: \"\u{202e}\\x9b2J\"}} # \u{202e}");
    let text = documents(&[RIGHT, &text]);
    for format in [
        "text", "concise", "json", "yaml", "sarif", "github", "junit",
    ] {
        let ran = lint_text(&text, &["-o", format]).run();
        let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!ran.stdout.contains(acts), "{format}: {:?}", ran.stdout);
        assert!(ran.stdout.contains("KS401"), "{format}: {}", ran.stdout);
    }
}

#[test]
fn explain_shows_the_same_finding_under_its_chain() {
    let found = lint_text(LOST, &["-o", "json"]).run().stdout;
    let found = list_of(&found);
    let explained = crate::process::explain(&["-f", "-", "-o", "json"])
        .stdin(LOST)
        .run()
        .stdout;
    let explained: serde_json::Value = serde_json::from_str(&explained).unwrap();
    fits("json-schema", &explained);
    let of = |answer: &serde_json::Value| {
        let findings = answer["items"][0]["findings"].as_array().unwrap();
        findings
            .iter()
            .find(|one| one["code"] == "KS401")
            .cloned()
            .unwrap()
    };
    assert_eq!(of(&found), of(&explained));
}
