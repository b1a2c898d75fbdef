//! What is refused, where, and with which words.

use super::*;

#[test]
fn tabs_that_indent_are_refused_with_their_place() {
    for (text, place) in [
        ("a:\n\tb: 1\n", (2, 1)),
        ("\ta: 1", (1, 1)),
        ("a:\n  - b\n\t- c\n", (3, 1)),
        ("- \ta\n", (1, 3)),
        ("-\ta: 1\n", (1, 2)),
        // Newer YAML takes these for blank; kubectl does not.
        ("  \n\t\na: 1\n", (2, 1)),
        ("a: 1\n\t\n", (2, 1)),
        ("a: 1\n\t# c\n", (2, 1)),
        ("a: x\n\ty\n", (2, 1)),
        ("a: |\n  x\n\ty\n", (3, 1)),
    ] {
        let problem = problem(text);
        assert_eq!(problem.message, "a tab cannot indent YAML", "{text:?}");
        assert_eq!(problem.hint.as_deref(), Some("indent with spaces"));
        assert_eq!(line_and_column(problem.place), place, "{text:?}");
    }
    assert!(
        problem("a: |\n  \tx\n")
            .message
            .starts_with("a block scalar cannot start with a tab")
    );
}

#[test]
fn tabs_elsewhere_are_white_space_or_content() {
    for (text, expected) in [
        ("a:\t1\n", r#"{"a":1}"#),
        ("a: 1 \t# c\n", r#"{"a":1}"#),
        ("a: 1\tb\n", r#"{"a":"1\tb"}"#),
        ("a: [1,\n\t2]\n", r#"{"a":[1,2]}"#),
        ("a: |\n  x\n  \ty\n", r#"{"a":"x\n\ty\n"}"#),
        ("a: |2\n  \tx\n", r#"{"a":"\tx\n"}"#),
        ("a: \"x\n\ty\"\n", r#"{"a":"x y"}"#),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn quoted_texts_may_go_on_at_any_indentation() {
    for (text, expected) in [
        ("a: \"x\ny\"\nb: 1", r#"{"a":"x y","b":1}"#),
        (
            "b:\n  a: 'x\n\n y\n\tz'\n  c: &x 1\n  d: *x\n",
            r#"{"b":{"a":"x\ny z","c":1,"d":1}}"#,
        ),
        ("a: 'x\n# y\n z'", r#"{"a":"x # y z"}"#),
    ] {
        let loaded = read(text);
        assert_eq!(loaded.documents[0].value.to_string(), expected, "{text:?}");
    }
    let loaded = read("a: \"x\ny\"\nb: 1");
    let place = loaded.documents[0].places.value_at("/b");
    assert_eq!(
        line_and_column(place),
        (3, 4),
        "spaces put in for the parser do not move places"
    );
}

#[test]
fn broken_yaml_says_what_and_where() {
    for (text, shown) in [
        (
            "a: 1\n b: 2",
            "<stdin>:2:3: a `key: value` cannot start here",
        ),
        ("a: b: c", "<stdin>:1:5: a `key: value` cannot start here"),
        ("a: [1", "<stdin>:1:4: a bracket is opened and never closed"),
        (
            "a: {b: 1]",
            "<stdin>:1:4: this bracket is closed by one of another kind",
        ),
        ("a: \"x", "<stdin>:1:4: a quote is opened and never closed"),
        ("a: @x", "<stdin>:1:4: `@` cannot start a value"),
        (
            "a: *x\nx: &x 1",
            "<stdin>:1:4: the alias refers to no anchor written above it in this document",
        ),
        ("a: &x [*x]", "<stdin>:1:8: anchor `x` contains itself"),
        ("a: \"\\q\"", "<stdin>:1:4: unknown escape in double quotes"),
    ] {
        let problem = problem(text);
        assert_eq!(problem.to_string(), shown, "{text:?}");
        assert_eq!(problem.kind, ProblemKind::Syntax);
    }
}

#[test]
fn what_only_newer_yaml_accepts_is_refused_as_kubectl_does() {
    for (text, message) in [
        (
            "a: [http://x/?q=1]",
            "kubectl takes `?` inside brackets for the start of a key",
        ),
        (
            "a: {x: y:}",
            "kubectl takes this colon for a part of the text before it",
        ),
        (
            "a: \"\\/\"",
            "kubectl knows this escape in JSON only, not in YAML",
        ),
        (
            "a: \"\\ud83d\\ude00\"",
            "kubectl knows this escape in JSON only, not in YAML",
        ),
    ] {
        assert_eq!(problem(text).message, message, "{text:?}");
    }
}

#[test]
fn control_characters_are_refused() {
    for (text, code) in [
        ("a: x\0y", "U+0000"),
        ("a: x\u{7}y", "U+0007"),
        ("a: \u{1b}[31m", "U+001B"),
        ("a: \u{7f}", "U+007F"),
    ] {
        let problem = problem(text);
        assert_eq!(
            problem.message,
            format!("the control character {code} is not allowed in YAML")
        );
        assert!(
            !problem
                .to_string()
                .contains(|character: char| character.is_control())
        );
    }
}

#[test]
fn directives_are_refused_as_kubectl_does() {
    let loaded = read("%YAML 1.1\n---\na: 1\n");
    assert_eq!(
        shown(&loaded.problems),
        [
            "<stdin>:1:1: kubectl accepts no YAML directives: it cuts the text at `---` before parsing it"
        ]
    );
    assert_eq!(
        loaded.documents.len(),
        1,
        "the document below it is read all the same"
    );
    assert!(
        problem("# c\n%TAG ! x\na: 1\n")
            .message
            .contains("directives")
    );
}

#[test]
fn other_encodings_are_named() {
    assert!(
        problem(b"a: 1\nb: gr\xfc\xdfe\n")
            .message
            .contains("byte 0xFC at offset 10, on line 2")
    );
    assert!(problem(b"\xff\xfea\0:\0").message.contains("UTF-16"));
    assert_eq!(problem(b"\xff\xfea\0").kind, ProblemKind::Encoding);
}

#[test]
fn byte_order_mark_and_line_ends_are_no_part_of_the_text() {
    assert_eq!(value("\u{feff}a: 1\n"), r#"{"a":1}"#);
    assert_eq!(value("\u{feff}{\"a\": 1}"), r#"{"a":1}"#);
    assert_eq!(
        value("a: 1\r\nb:\r\n- x\r\n- |\r\n  y\r\n  z\r\n"),
        r#"{"a":1,"b":["x","y\nz\n"]}"#
    );
    assert_eq!(value("a: 1\rb: 2\r"), r#"{"a":1,"b":2}"#);
    let loaded = read("\u{feff}a: 1\r\nb: 2\r\n");
    let places = &loaded.documents[0].places;
    assert_eq!(line_and_column(places.value_at("/a")), (1, 4));
    assert_eq!(line_and_column(places.value_at("/b")), (2, 4));
}

#[test]
fn old_line_breaks_are_noticed() {
    let loaded = read("a: \"x\u{85}y\"");
    assert_eq!(loaded.documents.len(), 1);
    assert_eq!(loaded.notices[0].kind, NoticeKind::Lenient);
}
