//! What is said of a command line that makes no sense, and what needs no cluster.

use crate::process::kscale;
use crate::{install, printed};

#[test]
fn what_is_built_in_is_listed_newest_first() {
    let listed = install(&["--list-versions"]).run().clean();
    let versions: Vec<&str> = listed.lines().collect();
    assert_eq!(versions.len(), 101);
    assert_eq!(versions[..3], ["1.23.0", "1.22.1", "1.22.0"]);
    assert_eq!(versions.last(), Some(&"1.0.0"));
}

#[test]
fn offline_prints_only_and_only_what_is_named() {
    let refused = |arguments: &[&str]| install(arguments).run().refused();
    insta::assert_snapshot!(refused(&["--offline"]), @"
    error: --offline can only print what would be installed
    hint: add --dry-run=client, or leave out --offline
    ");
    insta::assert_snapshot!(refused(&["--offline", "--version", "1.12.4", "--dry-run=server"]), @"
    error: --offline can only print what would be installed
    hint: add --dry-run=client, or leave out --offline
    ");
    insta::assert_snapshot!(refused(&["--offline", "--dry-run=client"]), @"
    error: without a cluster, nothing says which release is meant
    hint: name it with --version, such as --version 1.12.4, or give a manifest with --from
    ");
    insta::assert_snapshot!(refused(&["--offline", "--dry-run=client", "--version", "1.24.0"]), @"
    error: release 1.24.0 is not built in, and --offline was given
    hint: built in are releases of 1.0.0 to 1.23.0: kubectl kscale install --list-versions
    hint: download https://github.com/knative/serving/releases/download/knative-v1.24.0/serving-hpa.yaml and give it with --from
    ");
    insta::assert_snapshot!(refused(&["--offline", "--dry-run=client", "--from", "https://host/hpa.yaml"]), @"
    error: https://host/hpa.yaml: this address needs the network, but --offline was given
    hint: download it and give the file, or leave out --offline
    ");
}

#[test]
fn wrong_values_are_told() {
    for (arguments, told) in [
        (
            ["--version", "1.12"],
            "a release has three numbers, such as 1.12.4",
        ),
        (
            ["--version", "devel"],
            "a release has three numbers, such as 1.12.4",
        ),
        (["--version", "0.39.4"], "the release of it is 1.12.4"),
        (
            ["--image-registry", "https://host"],
            "an image has no scheme",
        ),
        (
            ["--image-registry", "host/a@sha256:00"],
            "the digest of the release is kept",
        ),
        (
            ["--knative-namespace", "a/b"],
            "a namespace has up to 63 lower-case letters",
        ),
        (["--base-url", "host"], "write it like https://host/path"),
        (
            ["--dry-run=sever", "-y"],
            "[possible values: none, client, server]",
        ),
        (["--timeout=-1s", "-y"], "a span of time cannot be negative"),
        (
            ["--list-versions", "--version=1.12.4"],
            "cannot be used with",
        ),
    ] {
        let stderr = install(&arguments).run().refused();
        assert!(stderr.contains(told), "{arguments:?}: {stderr}");
    }
}

#[test]
fn nobody_can_answer_where_the_manifest_comes_in() {
    let stderr = install(&["--from", "-"])
        .stdin(printed("1.12.4"))
        .run()
        .refused();
    insta::assert_snapshot!(stderr, @"
    error: the manifest comes from standard input, so nobody can be asked there
    hint: add --yes, or give the manifest as a file
    ");
}

#[test]
fn without_a_cluster_both_say_that_there_is_none() {
    for verb in ["install", "uninstall"] {
        let ran = kscale(&[verb, "-y"]).run();
        assert_eq!((ran.stdout.as_str(), ran.code), ("", 2), "{}", ran.stderr);
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
}
