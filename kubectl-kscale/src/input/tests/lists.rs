//! Lists taken apart.

use super::*;

#[test]
fn the_items_of_a_list_are_documents() {
    let loaded = read(
        "a: 1\n---\napiVersion: v1\nkind: List\nitems:\n- kind: A\n  x: 1\n- kind: B\n  x: 2\n",
    );
    let origins: Vec<_> = loaded
        .documents
        .iter()
        .map(|document| document.origin.to_string())
        .collect();
    assert_eq!(
        origins,
        ["<stdin>#1", "<stdin>#2.items[0]", "<stdin>#2.items[1]"]
    );
    let second = &loaded.documents[2];
    assert_eq!(second.value.to_string(), r#"{"kind":"B","x":2}"#);
    assert_eq!(line_and_column(second.places.value_at("/x")), (9, 6));
    assert_eq!(
        line_and_column(second.places.nearest("/y")),
        (8, 3),
        "the item, not the list"
    );
    assert_eq!(second.places.key_at(""), None);
}

#[test]
fn lists_in_lists_are_taken_apart_too() {
    let loaded =
        read("kind: List\nitems:\n- kind: List\n  items: [{kind: A}, {kind: B}]\n- kind: C\n");
    let origins: Vec<_> = loaded
        .documents
        .iter()
        .map(|document| document.origin.to_string())
        .collect();
    assert_eq!(
        origins,
        [
            "<stdin>#1.items[0].items[0]",
            "<stdin>#1.items[0].items[1]",
            "<stdin>#1.items[1]"
        ]
    );
}

#[test]
fn items_of_a_typed_list_get_its_kind() {
    assert_eq!(
        values("apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: a}}, {kind: X}]\n"),
        [
            r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"#,
            r#"{"kind":"X"}"#
        ]
    );
}

#[test]
fn an_empty_list_holds_nothing() {
    assert!(values("kind: List\nitems: []\n").is_empty());
    assert!(values("kind: ConfigMapList\nitems:\n").is_empty());
}

#[test]
fn an_item_that_is_no_mapping_is_a_problem_and_the_others_are_read() {
    let loaded = read("kind: List\nitems:\n- kind: A\n- x\n- kind: B\n");
    assert_eq!(loaded.documents.len(), 2);
    assert_eq!(
        shown(&loaded.problems),
        ["<stdin>:4:3: items[1] of this list is no mapping"]
    );
}
