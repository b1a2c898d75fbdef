//! What is said where the command line is wrong.

use crate::process::{explain, fixture, kscale};

#[test]
fn without_a_file_it_says_what_to_give() {
    insta::assert_snapshot!(explain(&[]).run().refused(), @"
    error: nothing to explain: neither -f nor a cluster to look into
    hint: a manifest: kubectl kscale explain -f model.yaml
    hint: a snapshot: kubectl kscale explain isvc/NAME --facts snapshot.yaml
    ");
}

#[test]
fn an_unknown_flag_is_named() {
    let stderr = explain(&["--recursve"]).run().refused();
    assert!(
        stderr.contains("unexpected argument '--recursve'"),
        "{stderr}"
    );
    assert!(stderr.contains("Usage: kubectl kscale explain"), "{stderr}");
}

#[test]
fn standard_input_cannot_be_two_things() {
    insta::assert_snapshot!(explain(&["-f", "-", "--facts", "-"]).run().refused(), @"
    error: standard input cannot be both -f and --facts
    hint: put one of them into a file
    ");
}

#[test]
fn a_version_that_is_none_says_how_to_write_one() {
    let ask = |flag: &str, version: &str| {
        let file = fixture("cpu.yaml");
        explain(&["-f", &file, flag, version]).run().refused()
    };
    assert!(ask("--kserve-version", "new").contains("write it like 0.15.2"));
    assert!(ask("--kserve-version", "0.5.0").contains("the releases known are 0.11.0 to"));
    assert!(ask("--knative-version", "2.0").contains("the releases known are 1.0 to"));
}

#[test]
fn no_verb_shows_the_help_as_an_error_and_help_as_none() {
    assert!(
        kscale(&[])
            .run()
            .refused()
            .contains("Usage: kubectl kscale")
    );
    assert!(
        kscale(&["--help"])
            .run()
            .clean()
            .contains("Usage: kubectl kscale")
    );
    let version = kscale(&["--version"]).run().clean();
    assert_eq!(
        version,
        concat!("kubectl-kscale ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn what_reads_otherwise_than_it_looks_is_a_warning_and_no_failure() {
    let manifest = "kind: Secret\nkind: ConfigMap\n";
    let ran = explain(&["-f", "-"]).stdin(manifest).run();
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 0));
    insta::assert_snapshot!(ran.stderr, @"
    warning: <stdin>:2:1: the key `kind` is written twice here, first on line 1; the last one counts
    hint: remove one: kubectl takes the last in silence, or refuses with --validate=strict
    passed over 1 document of another kind: ConfigMap 1
    ");
}
