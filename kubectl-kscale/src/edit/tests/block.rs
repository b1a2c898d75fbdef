//! Keys and items on lines of their own.

use serde_json::json;

use super::fixed;

#[test]
fn a_new_key_goes_behind_the_last_and_before_what_comes_next() {
    let text = "\
# head
spec:
  a: 1   # one

  # about b
  b:
      c: 2
      # deeper
# about the status

status: {}
# tail
";
    let patch = json!([{"op": "add", "path": "/spec/z", "value": "x"}]);
    let expected = text.replace("      # deeper\n", "      # deeper\n  z: x\n");
    assert_eq!(fixed(text, patch), expected);
}

#[test]
fn a_new_value_is_indented_like_its_document() {
    let text = "a:\n    b:\n    -   c: 1\n";
    let patch =
        json!([{"op": "add", "path": "/a/d", "value": {"e": [{"f": 1, "g": [2]}], "h": {}}}]);
    let expected = "a:\n    b:\n    -   c: 1\n    d:\n        e:\n        - f: 1\n          g:\n          - 2\n        h: {}\n";
    assert_eq!(fixed(text, patch), expected);
    let text = "a:\n  - b\n";
    let patch = json!([{"op": "add", "path": "/c", "value": [1, 2]}]);
    assert_eq!(fixed(text, patch), "a:\n  - b\nc:\n  - 1\n  - 2\n");
}

#[test]
fn line_breaks_marks_and_a_missing_last_one_are_kept() {
    let patch = json!([{"op": "add", "path": "/c/e", "value": {"f": 1}}]);
    assert_eq!(
        fixed("\u{feff}a: 1\r\nc:\r\n  d: 2", patch.clone()),
        "\u{feff}a: 1\r\nc:\r\n  d: 2\r\n  e:\r\n    f: 1"
    );
    assert_eq!(
        fixed("\u{feff}c:\n  d: 2 # x", patch),
        "\u{feff}c:\n  d: 2 # x\n  e:\n    f: 1"
    );
    let patch = json!([{"op": "remove", "path": "/b"}]);
    assert_eq!(fixed("a: 1\nb: 2", patch.clone()), "a: 1");
    assert_eq!(fixed("a: 1\r\nb: 2 # x", patch.clone()), "a: 1\r\n# x");
    assert_eq!(fixed("\u{feff}b: 2\na: 1\n", patch), "\u{feff}a: 1\n");
}

#[test]
fn a_removed_key_takes_its_lines_and_leaves_its_comments() {
    let text = "\
a:
  # above
  b: 1 # beside
  # between
  c:
    # inside
    d: 2 # deep
  e: 3
";
    let patch = json!([{"op": "remove", "path": "/a/b"}, {"op": "remove", "path": "/a/c"}]);
    let expected = "\
a:
  # above
  # beside
  # between
  # inside
  # deep
  e: 3
";
    assert_eq!(fixed(text, patch), expected);
}

#[test]
fn a_mapping_that_becomes_empty_is_written_so() {
    let patch = || json!([{"op": "remove", "path": "/a/b"}]);
    for (text, expected) in [
        ("a:\n  b: 1\nc: 2\n", "a: {}\nc: 2\n"),
        (
            "a: # x\n  # y\n  b: 1 # z\nc: 2\n",
            "a: {} # x\n  # y\n  # z\nc: 2\n",
        ),
        ("a: &x !!map\n  b: 1", "a: &x !!map {}"),
        ("a: {b: 1}\n", "a: {}\n"),
        ("a: { b: 1 } # x\n", "a: {} # x\n"),
    ] {
        assert_eq!(fixed(text, patch()), expected);
    }
    let patch = json!([{"op": "remove", "path": "/a/0"}]);
    assert_eq!(
        fixed("a:\n- b: 1 # x\nc: 1\n", patch.clone()),
        "a: []\n# x\nc: 1\n"
    );
    assert_eq!(fixed("a:\n  - b\n", patch), "a: []\n");
    let patch = json!([{"op": "remove", "path": "/a/0/b"}]);
    assert_eq!(fixed("a:\n- b: 1 # x\n", patch.clone()), "a:\n- {} # x\n");
    assert_eq!(fixed("a:\n-\n  b: 1\n", patch), "a:\n- {}\n");
    let patch = json!([{"op": "remove", "path": "/a"}]);
    assert_eq!(fixed("# x\na: 1 # y\n# z\n", patch), "# x\n{}\n# y\n# z\n");
}

#[test]
fn the_key_behind_a_dash_goes_and_the_next_moves_up() {
    let patch = || json!([{"op": "remove", "path": "/a/0/b"}]);
    for (text, expected) in [
        ("a:\n- b: 1\n  c: 2\n", "a:\n- c: 2\n"),
        (
            "a:\n  -   b:\n        d: 1\n\n      c: 2\n",
            "a:\n  -   c: 2\n",
        ),
        ("a:\n- b: 1 # x\n  c: 2\n", "a:\n- # x\n  c: 2\n"),
        (
            "a:\n- b: 1\n  # about c\n  c: 2\n",
            "a:\n- # about c\n  c: 2\n",
        ),
    ] {
        assert_eq!(fixed(text, patch()), expected);
    }
}

#[test]
fn items_are_put_in_and_taken_out() {
    let text = "a:\n# one\n- 1 # x\n# two\n- 2\nb: 3\n";
    let add =
        |index: &str| json!([{"op": "add", "path": format!("/a/{index}"), "value": {"k": 9}}]);
    assert_eq!(
        fixed(text, add("0")),
        "a:\n- k: 9\n# one\n- 1 # x\n# two\n- 2\nb: 3\n"
    );
    assert_eq!(
        fixed(text, add("1")),
        "a:\n# one\n- 1 # x\n- k: 9\n# two\n- 2\nb: 3\n"
    );
    assert_eq!(
        fixed(text, add("2")),
        "a:\n# one\n- 1 # x\n# two\n- 2\n- k: 9\nb: 3\n"
    );
    assert_eq!(
        fixed(text, add("-")),
        "a:\n# one\n- 1 # x\n# two\n- 2\n- k: 9\nb: 3\n"
    );
    let patch = json!([{"op": "remove", "path": "/a/0"}]);
    assert_eq!(fixed(text, patch), "a:\n# one\n# x\n# two\n- 2\nb: 3\n");
    let patch = json!([{"op": "add", "path": "/a/0/0", "value": [5]}]);
    assert_eq!(
        fixed("a:\n- - 1\n  - 2\n", patch),
        "a:\n- - - 5\n  - 1\n  - 2\n"
    );
}

#[test]
fn block_scalars_end_where_they_end() {
    let text = "a: |+\n  x\n\n\nb: >-  # why\n    folded\n    text\n\n# next\nc: 1\n";
    let patch = json!([{"op": "remove", "path": "/b"}]);
    assert_eq!(
        fixed(text, patch),
        "a: |+\n  x\n\n\n# why\n\n# next\nc: 1\n"
    );
    let patch = json!([{"op": "remove", "path": "/a"}]);
    assert_eq!(
        fixed(text, patch),
        text.strip_prefix("a: |+\n  x\n\n\n").unwrap()
    );
    let text = "m:\n  s: |\n    # no comment\n    x\n  # comment\nn: 1\n";
    let patch = json!([{"op": "add", "path": "/m/t", "value": 1}]);
    let expected = "m:\n  s: |\n    # no comment\n    x\n  t: 1\n  # comment\nn: 1\n";
    assert_eq!(fixed(text, patch), expected);
}

#[test]
fn several_documents_and_items_change_in_one_go() {
    let text = "\
a: 1
---
# a list
kind: List
items:
- kind: A # first
  x: 1
- kind: B
  x: 1
  v: {}
--- # last
b: 1
";
    let set = |path: &str, value| json!([{"op": "add", "path": path, "value": value}]);
    let edited = super::edited(
        text,
        &[
            (3, set("/b", json!(2))),
            (2, set("/v/z", json!("on"))),
            (1, set("/x", json!(2))),
            (1, set("/w", json!(3))),
            (0, set("/c", json!(null))),
        ],
    );
    assert_eq!(edited.refused, []);
    let expected = "\
a: 1
c: null
---
# a list
kind: List
items:
- kind: A # first
  x: 2
  w: 3
- kind: B
  x: 1
  v:
    z: \"on\"
--- # last
b: 2
";
    assert_eq!(edited.text, expected);
}
