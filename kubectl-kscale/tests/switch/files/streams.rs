//! Standard input, and texts in full.

use super::{BERT, CONFIG, IRIS, folder, switch, to_hpa};

fn piped(text: &str, arguments: &[&str]) -> crate::process::Ran {
    switch(&[&["--to", "hpa", "-f", "-"], arguments].concat())
        .stdin(text)
        .run()
}

#[test]
fn a_stream_comes_back_whole() {
    let text = format!("{CONFIG}---\n{BERT}---\n{CONFIG}");
    let ran = piped(&text, &["-o", "yaml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with(CONFIG) && ran.stdout.ends_with(CONFIG),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("never to zero"));
    assert!(ran.stdout.contains("hpa.autoscaling.knative.dev"));
    // Once more changes nothing, and the text comes back all the same.
    let again = piped(&ran.stdout, &["-o", "yaml"]);
    assert_eq!((again.stdout, again.code), (ran.stdout, 0));
}

#[test]
fn several_files_are_one_stream() {
    let files = folder(&[
        ("a.yaml", BERT.trim_end()),
        ("b.yaml", IRIS),
        ("c.yaml", CONFIG),
    ]);
    let ran = to_hpa(files.path(), &["-f", ".", "-o", "yaml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let documents: Vec<&str> = ran.stdout.split("\n---\n").collect();
    assert_eq!(documents.len(), 2, "{}", ran.stdout);
    assert!(documents[0].contains("name: bert") && documents[1].contains("name: iris"));
}

#[test]
fn a_stream_cannot_be_written() {
    let stderr = piped(BERT, &["--write"]).refused();
    assert_eq!(
        stderr,
        "error: --write needs files: standard input and addresses cannot be written\nhint: -o yaml prints the changed text\n"
    );
}

#[test]
fn a_difference_of_a_stream_is_shown() {
    let ran = piped(BERT, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("--- <stdin>\n+++ <stdin>\n@@ "),
        "{}",
        ran.stdout
    );
}
