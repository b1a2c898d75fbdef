//! Brackets, of YAML and of JSON.

use serde_json::{Value, json};

use super::fixed;

fn add(path: &str, value: &Value) -> Value {
    json!([{"op": "add", "path": path, "value": value}])
}

#[test]
fn a_new_entry_stands_like_the_others() {
    for (text, expected) in [
        ("a: {b: 1}\n", "a: {b: 1, c: x}\n"),
        ("a: { b: 1, } # k\n", "a: { b: 1, c: x, } # k\n"),
        ("a: {\"b\":1,\"d\":2}\n", "a: {\"b\":1,\"d\":2,\"c\": x}\n"),
        ("a: {\n  b: 1 # k\n}\n", "a: {\n  b: 1, # k\n  c: x\n}\n"),
        ("a: {\n  b: 1, # k\n}\n", "a: {\n  b: 1, # k\n  c: x,\n}\n"),
        ("a: {\n  b: 1}\n", "a: {\n  b: 1,\n  c: x}\n"),
        ("a: {}\n", "a:\n  c: x\n"),
        ("a: {} # k\n", "a: # k\n  c: x\n"),
        ("a: { # k\n  }\n", "a: {c: x # k\n  }\n"),
    ] {
        assert_eq!(fixed(text, add("/a/c", &json!("x"))), expected);
    }
    assert_eq!(
        fixed("{a: {}}\n", add("/a/c", &json!({"d": ["a,b"]}))),
        "{a: {c: {d: [\"a,b\"]}}}\n"
    );
}

#[test]
fn items_in_brackets_come_and_go() {
    assert_eq!(
        fixed("a: [1, 2]\n", add("/a/0", &json!(0))),
        "a: [0, 1, 2]\n"
    );
    assert_eq!(
        fixed("a: [1, 2]\n", add("/a/-", &json!({"x": 1}))),
        "a: [1, 2, {x: 1}]\n"
    );
    assert_eq!(fixed("a: []\n", add("/a/-", &json!("x"))), "a:\n- x\n");
    for (text, index, expected) in [
        ("a: [1, 2, 3]\n", 0, "a: [2, 3]\n"),
        ("a: [1, 2, 3]\n", 1, "a: [1, 3]\n"),
        ("a: [1, # one\n  2]\n", 0, "a: [ # one\n  2]\n"),
        ("a: [1, 2, 3,]\n", 2, "a: [1, 2,]\n"),
        (
            "a: [\n  1, # one\n  2, # two\n]\n",
            0,
            "a: [\n  # one\n  2, # two\n]\n",
        ),
        (
            "a: [\n  1, # one\n  2 # two\n]\n",
            1,
            "a: [\n  1, # one\n  # two\n]\n",
        ),
    ] {
        let patch = json!([{"op": "remove", "path": format!("/a/{index}")}]);
        assert_eq!(fixed(text, patch), expected);
    }
}

#[test]
fn compact_json_stays_compact() {
    let text = r#"{"a":["x y"],"c":[]}"#;
    assert_eq!(
        fixed(text, add("/c/-", &json!({"d": [1, 2]}))),
        r#"{"a":["x y"],"c":[{"d":[1,2]}]}"#
    );
    let text = r#"{"a":{"b":1},"c":[]}"#;
    assert_eq!(
        fixed(text, add("/a/d", &json!({"e": [1, "x"]}))),
        r#"{"a":{"b":1,"d":{"e":[1,"x"]}},"c":[]}"#
    );
    assert_eq!(
        fixed(text, add("/c/-", &json!(1))),
        r#"{"a":{"b":1},"c":[1]}"#
    );
    assert_eq!(
        fixed(text, json!([{"op": "remove", "path": "/a/b"}])),
        r#"{"a":{},"c":[]}"#
    );
    assert_eq!(
        fixed(text, json!([{"op": "move", "from": "/a/b", "path": "/d"}])),
        r#"{"a":{},"c":[],"d":1}"#
    );
}

#[test]
fn pretty_json_stays_pretty() {
    let text = "{\n    \"a\": {\n        \"b\": 1\n    },\n    \"c\": {}\n}\n";
    let expected = "{\n    \"a\": {\n        \"b\": 1,\n        \"d\": {\n            \"e\": [\n                1\n            ]\n        }\n    },\n    \"c\": {}\n}\n";
    assert_eq!(fixed(text, add("/a/d", &json!({"e": [1]}))), expected);
    let expected = "{\n    \"a\": {\n        \"b\": 1\n    },\n    \"c\": {\n        \"d\": \"yes\"\n    }\n}\n";
    assert_eq!(fixed(text, add("/c/d", &json!("yes"))), expected);
    let expected = "{\n    \"a\": {\n        \"b\": 1\n    }\n}\n";
    assert_eq!(
        fixed(text, json!([{"op": "remove", "path": "/c"}])),
        expected
    );
}

#[test]
fn json_keeps_its_tabs_and_its_short_items() {
    let text = "{\n\t\"a\": {\n\t\t\"x\": 1\n\t}\n}\n";
    let expected = "{\n\t\"a\": {\n\t\t\"x\": 1,\n\t\t\"b\": [\n\t\t\t1\n\t\t]\n\t}\n}\n";
    assert_eq!(fixed(text, add("/a/b", &json!([1]))), expected);
    let text = "{\n  \"a\": [\n    {\"x\": 1}\n  ]\n}\n";
    let expected = "{\n  \"a\": [\n    {\"x\": 1},\n    {\"x\": 2}\n  ]\n}\n";
    assert_eq!(fixed(text, add("/a/-", &json!({"x": 2}))), expected);
}

#[test]
fn json_objects_in_a_row_change_each_for_itself() {
    let text = "{\"a\":1}\n{\"a\":1}\n";
    let patch = || json!([{"op": "replace", "path": "/a", "value": "x"}]);
    let edited = super::edited(text, &[(1, patch())]);
    assert_eq!(edited.text, "{\"a\":1}\n{\"a\":\"x\"}\n");
    let edited = super::edited(text, &[(0, patch()), (1, patch())]);
    assert_eq!(edited.text, "{\"a\":\"x\"}\n{\"a\":\"x\"}\n");
}
