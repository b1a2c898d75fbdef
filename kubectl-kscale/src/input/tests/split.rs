//! Several documents in one text.

use super::*;

#[test]
fn separators_may_carry_white_space_and_comments() {
    assert_eq!(
        values("a: 1\n--- # c\nb: 2\n---\t\nc: 3\n--- \r\nd: 4\r\n---\r\ne: 5\r\n---"),
        [
            r#"{"a":1}"#,
            r#"{"b":2}"#,
            r#"{"c":3}"#,
            r#"{"d":4}"#,
            r#"{"e":5}"#
        ]
    );
}

#[test]
fn separators_with_content_are_refused_and_the_rest_is_read() {
    let loaded = read("a: 1\n---x: 2\n---\nb: 3\n--- {c: 4}\n--- |\n text\n---\nd: 5\n");
    let values: Vec<_> = loaded
        .documents
        .iter()
        .map(|document| document.value.to_string())
        .collect();
    assert_eq!(values, [r#"{"a":1}"#, r#"{"b":3}"#, r#"{"d":5}"#]);
    let lines: Vec<_> = loaded
        .problems
        .iter()
        .map(|problem| line_and_column(problem.place))
        .collect();
    assert_eq!(lines, [(2, 1), (5, 1), (6, 1)]);
    assert!(
        loaded.problems[0]
            .message
            .contains("nothing but a comment behind `---`")
    );
}

#[test]
fn one_broken_document_hides_no_other() {
    let loaded = read("a: 1\n---\nb: [\n---\nc: 3\n---\n\td: 4\n---\ne: 5\n");
    let origins: Vec<_> = loaded
        .documents
        .iter()
        .map(|document| document.origin.to_string())
        .collect();
    assert_eq!(origins, ["<stdin>#1", "<stdin>#3", "<stdin>#5"]);
    assert_eq!(
        shown(&loaded.problems),
        [
            "<stdin>:3:4: a bracket is opened and never closed",
            "<stdin>:7:1: a tab cannot indent YAML"
        ]
    );
    assert_eq!(loaded.problems[0].document, Some(1));
}

#[test]
fn blank_documents_are_skipped_and_not_counted() {
    assert!(values("").is_empty());
    assert!(values("\n \n# c\n").is_empty());
    assert!(values("---\n---\n# c\n---\n~\n---\nnull\n---").is_empty());
    let loaded = read("---\n\n---\n# c\n---\na: 1\n");
    assert_eq!(loaded.documents[0].origin.document, 0);
}

#[test]
fn dashes_end_a_document_even_below_a_block_scalar() {
    let loaded = read("a: |\n x\n---\n y\n");
    assert_eq!(loaded.documents[0].value["a"], "x\n");
    let problem = &loaded.problems[0];
    assert_eq!(
        problem.message,
        "a Kubernetes object is a mapping; this document is a boolean"
    );
    assert!(
        problem
            .hint
            .as_deref()
            .unwrap()
            .contains("even inside a block scalar")
    );
    assert_eq!(
        value("a: |\n x\n ---\n y\n"),
        r#"{"a":"x\n---\ny\n"}"#,
        "indented, they are text"
    );
}

#[test]
fn text_after_the_end_marker_is_ignored_with_a_notice() {
    let loaded = read("a: 1\n...\nb: 2\n---\nc: 3\n");
    assert_eq!(loaded.documents.len(), 2);
    assert_eq!(loaded.documents[1].value["c"], 3);
    assert_eq!(
        shown(&loaded.notices),
        ["<stdin>:3:1: kubectl reads nothing from here to the next `---` line"]
    );
    assert!(read("a: 1\n...\n---\nb: 2\n").notices.is_empty());
}

#[test]
fn a_carriage_return_alone_does_not_separate() {
    let loaded = read("a: 1\r---\rb: 2\r");
    assert_eq!(loaded.documents.len(), 1);
    assert_eq!(loaded.notices[0].kind, NoticeKind::TextIgnored);
}

#[test]
fn what_is_no_mapping_is_a_problem() {
    for (text, what) in [
        ("foo\n", "a string"),
        ("[1, 2]\n", "a sequence"),
        ("3", "a number"),
        ("- a: 1\n", "a sequence"),
    ] {
        let problem = problem(text);
        assert_eq!(problem.kind, ProblemKind::Shape);
        assert_eq!(
            problem.message,
            format!("a Kubernetes object is a mapping; this document is {what}")
        );
    }
}
