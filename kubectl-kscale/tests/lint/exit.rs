//! How it ends.

use crate::manifests::{ERROR, LOST, RIGHT, documents, folder, lint, lint_text};

fn code(text: &str, arguments: &[&str]) -> i32 {
    lint_text(text, arguments).run().code
}

#[test]
fn fail_on_draws_the_line() {
    for (text, expected) in [
        (RIGHT, [0, 0, 0, 0]),
        (LOST, [0, 1, 1, 0]),
        (ERROR, [1, 1, 1, 0]),
    ] {
        let codes =
            ["error", "warning", "info", "never"].map(|line| code(text, &["--fail-on", line]));
        assert_eq!(codes, expected, "{text}");
    }
    assert_eq!(code(ERROR, &[]), 1, "the default is error");
}

#[test]
fn what_cannot_be_read_is_two_whatever_is_found() {
    let text = documents(&[ERROR, "a: [\n"]);
    let ran = lint_text(&text, &["--fail-on", "never"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("error[KS401]"), "{}", ran.stdout);
    assert!(ran.stdout.contains("--> <stdin>:18:4"), "{}", ran.stdout);
    assert_eq!(lint(&["-f", "missing.yaml"]).run().code, 2);
}

#[test]
fn strict_takes_doubts_for_errors() {
    let twice = format!("{RIGHT}  predictor: {{}}\n");
    let no_kind = documents(&[RIGHT, "a: 1\n"]);
    for text in [twice.as_str(), no_kind.as_str()] {
        assert_eq!(code(text, &[]), 0, "{text}");
        assert_eq!(code(text, &["--strict"]), 2, "{text}");
    }
    assert_eq!(code(RIGHT, &["--strict"]), 0);
}

#[test]
fn a_diff_is_one_where_there_is_something_to_mend() {
    assert_eq!(code(LOST, &["--diff", "--unsafe-fixes"]), 1);
    assert_eq!(code(RIGHT, &["--diff", "--unsafe-fixes"]), 0);
    // What only people can mend is no difference.
    assert_eq!(code(LOST, &["--diff"]), 0);
}

#[test]
fn after_fix_only_what_is_left_counts() {
    let files = folder(&[("a.yaml", ERROR)]);
    let fix = || {
        lint(&["-f", "a.yaml", "--fix", "--unsafe-fixes"])
            .within(files.path())
            .run()
    };
    let before = lint(&["-f", "a.yaml"]).within(files.path()).run();
    assert_eq!((before.code, fix().code), (1, 0));
}

#[test]
fn a_wrong_command_line_is_two_and_says_what_to_do() {
    for (arguments, said) in [
        (&["-o", "text"][..], "nothing to judge: -f is missing"),
        (
            &["-f", "-", "-o", "text", "-o", "json"],
            "two reports cannot both go to standard output",
        ),
        (
            &["-f", "-", "-o", "pdf"],
            "the forms are text, concise, json, yaml, sarif, github, junit",
        ),
        (
            &["-f", "-", "-o", "sarif="],
            "no file is named behind the =",
        ),
        (
            &["-f", "-", "--unsafe-fixes"],
            "--unsafe-fixes says which fixes to apply",
        ),
        (
            &["-f", "-", "--diff", "-o", "json"],
            "--diff and a report cannot both",
        ),
        (
            &["-f", "-", "--fix", "-o", "json"],
            "the mended text and a report cannot both",
        ),
        (
            &["-f", "-", "--facts", "-"],
            "standard input cannot be both",
        ),
        (
            &["-f", "-", "--ignore", "KS999"],
            "--ignore: no rule is meant by KS999",
        ),
        (&["-f", "-", "--fix", "--diff"], "cannot be used with"),
        (
            &["a.yaml"],
            "kubectl get isvc -A -o yaml | kubectl kscale lint -f -",
        ),
    ] {
        let stderr = lint(arguments).stdin(RIGHT).run().refused();
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
    }
}

#[test]
fn nothing_given_is_an_error() {
    for nothing in ["", "# only a comment\n", "---\n---\n"] {
        let stderr = lint_text(nothing, &[]).run().refused();
        assert!(stderr.starts_with("error: nothing to judge"), "{stderr}");
    }
}
