//! Flags as kubectl takes them, and what is said of others.

use crate::process::{explain, fixture, kscale};

#[test]
fn the_last_of_two_values_counts_as_in_kubectl() {
    let file = fixture("cpu.yaml");
    let name = explain(&["-f", &file, "-o", "json", "-o", "name"]).run();
    assert_eq!(name.clean(), "inferenceservice.serving.kserve.io/cpu\n");
}

#[test]
fn one_flag_takes_several_files_with_commas_as_in_kubectl() {
    let both = format!("{},{}", fixture("folder/a.yaml"), fixture("cpu.yaml"));
    assert_eq!(
        explain(&["-f", &both, "-o", "name"]).run().clean(),
        "inferenceservice.serving.kserve.io/first\ninferenceservice.serving.kserve.io/cpu\n"
    );
}

#[test]
fn a_file_with_a_comma_in_its_name_needs_no_quotes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a,b.yaml");
    std::fs::write(&path, "kind: Secret\n").unwrap();
    let ran = explain(&["-f", path.to_str().unwrap()]).run();
    assert_eq!(
        ran.stderr,
        "passed over 1 document of another kind: Secret 1\n"
    );
}

#[test]
fn an_empty_name_is_said_to_be_one() {
    for flag in ["-f", "--facts"] {
        let ran = explain(&["-f", &fixture("cpu.yaml"), "-o", "name", flag, ""]).run();
        assert_eq!(ran.code, 2);
        assert_eq!(
            ran.stderr,
            "error: \"\": an empty name stands where a file, a folder or an address should\n\
             hint: is a variable unset?\n"
        );
    }
}

#[test]
fn a_name_that_stands_alone_is_told_where_it_goes() {
    insta::assert_snapshot!(explain(&["model.yaml"]).run().refused(), @"
    error: no rule is called model.yaml
    hint: see `kubectl kscale rules` for their codes and names
    hint: a file, folder or address goes behind -f: -f model.yaml
    hint: what is in a cluster is named with its kind: isvc/model.yaml, ksvc/model.yaml or ig/model.yaml
    ");
    insta::assert_snapshot!(kscale(&["lint", "model.yaml"]).run().refused(), @"
    error: unexpected argument 'model.yaml' found

      tip: a file, folder or address goes behind -f: -f model.yaml
      tip: for what is in a cluster: kubectl get isvc -A -o yaml | kubectl kscale lint -f -

    Usage: kubectl kscale lint [OPTIONS]

    For more information, try '--help'.
    ");
}

#[test]
fn what_is_repeated_of_the_command_line_cannot_act_on_the_terminal() {
    for argument in [
        "--\u{1b}[2Jx",
        "-o=\u{1b}]0;x\u{7}",
        "--kserve-version=\u{9b}2J",
    ] {
        for color in ["--color=always", "--color=never"] {
            let stderr = kscale(&["explain", color, argument]).run().refused();
            let raw = |one: char| one.is_control() && one != '\n';
            assert!(!stderr.contains(raw), "{stderr:?}");
            assert!(stderr.starts_with("error: "), "{stderr}");
        }
    }
}
