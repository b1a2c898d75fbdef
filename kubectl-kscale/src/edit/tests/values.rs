//! Values that take the place of others.

use serde_json::{Value, json};

use super::fixed;

fn set(text: &str, value: &Value) -> String {
    fixed(
        text,
        json!([{"op": "replace", "path": "/a", "value": value}]),
    )
}

#[test]
fn a_quoted_value_keeps_its_quotes() {
    assert_eq!(set("a: 'x' # c\n", &json!("it's")), "a: 'it''s' # c\n");
    assert_eq!(set("a: \"x\"\n", &json!("w")), "a: \"w\"\n");
    assert_eq!(set("a: \"x\"\n", &json!("w\nz")), "a: \"w\\nz\"\n");
    assert_eq!(set("a: x\n", &json!("w")), "a: w\n");
    assert_eq!(set("a: x\n", &json!("yes")), "a: \"yes\"\n");
    assert_eq!(set("a: 'x'\n", &json!(5)), "a: 5\n");
}

#[test]
fn only_the_value_itself_changes() {
    assert_eq!(set("a :   x   # c\n", &json!(true)), "a :   true   # c\n");
    assert_eq!(set("a:\n  x\nb: 1\n", &json!("w")), "a:\n  w\nb: 1\n");
    assert_eq!(
        set("a: # why\n  x y\n  z\n", &json!("w")),
        "a: # why\n  w\n"
    );
    assert_eq!(set("a:   # c\nb: 1\n", &json!(1)), "a: 1 # c\nb: 1\n");
    assert_eq!(set("a:", &json!(1)), "a: 1");
    assert_eq!(set("a: &x 1\n", &json!(2)), "a: &x 2\n");
    assert_eq!(set("a: !!str 1\n", &json!(2)), "a: 2\n");
}

#[test]
fn a_mapping_takes_the_place_of_a_scalar_and_back() {
    assert_eq!(
        set("a: 1 # c\nb: 2\n", &json!({"x": [1]})),
        "a: # c\n  x:\n  - 1\nb: 2\n"
    );
    assert_eq!(
        set("a: # c\n  x: 1 # d\nb: 2\n", &json!(3)),
        "a: 3 # c\n  # d\nb: 2\n"
    );
    assert_eq!(
        set("a:\n- 1 # d\nb: 2\n", &json!({"x": 1})),
        "a:\n# d\n  x: 1\nb: 2\n"
    );
    assert_eq!(set("a: {x: 1}\n", &json!([1])), "a:\n- 1\n");
    let patch = json!([{"op": "replace", "path": "/a/0", "value": {"x": 1, "z": 2}}]);
    assert_eq!(
        fixed("a:\n- 1\n- 2 # c\n", patch.clone()),
        "a:\n- x: 1\n  z: 2\n- 2 # c\n"
    );
    assert_eq!(
        fixed("a:\n- &x 1\n", patch.clone()),
        "a:\n- &x\n  x: 1\n  z: 2\n"
    );
    assert_eq!(fixed("a:\n- 1 # c\n", patch), "a:\n- # c\n  x: 1\n  z: 2\n");
}

#[test]
fn long_texts_are_written_as_blocks() {
    assert_eq!(
        set("a: x # c\nb: 1\n", &json!("w\n\nz\n")),
        "a: | # c\n  w\n\n  z\nb: 1\n"
    );
    assert_eq!(
        set("a: | # c\n  x\nb: 1\n", &json!("w")),
        "a: w # c\nb: 1\n"
    );
    assert_eq!(
        set("a: >\n  x\nb: 1\n", &json!("w\nz")),
        "a: |-\n  w\n  z\nb: 1\n"
    );
    assert_eq!(set("a: x", &json!("w\nz\n")), "a: \"w\\nz\\n\"");
    // The comment below would become part of a block.
    assert_eq!(
        set("a: x\n    # c\nb: 1\n", &json!("w\nz")),
        "a: \"w\\nz\"\n    # c\nb: 1\n"
    );
    let patch = json!([{"op": "add", "path": "/b", "value": {"c": ["x\nw\n"]}}]);
    assert_eq!(
        fixed("a: 1\n", patch),
        "a: 1\nb:\n  c:\n  - |\n    x\n    w\n"
    );
}

#[test]
fn what_stays_the_same_inside_a_new_value_is_not_touched() {
    let text = "a:\n  # x\n  b: 'on' # y\n  c:   [1, 2]\n  d:\n  - 1 # one\n  - 2 # two\n";
    let value = json!({"b": "on", "c": [1, 2, 3], "d": [1, 3], "e": 1});
    let expected =
        "a:\n  # x\n  b: 'on' # y\n  c:   [1, 2, 3]\n  d:\n  - 1 # one\n  - 3 # two\n  e: 1\n";
    assert_eq!(set(text, &value), expected);
}

#[test]
fn the_same_value_changes_nothing() {
    let text = "a: 'x'   # c\n";
    assert_eq!(set(text, &json!("x")), text);
    assert_eq!(set("a: 0x10\n", &json!(16)), "a: 0x10\n");
    assert_eq!(set("a: 2\n", &json!(2.0)), "a: 2\n");
}

#[test]
fn numbers_read_back_as_they_are() {
    for value in [
        json!(1e300),
        json!(-0.5),
        json!(1.0),
        json!(1e21),
        json!(i64::MIN),
        json!(2.5e-7),
    ] {
        set("a: x\n", &value);
    }
}

#[test]
fn a_copy_is_written_out() {
    let patch = json!([{"op": "copy", "from": "/a", "path": "/b"}, {"op": "test", "path": "/b/x", "value": [1]}]);
    assert_eq!(
        fixed("a: {x: [1]}\n", patch),
        "a: {x: [1]}\nb:\n  x:\n  - 1\n"
    );
}

#[test]
fn keys_are_quoted_where_needed_and_found_however_written() {
    let patch = json!([{"op": "add", "path": "/a/serving.kserve.io~1x", "value": "1"}, {"op": "add", "path": "/a/yes", "value": 1}]);
    assert_eq!(
        fixed("a:\n  b: 1\n", patch),
        "a:\n  b: 1\n  serving.kserve.io/x: \"1\"\n  \"yes\": 1\n"
    );
    let patch = json!([{"op": "replace", "path": "/x~1~0y", "value": 2}]);
    assert_eq!(
        fixed("\"x\\/~y\": 1\n".replace("\\/", "/").as_str(), patch),
        "\"x/~y\": 2\n"
    );
}
