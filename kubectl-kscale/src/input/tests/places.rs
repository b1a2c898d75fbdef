//! Where values are written.

use super::*;

const MANIFEST: &str = "\
# An example.
apiVersion: v1
metadata:
  annotations:
    serving.kserve.io/metric: \"cpu\"
    größe~x: 5
  labels: {a: b, 'c': [1, x y]}
spec:
  empty:
  text: |
    one
    two
  list:
  - 1
  -   name: x
";

#[test]
fn every_value_and_key_has_its_place() {
    let loaded = read(MANIFEST);
    let places = &loaded.documents[0].places;
    for (pointer, text, place) in [
        ("/apiVersion", "v1", (2, 13)),
        (
            "/metadata/annotations/serving.kserve.io~1metric",
            "\"cpu\"",
            (5, 31),
        ),
        ("/metadata/annotations/größe~0x", "5", (6, 14)),
        ("/metadata/labels", "{a: b, 'c': [1, x y]}", (7, 11)),
        ("/metadata/labels/c", "[1, x y]", (7, 23)),
        ("/metadata/labels/c/1", "x y", (7, 27)),
        ("/spec/empty", "", (9, 9)),
        ("/spec/text", "one\n    two", (11, 5)),
        ("/spec/list", "- 1\n  -   name: x", (14, 3)),
        ("/spec/list/1", "name: x", (15, 7)),
        ("/spec/list/1/name", "x", (15, 13)),
    ] {
        let found = places
            .value_at(pointer)
            .unwrap_or_else(|| panic!("no place for {pointer}"));
        assert_eq!(
            &places.source().text()[found.start..found.end],
            text,
            "{pointer}"
        );
        assert_eq!((found.line, found.column), place, "{pointer}");
    }
    let key = places
        .key_at("/metadata/annotations/serving.kserve.io~1metric")
        .unwrap();
    assert_eq!(&MANIFEST[key.start..key.end], "serving.kserve.io/metric");
    assert_eq!(places.key_at("/spec/list/0"), None, "an item has no key");
    assert_eq!(places.key_at(""), None, "the root has no key");
}

#[test]
fn what_is_not_written_is_nearest_to_its_closest_ancestor() {
    let loaded = read(MANIFEST);
    let places = &loaded.documents[0].places;
    for missing in [
        "/x",
        "/spec/x",
        "/spec/list/2",
        "/spec/list/x",
        "/apiVersion/x",
        "spec",
    ] {
        assert_eq!(places.value_at(missing), None, "{missing}");
    }
    assert_eq!(
        line_and_column(places.nearest("/spec/list/0")),
        (14, 5),
        "what is there is itself"
    );
    assert_eq!(
        line_and_column(places.nearest("/spec/x/y/z")),
        (8, 1),
        "the key `spec`"
    );
    assert_eq!(
        line_and_column(places.nearest("/spec/list/7")),
        (13, 3),
        "the key `list`"
    );
    assert_eq!(
        line_and_column(places.nearest("/x")),
        (2, 1),
        "the document"
    );
}

#[test]
fn converted_keys_are_found_by_what_they_became() {
    let loaded = read("0x10: a\nyes: b\n1.0: c\n\"q\": d\n");
    let places = &loaded.documents[0].places;
    for (pointer, line) in [("/16", 1), ("/true", 2), ("/1", 3), ("/q", 4)] {
        assert_eq!(
            line_and_column(places.value_at(pointer)).0,
            line,
            "{pointer}"
        );
    }
}

#[test]
fn the_text_is_kept_for_rendering() {
    let loaded = read("a: 1\n---\n[");
    let source = loaded.source("<stdin>").unwrap();
    assert_eq!(&**source.text(), "a: 1\n---\n[");
    assert_eq!(loaded.problems[0].source, *source.name());
}
