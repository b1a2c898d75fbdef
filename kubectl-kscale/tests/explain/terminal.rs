//! What a hostile manifest, or a reader who leaves, can do.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::process::{explain, fixture, root};

#[test]
fn no_control_character_reaches_the_terminal() {
    for format in ["text", "wide", "json", "yaml", "name"] {
        let ran = explain(&["-f", &fixture("hostile.yaml"), "-o", format]).run();
        for text in [&ran.stdout, &ran.stderr] {
            let raw = |one: char| (one.is_control() && one != '\n') || one == '\u{202e}';
            assert!(!text.contains(raw), "{format}: {text:?}");
        }
        assert_eq!(ran.code, 0);
    }
}

#[test]
fn control_characters_are_spelled_out() {
    let ran = explain(&["-f", &fixture("hostile.yaml")]).run();
    let title = ran.stdout.lines().next().unwrap();
    assert!(
        title.starts_with(r"evil\u{1b}[2J\u{9b}31m  InferenceService"),
        "{title}"
    );
    assert_eq!(
        ran.stderr,
        "passed over 1 document of another kind: Con\\u{1b}[31mfigMap 1\n"
    );
}

#[test]
fn a_line_break_in_a_value_makes_no_line_of_its_own() {
    let text = explain(&["-f", &fixture("hostile.yaml"), "-o", "wide"])
        .run()
        .stdout;
    assert!(
        !text
            .lines()
            .any(|line| line.starts_with("nothing scales it")),
        "{text}"
    );
}

#[test]
fn whoever_stops_reading_gets_no_complaint() {
    // Far more than a pipe holds, so that the write must fail.
    let file = root().join(fixture("cpu.yaml"));
    let many = ["-f", file.to_str().unwrap()].repeat(200);
    let mut child = Command::new(env!("CARGO_BIN_EXE_kubectl-kscale"))
        .env("KUBECONFIG", "/dev/null")
        .arg("explain")
        .args(many)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(stderr, "");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn whoever_stops_reading_still_learns_that_something_was_wrong() {
    let file = root().join(fixture("cpu.yaml"));
    let mut arguments = ["-f", file.to_str().unwrap()].repeat(200);
    arguments.extend(["-f", "missing.yaml"]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_kubectl-kscale"))
        .env("KUBECONFIG", "/dev/null")
        .arg("explain")
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("error: missing.yaml"), "{stderr}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_narrow_terminal_gets_narrow_lines() {
    let text = explain(&["-f", &fixture("cpu.yaml")])
        .columns(24)
        .run()
        .clean();
    let wide: Vec<_> = text
        .lines()
        .filter(|line| line.chars().count() > 24 && line.trim().contains(' '))
        .collect();
    // What is left is a label or a word that is longer than a line.
    let labels = |line: &&str| !line.starts_with("   ") || line.trim().len() > 18;
    assert!(wide.iter().all(labels), "{wide:#?}");
    assert!(wide.len() < 10, "{wide:#?}");
}

#[test]
fn what_nests_deeper_than_most_readers_follow_is_answered_in_every_format() {
    let depth = 900;
    let manifest = format!(
        "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {{name: deep}}\n\
         spec: {{predictor: {{resources: {}{}, model: {{modelFormat: {{name: sklearn}}}}}}}}\n",
        "{a: ".repeat(depth),
        "}".repeat(depth)
    );
    for format in ["text", "wide", "json", "yaml", "name"] {
        let ran = explain(&["-f", "-", "-o", format])
            .stdin(manifest.as_str())
            .run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{format}");
        assert!(ran.stdout.contains("deep"), "{format}");
    }
}
