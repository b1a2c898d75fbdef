//! Keys that go elsewhere.

use serde_json::{Value, json};

use super::fixed;

fn shift(from: &str, to: &str) -> Value {
    json!([{"op": "move", "from": from, "path": to}])
}

#[test]
fn a_moved_block_keeps_its_text_and_its_comments() {
    let text = "\
spec:
  predictor:
    minReplicas: 1
    # Sized for the larger model.
    resources: # all of it
      # a GPU
      limits: {nvidia.com/gpu: '1'} # one
      script: |
        if x; then
          # no comment
        fi

    model:
      name: x
      # trailing

  # end
";
    let expected = "\
spec:
  predictor:
    minReplicas: 1

    model:
      name: x
      # Sized for the larger model.
      resources: # all of it
        # a GPU
        limits: {nvidia.com/gpu: '1'} # one
        script: |
          if x; then
            # no comment
          fi
      # trailing

  # end
";
    assert_eq!(
        fixed(
            text,
            shift(
                "/spec/predictor/resources",
                "/spec/predictor/model/resources"
            )
        ),
        expected
    );
    let back = fixed(
        expected,
        shift(
            "/spec/predictor/model/resources",
            "/spec/predictor/resources",
        ),
    );
    assert!(
        back.contains(
            "\n    # Sized for the larger model.\n    resources: # all of it\n      # a GPU\n"
        ),
        "{back}"
    );
}

#[test]
fn the_first_and_the_only_key_can_move() {
    let text = "a:\n- b:\n    x: 1 # c\n  d:\n    y: 2\n";
    assert_eq!(
        fixed(text, shift("/a/0/b", "/a/0/d/e")),
        "a:\n- d:\n    y: 2\n    e:\n      x: 1 # c\n"
    );
    let text = "a:\n  \"b\" :\n    x: 1\n\n    # in b\n  # in a\n  c: 1\nd:\n    e: 1\n";
    assert_eq!(
        fixed(text, shift("/a/b", "/d/b")),
        "a:\n  # in a\n  c: 1\nd:\n    e: 1\n    \"b\" :\n      x: 1\n\n      # in b\n"
    );
    let text = "a:\n  b: 1 # c\nd:\n  e: 2";
    assert_eq!(
        fixed(text, shift("/a/b", "/d/b")),
        "a: {}\nd:\n  e: 2\n  b: 1 # c"
    );
    assert_eq!(
        fixed(text, shift("/d/e", "/a/e")),
        "a:\n  b: 1 # c\n  e: 2\nd: {}"
    );
    assert_eq!(
        fixed("a:\n  b: 1\nd:\n  e: 2\n  f: 3", shift("/d/f", "/a/f")),
        "a:\n  b: 1\n  f: 3\nd:\n  e: 2"
    );
}

#[test]
fn comments_above_the_first_key_go_with_it_and_those_above_all_stay() {
    let text = "# head\na:\n  # about b\n  b: 1\n\n# about d\nd:\n  e: 2\n";
    let moved = fixed(text, shift("/a/b", "/d/b"));
    assert_eq!(
        moved,
        "# head\na: {}\n\n# about d\nd:\n  e: 2\n  # about b\n  b: 1\n"
    );
    let moved = fixed(text, shift("/a", "/d/a"));
    assert_eq!(
        moved,
        "# head\n\n# about d\nd:\n  e: 2\n  a:\n    # about b\n    b: 1\n"
    );
}

#[test]
fn a_key_gets_another_name_where_it_stands() {
    assert_eq!(
        fixed("a:\n  b: 1 # c\n  d: 2\n", shift("/a/b", "/a/yes")),
        "a:\n  \"yes\": 1 # c\n  d: 2\n"
    );
    assert_eq!(
        fixed("{\"a\": 1, \"b\": 2}", shift("/a", "/c")),
        "{\"c\": 1, \"b\": 2}"
    );
}

#[test]
fn an_alias_moves_as_it_is_written() {
    let text = "a: &x {k: 1}\nb:\n  c: *x\nd:\n  e: 1\n";
    assert_eq!(
        fixed(text, shift("/b/c", "/d/c")),
        "a: &x {k: 1}\nb: {}\nd:\n  e: 1\n  c: *x\n"
    );
}

#[test]
fn a_move_onto_another_key_or_into_brackets_moves_the_value() {
    assert_eq!(fixed("a: 1\nb: 2 # c\n", shift("/a", "/b")), "b: 1 # c\n");
    assert_eq!(
        fixed("a: [1] # c\nb: {}\nd: 1\n", shift("/a", "/b/a")),
        "# c\nb:\n  a:\n  - 1\nd: 1\n"
    );
    assert_eq!(
        fixed("a:\n- 1\n- 2\nb: {}\n", shift("/a/0", "/c")),
        "a:\n- 2\nb: {}\nc: 1\n"
    );
}
