//! Command lines that are wrong, and exit codes.

use crate::{CLUSTER, preview};

#[test]
fn at_least_one_target_is_needed() {
    let error = preview(&["--facts", CLUSTER]).run().refused();
    assert!(error.contains("--kserve <VERSION>"), "{error}");
}

#[test]
fn workloads_must_come_from_somewhere() {
    insta::assert_snapshot!(preview(&["--kserve", "0.20.0"]).run().refused(), @"
    error: nothing to preview: neither -f nor --facts is given
    hint: give a snapshot of the cluster with --facts, or manifests with -f and what runs with --kserve-version
    ");
}

#[test]
fn what_runs_must_be_known() {
    let error = preview(&["--kserve", "0.20.0", "-f", "examples"])
        .run()
        .refused();
    insta::assert_snapshot!(error, @"
    error: the release of KServe that runs is not known
    hint: give it with --kserve-version, or give the Deployment kserve-controller-manager with --facts
    ");
    let error = preview(&["--knative", "1.23.0", "-f", "examples"])
        .run()
        .refused();
    insta::assert_snapshot!(error, @"
    error: the release of Knative Serving that runs is not known
    hint: give it with --knative-version, or give the Deployments of knative-serving with --facts
    ");
}

#[test]
fn wrong_versions_and_selectors_are_refused() {
    for (flag, value) in [
        ("--kserve", "0.9.0"),
        ("--knative", "2.0.0"),
        ("--kubernetes", "new"),
        ("-l", "a in b"),
    ] {
        let arguments = ["--kserve", "0.20.0", "--facts", CLUSTER, flag, value];
        let error = preview(&arguments).run().refused();
        assert!(error.contains(value), "{error}");
    }
}

#[test]
fn exit_codes_tell_what_breaks_from_what_changes() {
    let code = |arguments: &[&str]| {
        preview(&[arguments, &["--facts", CLUSTER]].concat())
            .run()
            .code
    };
    assert_eq!(code(&["--kserve", "0.18.0"]), 1);
    // The next write rolls pods, and nothing breaks.
    assert_eq!(code(&["--kserve", "0.20.0", "-n", "ml"]), 0);
    assert_eq!(code(&["--kserve", "0.15.2"]), 0);
    // The upgrade as a whole.
    assert_eq!(
        code(&["--knative", "1.20.0", "--kubernetes", "1.31", "-n", "batch"]),
        1
    );
    assert_eq!(
        code(&["--knative", "1.19.0", "--kubernetes", "1.32", "-n", "batch"]),
        0
    );
}

#[test]
fn what_cannot_be_read_is_an_error_and_the_rest_is_previewed() {
    let ran = preview(&[
        "--kserve",
        "0.18.0",
        "--facts",
        CLUSTER,
        "--facts",
        "missing.yaml",
    ])
    .run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("3 would break"), "{}", ran.stdout);
    assert!(
        ran.stderr.starts_with("error: missing.yaml: no such file"),
        "{}",
        ran.stderr
    );
}
