//! What is not edited, and that nothing else suffers from it.

use serde_json::{Value, json};

use super::{edited, fixed, read, refused};
use crate::edit::{DocumentEdit, EditError, apply};
use crate::input::Source;

fn set(path: &str) -> Value {
    json!([{"op": "replace", "path": path, "value": "new"}])
}

fn remove(path: &str) -> Value {
    json!([{"op": "remove", "path": path}])
}

#[test]
fn what_an_alias_or_a_merge_repeats_is_refused() {
    let text = "base: &b\n  x: 1\n  v: {z: 1}\nuse: *b\nmerged:\n  <<: *b\n  own: 1\n";
    for path in [
        "/use/x",
        "/use",
        "/base/x",
        "/base/v/z",
        "/base",
        "/merged/x",
    ] {
        let reason = refused(text, set(path));
        assert!(reason.contains("two places"), "{path}: {reason}");
    }
    assert!(
        refused(text, remove("/base")).contains("anchor"),
        "an anchor is needed below"
    );
    assert!(refused(text, remove("/merged/x")).contains("merge"));
    let patch =
        json!([{"op": "add", "path": "/merged/new", "value": 1}, {"op": "remove", "path": "/use"}]);
    assert_eq!(
        fixed(text, patch),
        "base: &b\n  x: 1\n  v: {z: 1}\nmerged:\n  <<: *b\n  own: 1\n  new: 1\n"
    );
}

#[test]
fn an_anchor_inside_or_on_a_key_is_not_lost() {
    assert!(refused("a:\n  b: &x 1\nc: *x\n", remove("/a")).contains("anchor"));
    assert!(refused("a:\n  b: &x 1\nc: *x\n", set("/a")).contains("anchor"));
    assert!(refused("&k a: 1\nc: *k\n", remove("/a")).contains("anchor"));
    assert_eq!(fixed("&k a: 1\nc: 1\n", remove("/a")), "c: 1\n");
    assert_eq!(
        fixed("a: &x [1]\nb:\n- *x\n- 2\n", remove("/b/0")),
        "a: &x [1]\nb:\n- 2\n"
    );
}

#[test]
fn a_moved_anchor_must_stay_above_what_repeats_it() {
    let text = "a:\n  k: &x 1\nb: *x\nc:\n  d: 1\n";
    refused(
        text,
        json!([{"op": "move", "from": "/a/k", "path": "/c/k"}]),
    );
}

#[test]
fn a_patch_is_applied_as_a_whole_or_not_at_all() {
    let text = "a: 1\nb: 2\n";
    let patch =
        json!([{"op": "replace", "path": "/a", "value": 5}, {"op": "remove", "path": "/nope"}]);
    assert!(refused(text, patch).contains("/nope"));
    let patch = json!([{"op": "replace", "path": "/a", "value": 5}, {"op": "test", "path": "/b", "value": 3}]);
    assert!(refused(text, patch).contains("not the one"));
    for patch in [
        json!([{"op": "remove", "path": ""}]),
        json!([{"op": "replace", "path": "", "value": 1}]),
        json!([{"op": "jump", "path": "/a"}]),
        json!([1]),
        json!([{"op": "add", "path": "/a/b", "value": 1}]),
        json!([{"op": "add", "path": "/c", "value": u64::MAX}]),
        json!([{"op": "add", "path": "/items", "value": [{"kind": "A"}]}]),
    ] {
        refused(text, patch);
    }
}

#[test]
fn one_refusal_leaves_the_other_edits_alone() {
    let text = "a: &x 1\nb: *x\nc: 1\n---\nc: 1\n---\n: [\n---\nc: 1 # k\n";
    let grow = json!([{"op": "add", "path": "/items", "value": []}]);
    let patches = [
        (0, set("/a")),
        (0, set("/c")),
        (1, grow),
        (2, set("/c")),
        (2, remove("/c")),
    ];
    let edited = edited(text, &patches);
    assert_eq!(
        edited.text,
        "a: &x 1\nb: *x\nc: new\n---\nc: 1\n---\n: [\n---\n{}\n# k\n"
    );
    let refused: Vec<_> = edited.refused.iter().map(|refusal| refusal.edit).collect();
    assert_eq!(refused, [0, 2]);
}

#[test]
fn the_same_fixes_again_change_nothing() {
    let text = "a:\n  b: 1\n  c: 2\nd:\n  e: 1\n";
    let patches = || {
        [
            (0, json!([{"op": "move", "from": "/a/b", "path": "/d/b"}])),
            (0, remove("/a/c")),
            (0, json!([{"op": "add", "path": "/d/x", "value": "on"}])),
        ]
    };
    let once = edited(text, &patches());
    assert_eq!(once.text, "a: {}\nd:\n  e: 1\n  b: 1\n  x: \"on\"\n");
    let twice = edited(&once.text, &patches());
    assert_eq!(twice.text, once.text);
    assert_eq!(twice.refused.len(), 2, "what is gone cannot go again");
}

#[test]
fn odd_spellings_are_refused() {
    for text in [
        "? a\n: 1\nb: 2\n",
        "a: 1\ra: 2\n",
        "a: 1\nb: 2\na: 3\n",
        "{\"x\": 1}\na: 1\nb: 2\n",
    ] {
        let loaded = read(text);
        let document = loaded.documents.last().unwrap();
        if document.value.get("a").is_none() {
            continue;
        }
        let patch = remove("/a");
        let edit = DocumentEdit {
            document,
            patch: patch.as_array().unwrap(),
        };
        let edited = apply(&loaded.sources[0], &[edit]).unwrap();
        assert_eq!((edited.text.as_str(), edited.refused.len()), (text, 1));
    }
}

#[test]
fn kind_and_version_that_a_list_lends_are_not_written_in_its_items() {
    let text = "apiVersion: v1\nkind: PodList\nitems:\n- x: 1\n";
    refused(text, set("/kind"));
    refused(text, json!([{"op": "add", "path": "/kind", "value": "X"}]));
    assert_eq!(
        fixed(text, set("/x")),
        "apiVersion: v1\nkind: PodList\nitems:\n- x: new\n"
    );
}

#[test]
fn an_edit_for_another_text_is_an_error() {
    let loaded = read("a: 1\n");
    let patch = set("/a");
    let edit = DocumentEdit {
        document: &loaded.documents[0],
        patch: patch.as_array().unwrap(),
    };
    let error = apply(&Source::new("<stdin>", "a: 2\n"), &[edit]).unwrap_err();
    let EditError::OtherSource { document } = error;
    assert_eq!(document, "<stdin>#1");
}

#[test]
fn what_nests_without_end_is_refused_and_does_not_overflow() {
    for depth in [150, 900] {
        let flow = format!("a: 1\nb: {}{}\n", "[".repeat(depth), "]".repeat(depth));
        let block = format!("a: 1\nb:\n {}x\n", "- ".repeat(depth));
        for text in [flow, block] {
            let edited = edited(&text, &[(0, set("/a"))]);
            assert_eq!(edited.refused.len(), usize::from(depth > 200));
        }
    }
}

#[test]
fn a_long_list_takes_one_pass_for_each_step_and_not_one_for_each_item() {
    let item = "- kind: A # k\n  x:\n    v: 1\n  w: {}\n";
    let text = format!("kind: List\nitems:\n{}", item.repeat(2_000));
    let patch = json!([{"op": "move", "from": "/x", "path": "/w/x"}, {"op": "add", "path": "/new", "value": "on"}]);
    let patches: Vec<_> = (0..2_000).map(|number| (number, patch.clone())).collect();
    let begun = std::time::Instant::now();
    let edited = edited(&text, &patches);
    // One pass for each item would take minutes.
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
    assert_eq!(edited.refused, []);
    let changed = "- kind: A # k\n  w:\n    x:\n      v: 1\n  new: \"on\"\n";
    assert_eq!(
        edited.text,
        format!("kind: List\nitems:\n{}", changed.repeat(2_000))
    );
}
