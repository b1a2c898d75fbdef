//! `--fix` and `--diff`.

use crate::manifests::{LOST, RIGHT, documents, folder, lint, lint_text, text_of};

/// With everything an editor could lose.
const COMMENTED: &str = "\
# The catalogue's first model.
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: iris}   # as in the paper
spec:
  predictor:
    # what it needs
    resources:
      requests: {cpu: \"100m\"} # measured
    model:
      modelFormat: {name: 'sklearn'}
      storageUri: s3://models/iris
---
# Another one.
kind: Secret
";

#[test]
fn fixes_keep_comments_and_everything_else() {
    let files = folder(&[("a.yaml", COMMENTED)]);
    let ran = lint(&["-f", "a.yaml", "--fix", "--unsafe-fixes"])
        .within(files.path())
        .run();
    assert_eq!(ran.code, 0);
    assert_eq!(ran.stdout, "no findings in 1 object (1 file), 1 fixed\n");
    insta::assert_snapshot!(text_of(files.path(), "a.yaml"));
}

#[test]
fn fixing_again_changes_nothing() {
    let files = folder(&[("a.yaml", COMMENTED)]);
    let fix = || {
        lint(&["-f", "a.yaml", "--fix", "--unsafe-fixes"])
            .within(files.path())
            .run()
            .stdout
    };
    assert!(fix().contains("1 fixed"));
    let once = text_of(files.path(), "a.yaml");
    assert_eq!(fix(), "no findings in 1 object (1 file)\n");
    assert_eq!(text_of(files.path(), "a.yaml"), once);
}

#[test]
fn what_needs_a_review_is_left_alone_without_a_word_for_it() {
    let files = folder(&[("a.yaml", LOST)]);
    let ran = lint(&["-f", "a.yaml", "--fix", "-o", "concise"])
        .within(files.path())
        .run();
    assert_eq!(text_of(files.path(), "a.yaml"), LOST);
    assert!(
        ran.stdout
            .ends_with("1 warning in 1 object (1 file), 1 fixable with --fix --unsafe-fixes\n"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_diff_is_shown_and_nothing_is_written() {
    let files = folder(&[("a.yaml", COMMENTED), ("b.yaml", RIGHT)]);
    let ran = lint(&["-f", "a.yaml", "-f", "b.yaml", "--diff", "--unsafe-fixes"])
        .within(files.path())
        .run();
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stdout);
    assert!(
        ran.stderr.contains("would fix 1 finding in 1 file\n"),
        "{}",
        ran.stderr
    );
    assert_eq!(text_of(files.path(), "a.yaml"), COMMENTED);
}

#[test]
fn a_diff_can_be_applied() {
    let files = folder(&[("a.yaml", COMMENTED)]);
    let diff = lint(&["-f", "a.yaml", "--diff", "--unsafe-fixes"])
        .within(files.path())
        .run()
        .stdout;
    lint(&["-f", "a.yaml", "--fix", "--unsafe-fixes"])
        .within(files.path())
        .run();
    // Taken back by hand: the lines with a plus are in the mended file, those with a minus are not.
    let mended = text_of(files.path(), "a.yaml");
    for line in diff.lines().skip(2) {
        match line.split_at(1) {
            ("+", rest) => assert!(mended.contains(rest), "{rest}"),
            ("-", rest) => assert!(COMMENTED.contains(rest), "{rest}"),
            _ => {}
        }
    }
}

/// For programs every byte counts; people get nothing that acts on their terminal.
#[test]
fn a_diff_for_people_shows_what_acts_on_a_terminal() {
    let text = LOST.replace("100m}}", "100m}} # \u{202e}x");
    let ask = |color: &str| {
        lint_text(&text, &["--diff", "--unsafe-fixes", "--color", color])
            .run()
            .stdout
    };
    assert!(ask("never").contains('\u{202e}'));
    let shown = ask("always");
    assert!(
        !shown.contains('\u{202e}') && shown.contains("\\u{202e}x"),
        "{shown}"
    );
    assert!(shown.contains("\u{1b}["), "{shown}");
}

#[test]
fn of_standard_input_the_mended_text_goes_to_standard_output() {
    let files = folder(&[("a.yaml", COMMENTED)]);
    lint(&["-f", "a.yaml", "--fix", "--unsafe-fixes"])
        .within(files.path())
        .run();
    let ran = lint_text(COMMENTED, &["--fix", "--unsafe-fixes"]).run();
    assert_eq!(ran.stdout, text_of(files.path(), "a.yaml"));
    assert!(
        ran.stderr
            .contains("no findings in 1 object (1 file), 1 fixed\n"),
        "{}",
        ran.stderr
    );
    // Nothing to mend: the text as it came, to the last byte.
    let odd = format!("{RIGHT}# \u{1b}[31m\r\n");
    let ran = lint_text(&odd, &["--fix"]).run();
    assert_eq!(ran.stdout, odd);
}

#[test]
fn several_documents_of_a_file_are_mended_at_once() {
    let files = folder(&[
        ("a.yaml", &documents(&[LOST, RIGHT, LOST])),
        ("b.yaml", LOST),
    ]);
    let ran = lint(&["-f", ".", "--fix", "--unsafe-fixes"])
        .within(files.path())
        .run();
    assert_eq!(ran.stdout, "no findings in 4 objects (2 files), 3 fixed\n");
}

#[test]
fn what_is_suppressed_is_not_mended() {
    let text = LOST.replace(
        "cpu: 100m}}",
        "cpu: 100m}} # kscale: ignore[KS401] on purpose",
    );
    let files = folder(&[("a.yaml", &text)]);
    let ran = lint(&["-f", "a.yaml", "--fix", "--unsafe-fixes"])
        .within(files.path())
        .run();
    assert_eq!(
        ran.stdout,
        "no findings in 1 object (1 file), 1 suppressed\n"
    );
    assert_eq!(text_of(files.path(), "a.yaml"), text);
}

#[test]
fn a_file_named_twice_is_mended_once() {
    let files = folder(&[("a.yaml", LOST)]);
    let ran = lint(&["-f", "a.yaml", "-f", "a.yaml", "--fix", "--unsafe-fixes"])
        .within(files.path())
        .run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(!text_of(files.path(), "a.yaml").contains("predictor:\n    resources"));
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_an_error_and_stays() {
    use std::os::unix::fs::PermissionsExt as _;
    let files = folder(&[("a.yaml", LOST)]);
    let path = files.path().join("a.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
    let ran = lint(&["-f", "a.yaml", "--fix", "--unsafe-fixes"])
        .within(files.path())
        .run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("error: a.yaml is write-protected"),
        "{}",
        ran.stderr
    );
    // What is still there is still told.
    assert!(ran.stdout.contains("warning[KS401]"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("fixed"), "{}", ran.stdout);
    assert_eq!(text_of(files.path(), "a.yaml"), LOST);
}

#[cfg(unix)]
#[test]
fn a_file_that_links_lead_to_is_mended_once_and_the_links_stay() {
    let files = folder(&[("real/a.yaml", LOST)]);
    for link in ["b.yaml", "c.yaml"] {
        std::os::unix::fs::symlink("real/a.yaml", files.path().join(link)).unwrap();
    }
    let ran = lint(&["-f", ".", "--fix", "--unsafe-fixes"])
        .within(files.path())
        .run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.ends_with("1 fixed\n"), "{}", ran.stdout);
    assert!(!text_of(files.path(), "real/a.yaml").contains("predictor:\n    resources"));
    assert!(files.path().join("b.yaml").is_symlink());
}

#[test]
fn a_text_with_nothing_to_judge_goes_on_as_it_came() {
    let ran = lint_text("# later\n", &["--fix"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (2, "# later\n"));
}

#[test]
fn no_temporary_file_stays() {
    let files = folder(&[("a.yaml", LOST)]);
    lint(&["-f", "a.yaml", "--fix", "--unsafe-fixes"])
        .within(files.path())
        .run();
    let names: Vec<_> = std::fs::read_dir(files.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["a.yaml"]);
}
