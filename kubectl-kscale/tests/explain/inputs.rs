//! Where manifests come from.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::process::{Ran, explain, fixture, root};

fn names(arguments: &[&str]) -> Ran {
    explain(&[arguments, &["-o", "name"]].concat()).run()
}

#[test]
fn standard_input_is_a_dash() {
    let manifest = std::fs::read(root().join(fixture("cpu.yaml"))).unwrap();
    let text = explain(&["-f", "-"]).stdin(manifest).run().clean();
    assert!(
        text.starts_with("cpu  InferenceService  Knative mode  <stdin>\n"),
        "{text}"
    );
}

#[test]
fn a_folder_is_read_and_those_below_it_on_demand() {
    let folder = fixture("folder");
    assert_eq!(
        names(&["-f", &folder]).clean(),
        "inferenceservice.serving.kserve.io/first\n"
    );
    assert_eq!(
        names(&["-f", &folder, "-R"]).clean(),
        "inferenceservice.serving.kserve.io/first\ninferenceservice.serving.kserve.io/second\n"
    );
}

#[test]
fn several_files_are_explained_in_the_order_given() {
    let ran = names(&[
        "-f",
        &fixture("folder/below/b.yaml"),
        "--filename",
        &fixture("folder/a.yaml"),
    ]);
    assert_eq!(
        ran.clean(),
        "inferenceservice.serving.kserve.io/second\ninferenceservice.serving.kserve.io/first\n"
    );
}

#[test]
fn lists_are_taken_apart_and_other_kinds_counted() {
    let ran = names(&["-f", &fixture("list.json")]);
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.stderr,
        "passed over 1 document of another kind: Secret 1\n"
    );
}

#[test]
fn a_broken_document_hides_no_other() {
    let ran = explain(&["-f", &fixture("mixed.yaml")]).run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stdout.starts_with("good  InferenceService"),
        "{}",
        ran.stdout
    );
    insta::assert_snapshot!(ran.stderr, @"
    error: kubectl-kscale/tests/fixtures/mixed.yaml:10:9: a quote is opened and never closed
    hint: close it, or double it inside `'…'`
    passed over 1 document of another kind: ConfigMap 1
    ");
}

#[test]
fn a_missing_file_hides_no_other() {
    let ran = names(&["-f", "missing.yaml", "-f", &fixture("cpu.yaml")]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stdout, "inferenceservice.serving.kserve.io/cpu\n");
    insta::assert_snapshot!(ran.stderr, @"
    error: missing.yaml: no such file or folder
    hint: check the spelling; a relative path starts at the current folder
    ");
}

#[test]
fn what_is_no_text_is_an_error() {
    let ran = explain(&["-f", "-"])
        .stdin(b"kind: \xff\xfe".to_vec())
        .run();
    insta::assert_snapshot!(ran.refused(), @"
    error: <stdin>: the text is not UTF-8: byte 0xFF at offset 6, on line 1
    hint: save it as UTF-8; `iconv -f LATIN1 -t UTF-8` turns the usual suspect into it
    ");
}

#[test]
fn nothing_at_all_is_an_error() {
    for nothing in ["", "# only a comment\n", "---\n---\n"] {
        let stderr = explain(&["-f", "-"]).stdin(nothing).run().refused();
        assert!(stderr.starts_with("error: nothing to explain"), "{stderr}");
    }
}

#[test]
fn an_address_is_fetched() {
    let (address, server) =
        serve(std::fs::read_to_string(root().join(fixture("cpu.yaml"))).unwrap());
    let text = explain(&["-f", &address]).run().clean();
    assert!(text.contains(&address), "{text}");
    server.join().unwrap();
}

#[test]
fn offline_no_address_is_fetched() {
    let ran = explain(&["-f", "http://127.0.0.1:9/cpu.yaml", "--offline"]).run();
    insta::assert_snapshot!(ran.refused(), @"
    error: http://127.0.0.1:9/cpu.yaml: this address needs the network, but --offline was given
    hint: download it and give the file, or leave out --offline
    ");
    let facts = fixture("standard-by-default.yaml");
    let ran = names(&["-f", &fixture("cpu.yaml"), "--facts", &facts, "--offline"]);
    assert_eq!(ran.clean(), "inferenceservice.serving.kserve.io/cpu\n");
}

#[test]
fn an_object_of_another_namespace_is_an_error_and_hides_no_other() {
    let manifest = "\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: theirs, namespace: other}
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: ours}
spec: {predictor: {model: {modelFormat: {name: sklearn}}}}
";
    let ran = explain(&["-f", "-", "-n", "ml"]).stdin(manifest).run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stdout.starts_with("ml/ours  InferenceService"),
        "{}",
        ran.stdout
    );
    insta::assert_snapshot!(ran.stderr, @"
    error: <stdin>:3:37: theirs is of namespace other, while --namespace says ml
    hint: give --namespace other for it, or leave out --namespace
    ");
}

/// A server that answers one request.
fn serve(body: String) -> (String, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/cpu.yaml", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        assert_ne!(stream.read(&mut request).unwrap(), 0);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).unwrap();
    });
    (address, server)
}
