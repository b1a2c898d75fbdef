//! Findings that comments suppress, and comments that are wrong themselves.

use kscale_rules::rules::RULES;

use crate::manifests::{LOST, RIGHT, documents, lint_text};
use crate::process::kscale;

fn concise(text: &str) -> Vec<String> {
    let ran = lint_text(text, &["-o", "concise"]).run();
    assert_eq!(ran.code, 0);
    ran.stdout.lines().map(str::to_owned).collect()
}

fn beside(comment: &str) -> String {
    LOST.replace("cpu: 100m}}", &format!("cpu: 100m}}}} {comment}"))
}

fn above(comment: &str) -> String {
    LOST.replace(
        "    resources",
        &format!("    {comment}\n    # more words\n\n    resources"),
    )
}

#[test]
fn a_comment_on_the_line_or_above_it_suppresses() {
    for text in [
        beside("# kscale: ignore[KS401] pod-level resources are on"),
        above("# kscale: ignore[KS401] pod-level resources are on"),
        above("# kscale: ignore[resources-beside-the-model]: pod-level resources are on"),
    ] {
        assert_eq!(
            concise(&text),
            ["no findings in 1 object (1 file), 1 suppressed"],
            "{text}"
        );
    }
}

#[test]
fn a_comment_elsewhere_suppresses_nothing_and_is_unused() {
    let text = LOST.replace("  predictor:", "  predictor: # kscale: ignore[KS401] no");
    let lines = concise(&text);
    assert!(
        lines[0].contains(":6:31: warning KS903 KS401 finds nothing"),
        "{lines:?}"
    );
    assert!(lines[1].contains(":7:5: warning KS401"), "{lines:?}");
}

#[test]
fn another_code_suppresses_nothing() {
    let lines = concise(&beside("# kscale: ignore[KS101] no"));
    assert!(lines[0].contains("warning KS401"), "{lines:?}");
}

#[test]
fn no_reason_is_reported_and_suppresses_all_the_same() {
    let lines = concise(&beside("# kscale: ignore[KS401]"));
    assert!(
        lines[0].contains(":7:40: warning KS901 this suppression gives no reason"),
        "{lines:?}"
    );
    assert_eq!(lines[1], "1 warning in 1 object (1 file), 1 suppressed");
}

#[test]
fn unknown_codes_and_unknown_words_are_reported() {
    let lines = concise(&beside("# kscale: ignore[KS999, KS401] known"));
    assert!(
        lines[0].contains(":7:57: warning KS902 no rule is called KS999"),
        "{lines:?}"
    );
    assert_eq!(lines[1], "1 warning in 1 object (1 file), 1 suppressed");
    let lines = concise(&above("# kscale: ignroe[KS401] typo"));
    assert!(
        lines[0].contains("KS902 this comment is not understood"),
        "{lines:?}"
    );
    assert!(lines[1].contains("KS401"), "{lines:?}");
}

#[test]
fn what_is_switched_off_is_not_unused() {
    let text = RIGHT.replace("  predictor:", "  predictor: # kscale: ignore[KS401] later");
    let arguments = ["lint", "--no-config", "-f", "-", "-o", "concise"];
    let unused = |more: &[&str]| {
        let ran = kscale(&[&arguments, more].concat())
            .stdin(text.clone())
            .run();
        ran.stdout.contains("KS903")
    };
    assert!(unused(&["--select", "KS401,KS9"]));
    assert!(!unused(&["--select", "KS903"]));
    assert!(!unused(&["--select", "KS401,KS9", "--ignore", "KS903"]));
}

#[test]
fn a_comment_in_a_text_is_none() {
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata:\n  a: |\n    # kscale: ignore[KS999] x\n  b: ' # kscale: nonsense'\n";
    assert_eq!(
        concise(&documents(&[RIGHT, config]))[0],
        "no findings in 2 objects (1 file)"
    );
}

#[test]
fn each_document_has_its_own_comments() {
    let lines = concise(&documents(&[&beside("# kscale: ignore[KS401] yes"), LOST]));
    assert!(lines[0].contains(":18:5: warning KS401"), "{lines:?}");
    assert_eq!(lines.len(), 2);
}

#[test]
fn a_file_that_could_not_be_read_as_a_whole_has_no_unused_comments() {
    let broken = documents(&[
        "a: [ # kscale: ignore[KS401] what is in here is not known\n",
        RIGHT,
    ]);
    let ran = lint_text(&broken, &["-o", "concise"]).run();
    assert!(!ran.stdout.contains("KS903"), "{}", ran.stdout);
}

/// The rules on comments are found in files, so their pages are held to their word here.
#[test]
fn the_pages_on_comments_keep_their_word() {
    for rule in RULES.iter().filter(|rule| rule.is_of_hosts()) {
        let block = |heading: &str| {
            let section = rule.section(heading);
            section
                .split("```yaml\n")
                .nth(1)
                .unwrap()
                .split("```")
                .next()
                .unwrap()
                .to_owned()
        };
        let found = concise(&block("Example"));
        assert!(
            found.iter().any(|line| line.contains(rule.code)),
            "{}: {found:?}",
            rule.code
        );
        let found = concise(&block("Use instead"));
        assert!(
            found[0].starts_with("no findings"),
            "{}: {found:?}",
            rule.code
        );
    }
}
