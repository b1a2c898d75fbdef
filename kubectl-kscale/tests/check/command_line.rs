//! Flags, inputs and exit codes.

use crate::data::check;
use crate::process::{fixture, kscale};

#[test]
fn the_exit_code_says_whether_something_fails() {
    for (name, code) in [
        ("healthy", 0),
        ("standard", 0),
        ("forbidden", 0),
        ("no-extension", 1),
        ("broken", 1),
    ] {
        for format in ["text", "short", "json", "yaml"] {
            let ran = check(name, &["-o", format]).run();
            assert_eq!(
                (ran.code, ran.stderr.as_str()),
                (code, ""),
                "{name} -o {format}"
            );
        }
    }
}

#[test]
fn a_snapshot_may_be_in_several_files_and_on_standard_input() {
    let stuck = "\
apiVersion: autoscaling.internal.knative.dev/v1alpha1
kind: PodAutoscaler
metadata:
  name: other
  namespace: ml
  annotations: {autoscaling.knative.dev/class: hpa}
";
    let ran = check("healthy", &["--facts", "-", "-o", "short"])
        .stdin(stuck)
        .run();
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("ml/other (hpa)"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_checked() {
    let ran = check("healthy", &["--facts", "missing.yaml"]).run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.starts_with("error: missing.yaml: no such file"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.contains("√ Knative Serving is installed"));
}

#[test]
fn a_file_cannot_be_waited_for() {
    let said = check("healthy", &["--wait", "1m"]).run().refused();
    assert!(
        said.contains("--wait") && said.contains("--facts"),
        "{said}"
    );
}

#[test]
fn a_span_of_time_is_one_of_go() {
    for wrong in ["5", "soon", "-1m"] {
        let said = kscale(&["check", &format!("--wait={wrong}")])
            .run()
            .refused();
        assert!(said.contains("--wait"), "{said}");
    }
}

#[test]
fn the_wrong_file_is_doubted() {
    let ran = kscale(&["check", "--facts", &fixture("cpu.yaml")]).run();
    assert_eq!(ran.code, 0);
    assert!(
        ran.stderr
            .contains("--facts tells nothing about KServe or Knative"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_cluster_that_cannot_be_reached_is_no_answer() {
    let ran = kscale(&["check", "--server", "https://127.0.0.1:1"])
        .env("KUBECONFIG", "/dev/null")
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
}
