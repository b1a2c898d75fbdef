//! Fixes of findings, applied to the texts that they were found in.

use kscale_rules::explain::Fix;
use serde_json::Value;

use super::report::Item;
use crate::edit::{DocumentEdit, apply};
use crate::input::Given;

/// A source that fixes changed.
#[derive(Debug)]
pub(crate) struct Mended {
    /// Which source.
    pub(crate) number: usize,
    /// Its new text.
    pub(crate) text: String,
    /// How many fixes are in it.
    pub(crate) fixed: usize,
}

/// Applies the fixes that do not get in each other's way; what is left is for the next pass, on what this one made. Gives
/// the sources that changed, and why fixes were not applied.
pub(crate) fn pass(
    given: &[Given],
    items: &[Item],
    unsafe_too: bool,
) -> (Vec<Mended>, Vec<String>) {
    let (mut mended, mut refused) = (Vec::new(), Vec::new());
    for items in items.chunk_by(|a, b| a.number == b.number) {
        let Some((number, given)) = items
            .first()
            .and_then(|one| Some((one.number, given.get(one.number)?)))
        else {
            continue;
        };
        let Some(source) = given.loaded.sources.first() else {
            continue;
        };
        let mut edits = Vec::new();
        for item in items {
            let Some(document) = given.loaded.documents.get(item.document) else {
                continue;
            };
            let fixes = chosen(item, unsafe_too);
            edits.extend(fixes.into_iter().map(|fix| DocumentEdit {
                document,
                patch: &fix.patch,
            }));
        }
        if edits.is_empty() {
            continue;
        }
        match apply(source, &edits) {
            Ok(edited) => {
                refused.extend(
                    edited
                        .refused
                        .iter()
                        .map(|one| format!("{}: {}", source.name(), one.reason)),
                );
                if edited.text != **source.text() {
                    let fixed = edits.len() - edited.refused.len();
                    mended.push(Mended {
                        number,
                        text: edited.text,
                        fixed,
                    });
                }
            }
            Err(error) => refused.push(error.to_string()),
        }
    }
    (mended, refused)
}

/// The fixes of one document, as far as none touches what another one before it touches.
fn chosen(item: &Item, unsafe_too: bool) -> Vec<&Fix> {
    let mut taken: Vec<String> = Vec::new();
    let mut chosen = Vec::new();
    for fix in item
        .findings()
        .filter_map(|located| located.fix(unsafe_too))
    {
        let touched: Vec<String> = fix.patch.iter().flat_map(touched).collect();
        let clashes = touched
            .iter()
            .any(|one| taken.iter().any(|other| related(one, other)));
        if !clashes {
            taken.extend(touched);
            chosen.push(fix);
        }
    }
    chosen
}

/// The pointers that an operation changes something at or below. An item of a sequence moves those behind it.
fn touched(operation: &Value) -> Vec<String> {
    let pointers = ["path", "from"]
        .into_iter()
        .filter_map(|key| operation.get(key)?.as_str());
    pointers
        .map(|pointer| match pointer.rsplit_once('/') {
            Some((parent, last))
                if last == "-" || last.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                parent.to_owned()
            }
            _ => pointer.to_owned(),
        })
        .collect()
}

/// Whether one is the other, or stands above it.
fn related(one: &str, other: &str) -> bool {
    let above = |a: &str, b: &str| {
        b.strip_prefix(a)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    above(one, other) || above(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{InputArg, Options, load_with};
    use crate::lint::Located;
    use kscale_rules::explain::{ObjectRef, Safety};
    use kscale_rules::rules::KS901;
    use serde_json::json;
    use std::sync::Arc;

    const TEXT: &str = "a: 1 # one\nb:\n- x\n- y\n- z\n";

    /// One document, and a finding for each fix.
    fn found(fixes: &[(Safety, Value)]) -> (Vec<Given>, Vec<Item>) {
        let loaded = load_with(
            &[InputArg::Stdin],
            &Options::default(),
            &mut TEXT.as_bytes(),
        );
        let source = Arc::clone(&loaded.sources[0]);
        let located = |(safety, operation): &(Safety, Value)| {
            let mut finding = KS901.finding("x", "");
            finding.fix = Some(Fix {
                safety: *safety,
                patch: vec![operation.clone()],
            });
            Located {
                finding,
                mark: source.place(0, 1),
                suppressed: None,
            }
        };
        let item = Item {
            number: 0,
            document: 0,
            object: ObjectRef::default(),
            source: Arc::clone(&source),
            found: fixes.iter().map(located).collect(),
        };
        (
            vec![Given {
                input: Some(InputArg::Stdin),
                loaded,
            }],
            vec![item],
        )
    }

    fn mended(fixes: &[(Safety, Value)], unsafe_too: bool) -> (String, usize) {
        let (given, items) = found(fixes);
        let (mended, refused) = pass(&given, &items, unsafe_too);
        assert_eq!(refused, [""; 0]);
        mended
            .first()
            .map_or((TEXT.to_owned(), 0), |one| (one.text.clone(), one.fixed))
    }

    #[test]
    fn without_leave_only_safe_fixes_are_applied() {
        let fixes = [
            (
                Safety::Safe,
                json!({"op": "replace", "path": "/a", "value": 2}),
            ),
            (Safety::NeedsReview, json!({"op": "remove", "path": "/b"})),
        ];
        let safe = TEXT.replace("a: 1", "a: 2");
        assert_eq!(mended(&fixes, false), (safe, 1));
        assert_eq!(mended(&fixes, true), ("a: 2 # one\n".to_owned(), 2));
    }

    #[test]
    fn fixes_that_get_in_each_others_way_wait_for_the_next_pass() {
        let fixes = [
            (Safety::Safe, json!({"op": "remove", "path": "/b/0"})),
            (Safety::Safe, json!({"op": "remove", "path": "/b/1"})),
        ];
        assert_eq!(mended(&fixes, false), (TEXT.replace("- x\n", ""), 1));
    }

    #[test]
    fn what_cannot_be_applied_says_why_and_changes_nothing() {
        let (given, items) = found(&[(Safety::Safe, json!({"op": "remove", "path": "/c"}))]);
        let (mended, refused) = pass(&given, &items, false);
        assert!(mended.is_empty());
        assert_eq!(refused.len(), 1, "{refused:?}");
    }

    #[test]
    fn what_stands_above_or_beside_in_a_sequence_is_in_the_way() {
        assert!(related("/a/b", "/a/b") && related("/a", "/a/b") && related("/a/b/c", "/a/b"));
        assert!(!related("/a/b", "/a/bc") && !related("/a/b", "/a/c"));
        assert_eq!(touched(&json!({"op": "remove", "path": "/a/0"})), ["/a"]);
        assert_eq!(
            touched(&json!({"op": "move", "path": "/a/b", "from": "/c/-"})),
            ["/a/b", "/c"]
        );
    }
}
