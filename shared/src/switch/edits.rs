//! From two states of an object to the JSON Patch between them, and to what was replaced, setting by setting.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::manifest::child;

/// A setting that was replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Replaced {
    /// Where it stands.
    pub pointer: String,
    /// What stood there; left out where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What stands there now; left out where nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// The JSON Patch (RFC 6902) that makes `after` of `before`, with `add`, `replace` and `remove` alone. A list that differs is
/// replaced as a whole.
#[must_use]
pub fn patch(before: &Value, after: &Value) -> Vec<Value> {
    let mut operations = Vec::new();
    walk(before, after, "", &mut |pointer, before, after| {
        operations.push(match (before, after) {
            (None, Some(value)) => json!({"op": "add", "path": pointer, "value": value}),
            (Some(_), Some(value)) => json!({"op": "replace", "path": pointer, "value": value}),
            (_, None) => json!({"op": "remove", "path": pointer}),
        });
    });
    operations
}

/// Every setting in which `after` differs from `before`. A map that is new or gone is told key by key, after an entry for the
/// empty map itself, so that what others write into it meanwhile stays.
#[must_use]
pub fn replaced(before: &Value, after: &Value) -> Vec<Replaced> {
    let mut all = Vec::new();
    walk(before, after, "", &mut |pointer, before, after| {
        leaves(pointer, before, after, &mut all);
    });
    all
}

/// `object` with every setting as it was before it was replaced.
#[must_use]
pub fn restored(object: &Value, replaced: &[Replaced]) -> Value {
    let mut object = object.clone();
    // Maps that were there before must be there again before what stood in them is.
    for one in replaced.iter().filter(|one| one.before.is_some()) {
        if let Some(before) = &one.before {
            put(&mut object, &one.pointer, before);
        }
    }
    // From the innermost outwards: a map that was new goes when nothing is left in it.
    for one in replaced.iter().rev().filter(|one| one.before.is_none()) {
        let is_map = one.after.as_ref().is_some_and(Value::is_object);
        let in_use = object
            .pointer(&one.pointer)
            .and_then(Value::as_object)
            .is_some_and(|map| is_map && !map.is_empty());
        if !in_use {
            take(&mut object, &one.pointer);
        }
    }
    object
}

/// Writes `value` at `pointer`, making the maps on the way. A map that is there stays as it is where the value is an empty one.
pub(super) fn put(object: &mut Value, pointer: &str, value: &Value) {
    let Some((parent, key)) = split(pointer) else {
        return;
    };
    if object.pointer(parent).is_none_or(Value::is_null) {
        put(object, parent, &Value::Object(Map::new()));
    }
    let Some(map) = object.pointer_mut(parent).and_then(Value::as_object_mut) else {
        return;
    };
    let empty = value.as_object().is_some_and(Map::is_empty);
    if empty && map.get(&key).is_some_and(Value::is_object) {
        return;
    }
    map.insert(key, value.clone());
}

/// Takes away what stands at `pointer`.
pub(super) fn take(object: &mut Value, pointer: &str) -> Option<Value> {
    let (parent, key) = split(pointer)?;
    object.pointer_mut(parent)?.as_object_mut()?.remove(&key)
}

fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, key) = pointer.rsplit_once('/')?;
    Some((parent, key.replace("~1", "/").replace("~0", "~")))
}

/// Calls `each` for everything that differs, outermost first.
fn walk(
    before: &Value,
    after: &Value,
    pointer: &str,
    each: &mut impl FnMut(&str, Option<&Value>, Option<&Value>),
) {
    let (Some(old), Some(new)) = (before.as_object(), after.as_object()) else {
        if before != after {
            each(pointer, Some(before), Some(after));
        }
        return;
    };
    for (key, value) in old {
        let at = child(pointer, key);
        match new.get(key) {
            Some(other) => walk(value, other, &at, each),
            None => each(&at, Some(value), None),
        }
    }
    for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        each(&child(pointer, key), None, Some(value));
    }
}

fn leaves(pointer: &str, before: Option<&Value>, after: Option<&Value>, all: &mut Vec<Replaced>) {
    let (old, new) = (
        before.and_then(Value::as_object),
        after.and_then(Value::as_object),
    );
    let replaced = |before: Option<&Value>, after: Option<&Value>| Replaced {
        pointer: pointer.to_owned(),
        before: before.cloned(),
        after: after.cloned(),
    };
    let empty = Value::Object(Map::new());
    match (before, after, old.or(new)) {
        (Some(_), None, Some(map)) => {
            all.push(replaced(Some(&empty), None));
            for (key, value) in map {
                leaves(&child(pointer, key), Some(value), None, all);
            }
        }
        (None, Some(_), Some(map)) => {
            all.push(replaced(None, Some(&empty)));
            for (key, value) in map {
                leaves(&child(pointer, key), None, Some(value), all);
            }
        }
        _ => all.push(replaced(before, after)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states() -> (Value, Value) {
        (
            json!({"metadata": {"name": "a"}, "spec": {"x": 1, "gone": {"y": 2}, "list": [1]}}),
            json!({"metadata": {"name": "a", "annotations": {"k/v": "1"}}, "spec": {"x": 2, "list": [1, 2]}}),
        )
    }

    #[test]
    fn a_patch_says_what_differs() {
        let (before, after) = states();
        assert_eq!(
            patch(&before, &after),
            [
                json!({"op": "add", "path": "/metadata/annotations", "value": {"k/v": "1"}}),
                json!({"op": "remove", "path": "/spec/gone"}),
                json!({"op": "replace", "path": "/spec/list", "value": [1, 2]}),
                json!({"op": "replace", "path": "/spec/x", "value": 2}),
            ]
        );
    }

    #[test]
    fn what_was_replaced_comes_back_and_what_others_wrote_stays() {
        let (before, after) = states();
        let all = replaced(&before, &after);
        assert_eq!(restored(&after, &all), before);
        let mut meanwhile = after;
        put(&mut meanwhile, "/metadata/annotations/theirs", &json!("2"));
        let mut expected = before;
        put(&mut expected, "/metadata/annotations/theirs", &json!("2"));
        assert_eq!(restored(&meanwhile, &all), expected);
    }
}
