//! What cannot be asked for.

use super::{BERT, folder, switch, to_hpa};

#[test]
fn what_is_about_a_cluster_means_nothing_for_manifests() {
    let files = folder(&[("bert.yaml", BERT)]);
    for flag in [
        "--wait=false",
        "--timeout=1m",
        "--rollback-on-failure",
        "--cleanup",
        "--parallel=2",
        "--keep-going",
        "-A",
        "isvc/bert",
    ] {
        let stderr = to_hpa(files.path(), &["-f", "bert.yaml", flag]).refused();
        assert!(stderr.contains("cannot be used with"), "{flag}: {stderr}");
    }
}

#[test]
fn what_is_about_manifests_needs_some() {
    for flag in ["--write", "--diff", "--exit-code", "--name=bert"] {
        let stderr = switch(&["isvc/bert", "--to", "hpa", flag]).run().refused();
        assert!(stderr.contains("about manifests"), "{flag}: {stderr}");
    }
}

#[test]
fn one_thing_goes_to_standard_output() {
    let files = folder(&[("bert.yaml", BERT)]);
    let stderr = to_hpa(files.path(), &["-f", "bert.yaml", "--diff", "-o", "json"]).refused();
    assert!(
        stderr.starts_with("error: --diff and a form of data cannot both"),
        "{stderr}"
    );
    let stderr = to_hpa(files.path(), &["-f", "bert.yaml", "--write", "-o", "yaml"]).refused();
    assert!(
        stderr.starts_with("error: -o yaml prints the changed manifests"),
        "{stderr}"
    );
}

#[test]
fn a_file_that_cannot_be_read_stops_all_of_it() {
    let files = folder(&[
        ("a.yaml", BERT),
        ("b.yaml", "kind: InferenceService\n\tx: 1\n"),
    ]);
    let ran = to_hpa(files.path(), &["-f", ".", "--write"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 2));
    assert!(ran.stderr.contains("b.yaml:2:"), "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("nothing is changed: all that is meant is, or none of it"),
        "{}",
        ran.stderr
    );
    assert_eq!(super::text_of(files.path(), "a.yaml"), BERT);
}
