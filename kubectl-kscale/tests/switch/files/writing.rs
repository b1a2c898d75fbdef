//! Files are written all or none.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::{BERT, GREEDY, IRIS, folder, text_of, to_hpa};

/// What lies in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    let names = entries.map(|entry| name(entry).into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn nothing_is_written_unless_it_is_asked_for() {
    for arguments in [
        &[][..],
        &["--diff"],
        &["-o", "yaml"],
        &["-o", "json"],
        &["--write", "--dry-run"],
    ] {
        let files = folder(&[("bert.yaml", BERT)]);
        let ran = to_hpa(files.path(), &[&["-f", "bert.yaml"], arguments].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(text_of(files.path(), "bert.yaml"), BERT, "{arguments:?}");
    }
}

#[test]
fn where_one_file_cannot_be_written_none_is() {
    let files = folder(&[("a.yaml", BERT), ("b.yaml", IRIS)]);
    let b = files.path().join("b.yaml");
    std::fs::set_permissions(&b, std::fs::Permissions::from_mode(0o444)).unwrap();
    let ran = to_hpa(files.path(), &["-f", "a.yaml", "-f", "b.yaml", "--write"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 2));
    assert!(
        ran.stderr.contains("error: b.yaml is write-protected\n"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("error: nothing was written\n"),
        "{}",
        ran.stderr
    );
    assert_eq!(text_of(files.path(), "a.yaml"), BERT);
    assert_eq!(names(files.path()), ["a.yaml", "b.yaml"]);
}

#[test]
fn where_an_outcome_has_an_error_nothing_is_written_or_printed() {
    let files = folder(&[("a.yaml", BERT), ("b.yaml", GREEDY)]);
    let both = ["-f", "a.yaml", "-f", "b.yaml"];
    for more in [&["--write"][..], &[], &["-o", "yaml"]] {
        let ran = to_hpa(files.path(), &[&both[..], more].concat());
        assert_eq!((ran.stdout.as_str(), ran.code), ("", 2), "{}", ran.stderr);
        assert!(
            ran.stderr
                .contains("nothing is changed: the outcome has an error"),
            "{}",
            ran.stderr
        );
    }
    assert_eq!(text_of(files.path(), "a.yaml"), BERT);
    let ran = to_hpa(
        files.path(),
        &[&both[..], &["--write", "--allow-findings"]].concat(),
    );
    assert_eq!(
        (ran.stdout.as_str(), ran.code),
        ("changed a.yaml\nchanged b.yaml\n", 0)
    );
    assert_ne!(text_of(files.path(), "b.yaml"), GREEDY);
}

/// An alias would change what it stands for elsewhere, too.
#[test]
fn what_the_editor_refuses_is_told_with_its_place_and_nothing_is_written() {
    let shared = IRIS.replace("  labels:\n", "  labels: &labels\n").replace(
        "    team: flowers\n",
        "    team: flowers\n  annotations: *labels\n",
    );
    let files = folder(&[("a.yaml", BERT), ("b.yaml", &shared)]);
    let ran = to_hpa(files.path(), &["-f", ".", "--write"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 2), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("b.yaml:4:9: it cannot be edited: "),
        "{}",
        ran.stderr
    );
    assert_eq!(text_of(files.path(), "a.yaml"), BERT);
    assert_eq!(text_of(files.path(), "b.yaml"), shared);
}

#[test]
fn a_file_named_twice_is_changed_once_and_a_link_stays_one() {
    let files = folder(&[("a.yaml", BERT)]);
    let link = files.path().join("link.yaml");
    std::os::unix::fs::symlink("a.yaml", &link).unwrap();
    let ran = to_hpa(
        files.path(),
        &["-f", "link.yaml", "-f", "a.yaml", "--write"],
    );
    assert_eq!(
        (ran.stdout.as_str(), ran.code),
        ("changed link.yaml\n", 0),
        "{}",
        ran.stderr
    );
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_ne!(text_of(files.path(), "a.yaml"), BERT);
}

#[test]
fn changing_again_says_that_it_is_so_already() {
    let files = folder(&[("bert.yaml", BERT)]);
    let ran = to_hpa(files.path(), &["-f", "bert.yaml", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let once = text_of(files.path(), "bert.yaml");
    let ran = to_hpa(files.path(), &["-f", "bert.yaml", "--write", "-n", "ml"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 0));
    insta::assert_snapshot!(ran.stderr, @"
    √ isvc/bert: it is scaled by hpa as wished already
    nothing to change
    ");
    assert_eq!(text_of(files.path(), "bert.yaml"), once);
}
