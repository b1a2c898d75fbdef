//! JSON, alone, in rows and below separators.

use super::*;

#[test]
fn json_specialties_are_right() {
    assert_eq!(
        value(
            "{\n\t\"a\":\t\"\\/\\u0041\\ud83d\\ude00\\b\\f\\t\\\"\",\n\t\"b\": [1.0, 1e2, -0, true, null, {}, []]\n}"
        ),
        "{\"a\":\"/A😀\\b\\f\\t\\\"\",\"b\":[1,100,0,true,null,{},[]]}"
    );
    assert_eq!(
        value(r#"{"a": "\ud83d x"}"#),
        "{\"a\":\"\u{fffd} x\"}",
        "half a pair, as Go has it"
    );
    assert_eq!(
        value(r#"{"a": "\u007f\u0000"}"#),
        "{\"a\":\"\u{7f}\\u0000\"}"
    );
    assert_eq!(
        value(r#"{"": 1, "<<": {"b": 2}}"#),
        r#"{"":1,"<<":{"b":2}}"#,
        "no merge in JSON"
    );
    assert_eq!(
        value(r#"{"a": "yes", "b": "0777"}"#),
        r#"{"a":"yes","b":"0777"}"#
    );
}

#[test]
fn objects_may_follow_each_other() {
    assert_eq!(values("{\"a\":1}{\"b\":2}\n\n{\"c\":3}\n").len(), 3);
    assert_eq!(values("{\"a\":1}\n---\n{\"b\":2}\n---\nc: 3\n").len(), 3);
    assert_eq!(
        values("{\"a\":1}\nb: 2\n"),
        [r#"{"a":1}"#, r#"{"b":2}"#],
        "what is no JSON is YAML"
    );
}

#[test]
fn what_is_no_json_is_yaml() {
    assert_eq!(value("{a: yes, b: 'c'}\n"), r#"{"a":true,"b":"c"}"#);
    assert_eq!(value("{\"a\": 1,}\n"), r#"{"a":1}"#);
    assert_eq!(value("{\"a\": 010}\n"), r#"{"a":8}"#);
    assert_eq!(value("{\"a\": \"x\ty\"} # c\n"), r#"{"a":"x\ty"}"#);
}

#[test]
fn broken_json_says_what_and_where() {
    for (text, shown) in [
        (
            "{\"a\": 1\n \"b\": 2}",
            "<stdin>:2:2: expected `,` or `}` here",
        ),
        ("{\"a\": [1, 2}", "<stdin>:1:12: expected `,` or `]` here"),
        ("{\"a\": 1", "<stdin>:1:8: the JSON ends too early"),
        (
            "{\"a\": \"x",
            "<stdin>:1:8: a quote is opened and never closed",
        ),
        (
            "{\"a\": \"\\x\"}",
            "<stdin>:1:8: unknown escape in a JSON string",
        ),
        ("{\"a\": 1e400}", "<stdin>:1:7: this number is out of range"),
    ] {
        assert_eq!(problem(text).to_string(), shown, "{text:?}");
    }
    let loaded = read("{\"a\":1}{\"b\":2} x\n---\nc: 3\n");
    assert_eq!((loaded.documents.len(), loaded.problems.len()), (3, 1));
}

#[test]
fn what_kubectl_stops_at_is_noticed() {
    let notices = shown(&read("{\"a\":1}{\"b\":2}\n---\n{\"c\":3}\n").notices);
    assert_eq!(
        notices,
        ["<stdin>:3:1: kubectl stops at a `---` that follows several JSON objects in a row"]
    );
    let notices = shown(&read("a: 1\n---\n{\"c\": \"\\/\"}\n").notices);
    assert_eq!(
        notices,
        ["<stdin>:3:8: kubectl reads JSON below a `---` as YAML, and refuses this escape"]
    );
    assert!(read("{\"c\": \"\\/\"}\n").notices.is_empty());
}

#[test]
fn json_has_places_too() {
    let loaded = read("{\n  \"a\": {\"b/c\": [10, \"x\"]}\n}\n{\"d\": 1}");
    let places = &loaded.documents[0].places;
    assert_eq!(line_and_column(places.value_at("/a/b~1c/1")), (2, 21));
    assert_eq!(line_and_column(places.key_at("/a/b~1c")), (2, 9));
    let object = places.value_at("/a").unwrap();
    assert_eq!(
        &places.source().text()[object.start..object.end],
        "{\"b/c\": [10, \"x\"]}"
    );
    assert_eq!(
        line_and_column(loaded.documents[1].places.value_at("/d")),
        (4, 7)
    );
    assert_eq!(loaded.documents[1].origin.to_string(), "<stdin>#2");
}
