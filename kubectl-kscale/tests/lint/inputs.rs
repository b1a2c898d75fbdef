//! Where manifests come from.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::formats::list_of;
use crate::manifests::{ERROR, LOST, RIGHT, documents, folder, lint, lint_text};

fn concise(arguments: &[&str], within: &std::path::Path) -> Vec<String> {
    let ran = lint(&[arguments, &["-o", "concise"]].concat())
        .within(within)
        .run();
    ran.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn files_folders_and_those_below_are_read() {
    let folder = folder(&[("a.yaml", LOST), ("below/b.yml", LOST), ("c.txt", LOST)]);
    let summary = |arguments: &[&str]| concise(arguments, folder.path()).pop().unwrap();
    assert_eq!(
        summary(&["-f", "a.yaml"]),
        "1 warning in 1 object (1 file), 1 fixable with --fix --unsafe-fixes"
    );
    assert!(summary(&["-f", "."]).starts_with("1 warning in 1 object (1 file)"));
    assert!(summary(&["-f", ".", "-R"]).starts_with("2 warnings in 2 objects (2 files)"));
    assert!(
        summary(&["-f", "c.txt", "-f", "below"]).starts_with("2 warnings in 2 objects (2 files)")
    );
}

#[test]
fn json_and_lists_are_judged_at_their_places() {
    let item = r#"{"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "metadata": {"name": "a"},
 "spec": {"predictor": {"resources": {"requests": {"cpu": "1"}}, "model": {"modelFormat": {"name": "sklearn"}}}}}"#;
    let list =
        format!("{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n{item},\n{item}\n]}}");
    let ran = lint_text(&list, &["-o", "concise"]).run();
    let places: Vec<&str> = ran
        .stdout
        .lines()
        .filter_map(|line| line.split(": warning").next())
        .take(2)
        .collect();
    assert_eq!(places, ["<stdin>:3:25", "<stdin>:5:25"], "{}", ran.stdout);
}

#[test]
fn other_kinds_are_passed_over_and_counted() {
    let text = documents(&[
        RIGHT,
        "apiVersion: v1\nkind: Secret\n",
        "apiVersion: v1\nkind: Secret\n",
    ]);
    let ran = lint_text(&text, &[]).run();
    assert_eq!(ran.code, 0);
    assert_eq!(ran.stdout, "no findings in 1 object (1 file)\n");
    assert_eq!(
        ran.stderr,
        "passed over 2 documents of other kinds: Secret 2\n"
    );
}

#[test]
fn a_broken_document_is_told_with_its_place_and_hides_no_other() {
    let folder = folder(&[("a.yaml", &documents(&["a: 'b\n", LOST])), ("b.yaml", LOST)]);
    let lines = concise(&["-f", ".", "-f", "missing.yaml"], folder.path());
    assert_eq!(
        lines[0],
        "./a.yaml:1:4: error a quote is opened and never closed"
    );
    assert_eq!(lines[1], "missing.yaml: error no such file or folder");
    assert!(
        lines[2].starts_with("./a.yaml:9:5: warning KS401"),
        "{lines:?}"
    );
    assert!(
        lines[3].starts_with("./b.yaml:7:5: warning KS401"),
        "{lines:?}"
    );
    assert!(lines[4].ends_with(", 2 not readable"), "{lines:?}");
}

#[test]
fn an_address_is_fetched_and_offline_is_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/a.yaml", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        assert_ne!(stream.read(&mut [0; 4096]).unwrap(), 0);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            LOST.len()
        );
        stream.write_all((head + LOST).as_bytes()).unwrap();
    });
    let ran = lint(&["-f", &address, "-o", "concise"]).run();
    assert!(
        ran.stdout
            .starts_with(&format!("{address}:7:5: warning KS401")),
        "{}",
        ran.stdout
    );
    server.join().unwrap();
    let ran = lint(&["-f", &address, "--offline"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("--offline was given"), "{}", ran.stdout);
}

#[test]
fn standard_input_is_read_once() {
    let ran = lint(&["-f", "-", "-f", "-"]).stdin(RIGHT).run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stdout.contains("`-` can be given only once"),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_namespace_of_the_command_line_counts_as_in_kubectl() {
    let text = documents(&[&LOST.replace("iris\n", "iris\n  namespace: other\n"), LOST]);
    let ran = lint_text(&text, &["-n", "ml", "-o", "json"]).run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("iris is of namespace other"),
        "{}",
        ran.stderr
    );
    let list = list_of(&ran.stdout);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["object"]["namespace"], "ml");
}

/// In Standard mode the finding reads otherwise, so the facts have been used.
#[test]
fn facts_given_with_f_lie_over_those_of_the_snapshot() {
    let config = |mode: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: inferenceservice-config, namespace: kserve}}\n\
             data:\n  deploy: '{{\"defaultDeploymentMode\": \"{mode}\"}}'\n"
        )
    };
    let (standard, knative) = (config("Standard"), config("Knative"));
    let folder = folder(&[
        ("standard.yaml", &standard),
        ("knative.yaml", &knative),
        ("a.yaml", LOST),
    ]);
    let said = |arguments: &[&str]| {
        concise(&[&["-f", "a.yaml"], arguments].concat(), folder.path())[0].clone()
    };
    assert!(said(&[]).contains("lost in silence"));
    assert!(said(&["--facts", "standard.yaml"]).contains("those of the pod as a whole"));
    let over = said(&["--facts", "standard.yaml", "-f", "knative.yaml"]);
    assert!(over.contains("lost in silence"), "{over}");
    let dated = said(&["--kserve-version", "0.11.0"]);
    assert!(dated.contains("KServe 0.11.0"), "{dated}");
}

#[test]
fn severities_are_those_of_the_findings() {
    let lines = lint_text(&documents(&[LOST, ERROR]), &["-o", "concise"])
        .run()
        .stdout;
    assert!(
        lines.contains(":7:5: warning KS401") && lines.contains("error KS401"),
        "{lines}"
    );
}
