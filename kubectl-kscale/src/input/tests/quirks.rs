//! Duplicate keys, merge keys and aliases.

use super::*;

#[test]
fn of_duplicate_keys_the_last_counts_and_both_are_named() {
    let loaded = read("a: 1\nb: 2\n\"a\": 3\n");
    assert_eq!(loaded.documents[0].value.to_string(), r#"{"a":3,"b":2}"#);
    let notice = &loaded.notices[0];
    assert_eq!(notice.kind, NoticeKind::DuplicateKey);
    assert_eq!(
        notice.to_string(),
        "<stdin>:3:1: the key `a` is written twice here, first on line 1; the last one counts"
    );
    assert_eq!(line_and_column(notice.related), (1, 1));
    assert_eq!(
        line_and_column(loaded.documents[0].places.value_at("/a")),
        (3, 6)
    );
}

#[test]
fn duplicates_are_found_after_conversion_and_in_json() {
    assert_eq!(read("1: a\n\"1\": b\n").notices.len(), 1);
    assert_eq!(read("y: a\ntrue: b\n").notices.len(), 1);
    let loaded = read(r#"{"a": 1, "a": 2}"#);
    assert_eq!(loaded.documents[0].value["a"], 2);
    assert_eq!(loaded.notices.len(), 1);
    assert!(read("a: {x: 1}\nb: {x: 1}\n").notices.is_empty());
}

#[test]
fn merges_take_effect_where_they_stand() {
    for (text, expected) in [
        ("<<: {k: 2, j: 3}\nk: 1\n", r#"{"j":3,"k":1}"#),
        // go-yaml v2 lets the later one win, whichever it is.
        ("k: 1\n<<: {k: 2, j: 3}\n", r#"{"j":3,"k":2}"#),
        ("<<: [{a: 1}, {a: 2, b: 3}]", r#"{"a":1,"b":3}"#),
        ("<<: {a: 1}\n<<: {a: 2}\n", r#"{"a":2}"#),
        ("<<: {<<: {z: 1}, z: 2}\n", r#"{"z":2}"#),
        ("b: &x {a: 1}\n<<: [*x]\n<<: *x", r#"{"a":1,"b":{"a":1}}"#),
        ("!!merge <<: {a: 1}", r#"{"a":1}"#),
        ("\"<<\": {a: 1}", r#"{"<<":{"a":1}}"#),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn a_merge_that_replaces_is_noticed_and_one_that_is_overridden_is_not() {
    let loaded = read("k: 1\n<<: {k: 2, j: 3}\n");
    assert_eq!(
        shown(&loaded.notices),
        ["<stdin>:2:1: this merge replaces the key `k` from line 1 above it"]
    );
    assert!(read("<<: {k: 2}\nk: 1\n").notices.is_empty());
    assert!(read("<<: {k: 2}\n<<: {k: 3}\n").notices.is_empty());
}

#[test]
fn a_merge_needs_mappings() {
    for text in [
        "<<: 1\n",
        "<<:\n",
        "a: &x [{b: 1}]\n<<: *x",
        "<<: [[{a: 1}]]",
        "<<: [1]",
    ] {
        assert!(
            problem(text).message.starts_with("`<<` needs a mapping"),
            "{text:?}"
        );
    }
}

#[test]
fn aliases_repeat_what_the_anchor_has() {
    for (text, expected) in [
        ("a: &x b\nc: *x", r#"{"a":"b","c":"b"}"#),
        (
            "a: &x {k: [1, yes]}\nb: [*x, *x]",
            r#"{"a":{"k":[1,true]},"b":[{"k":[1,true]},{"k":[1,true]}]}"#,
        ),
        ("&a a: 1\n*a : 2", r#"{"a":2}"#),
        ("a: &x 1\nb: &x 2\nc: *x", r#"{"a":1,"b":2,"c":2}"#),
        ("a: &x 5\n*x : b", r#"{"5":"b","a":5}"#),
        ("a: &x\nb: *x", r#"{"a":null,"b":null}"#),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
    assert!(
        problem("a: &x {}\n---\nb: *x")
            .message
            .contains("no anchor written above it")
    );
}

#[test]
fn places_lead_through_aliases_and_merges() {
    let loaded = read("base: &b\n  cpu: 1\n  mem: 2\nx:\n  <<: *b\n  mem: 3\nz: *b\n");
    let places = &loaded.documents[0].places;
    assert_eq!(
        line_and_column(places.value_at("/x/cpu")),
        (2, 8),
        "merged: where the anchor has it"
    );
    assert_eq!(
        line_and_column(places.value_at("/x/mem")),
        (6, 8),
        "overridden: where it is written"
    );
    assert_eq!(
        line_and_column(places.value_at("/z")),
        (7, 4),
        "the alias itself"
    );
    assert_eq!(line_and_column(places.value_at("/z/mem")), (3, 8));
    assert!(
        places.is_borrowed("/x/cpu") && places.is_borrowed("/z") && places.is_borrowed("/z/mem")
    );
    assert!(
        !places.is_borrowed("/x/mem")
            && !places.is_borrowed("/x")
            && !places.is_borrowed("/base/cpu")
    );
}
