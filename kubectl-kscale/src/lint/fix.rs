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
    use serde_json::json;

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
