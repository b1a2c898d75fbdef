//! A JSON Patch as a row of small changes, each to one key, one item or one value.

use json_patch::PatchOperation;
use serde_json::{Map, Value};

/// One change. Pointers are lists of tokens, without escapes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// A new key, or a new item before the one that stands there.
    Add { path: Vec<String>, value: Value },
    /// A key or an item less.
    Remove { path: Vec<String> },
    /// Another value under a key or in an item.
    Set { path: Vec<String>, value: Value },
    /// A key taken away from one mapping and put into another.
    Move {
        from: Vec<String>,
        to: Vec<String>,
        value: Value,
    },
}

/// Applies `patch` to `value` and gives the steps to the same end. On an error `value` is as it was.
pub(super) fn steps(patch: &[Value], value: &mut Value) -> Result<Vec<Step>, String> {
    let mut now = value.clone();
    let mut steps = Vec::new();
    for (number, operation) in patch.iter().enumerate() {
        let mut operation = operation.clone();
        if let Some(given) = operation.get_mut("value") {
            settle_numbers(given);
        }
        let parsed: PatchOperation =
            serde_json::from_value(operation.clone()).map_err(|error| {
                format!(
                    "operation {} of the patch is no JSON Patch: {error}",
                    number + 1
                )
            })?;
        let before = now.clone();
        json_patch::patch_unsafe(&mut now, std::slice::from_ref(&parsed))
            .map_err(|error| does_not_fit(&parsed, &error))?;
        expand(&parsed, &operation, &before, &now, &mut steps)?;
    }
    *value = now;
    Ok(steps)
}

fn does_not_fit(operation: &PatchOperation, error: &json_patch::PatchError) -> String {
    let path = operation.path();
    match operation {
        PatchOperation::Test(_) => {
            format!("the value at `{path}` is not the one that the fix was made for")
        }
        _ => format!(
            "the patch does not fit the object: `{path}`: {}",
            error.kind
        ),
    }
}

fn expand(
    parsed: &PatchOperation,
    raw: &Value,
    before: &Value,
    now: &Value,
    steps: &mut Vec<Step>,
) -> Result<(), String> {
    let path = tokens(raw, "path");
    match parsed {
        PatchOperation::Test(_) => {}
        PatchOperation::Remove(_) if path.is_empty() => {
            return Err("the patch removes the object as a whole".to_owned());
        }
        PatchOperation::Remove(_) => steps.push(Step::Remove { path }),
        PatchOperation::Replace(_) => {
            let old = at(before, &path).unwrap_or(&Value::Null);
            difference(
                path.clone(),
                old,
                at(now, &path).unwrap_or(&Value::Null),
                steps,
            );
        }
        PatchOperation::Add(_) | PatchOperation::Copy(_) => added(path, before, now, steps),
        PatchOperation::Move(_) => moved(tokens(raw, "from"), path, before, now, steps),
    }
    Ok(())
}

/// Adds what stands at `path` now, or changes what stood there before.
fn added(mut path: Vec<String>, before: &Value, now: &Value, steps: &mut Vec<Step>) {
    let parent = path
        .len()
        .checked_sub(1)
        .and_then(|last| at(before, &path[..last]));
    match parent {
        Some(Value::Array(items)) => {
            if let Some(last) = path.last_mut().filter(|last| *last == "-") {
                *last = items.len().to_string();
            }
            let value = at(now, &path).cloned().unwrap_or_default();
            steps.push(Step::Add { path, value });
        }
        _ => {
            let value = at(now, &path).unwrap_or(&Value::Null);
            match at(before, &path) {
                Some(old) => difference(path, old, value, steps),
                None => steps.push(Step::Add {
                    value: value.clone(),
                    path,
                }),
            }
        }
    }
}

fn moved(from: Vec<String>, to: Vec<String>, before: &Value, now: &Value, steps: &mut Vec<Step>) {
    if from == to || from.is_empty() {
        return;
    }
    let Some(value) = at(before, &from).cloned() else {
        return;
    };
    let mut without = before.clone();
    take(&mut without, &from);
    let parent = to
        .len()
        .checked_sub(1)
        .and_then(|last| at(&without, &to[..last]));
    let from_map = at(before, &from[..from.len() - 1]).is_some_and(Value::is_object);
    let is_new = from_map && parent.is_some_and(Value::is_object) && at(&without, &to).is_none();
    if is_new {
        steps.push(Step::Move { from, to, value });
        return;
    }
    steps.push(Step::Remove { path: from });
    added(to, &without, now, steps);
}

/// The fewest changes from one value to another, so that comments and order inside survive.
fn difference(path: Vec<String>, old: &Value, new: &Value, steps: &mut Vec<Step>) {
    match (old, new) {
        (old, new) if old == new => {}
        (Value::Object(old), Value::Object(new)) if !(old.is_empty() || new.is_empty()) => {
            mappings(&path, old, new, steps);
        }
        (Value::Array(old), Value::Array(new)) if !(old.is_empty() || new.is_empty()) => {
            sequences(&path, old, new, steps);
        }
        // The root stays a mapping; what is no mapping is refused when it is read again.
        (Value::Object(old), Value::Object(new)) if path.is_empty() => {
            mappings(&path, old, new, steps);
        }
        (_, new) => steps.push(Step::Set {
            path,
            value: new.clone(),
        }),
    }
}

fn mappings(
    path: &[String],
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    steps: &mut Vec<Step>,
) {
    // What is new first: the mapping is never empty in between.
    for (name, value) in new {
        let path = below(path, name);
        match old.get(name) {
            Some(old) => difference(path, old, value, steps),
            None => steps.push(Step::Add {
                path,
                value: value.clone(),
            }),
        }
    }
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        steps.push(Step::Remove {
            path: below(path, name),
        });
    }
}

fn sequences(path: &[String], old: &[Value], new: &[Value], steps: &mut Vec<Step>) {
    let same = old
        .iter()
        .zip(new)
        .take_while(|(old, new)| old == new)
        .count();
    let (old_rest, new_rest) = (&old[same..], &new[same..]);
    let same_behind = old_rest.iter().rev().zip(new_rest.iter().rev());
    let behind = same_behind.take_while(|(old, new)| old == new).count();
    let (old, new) = (
        &old_rest[..old_rest.len() - behind],
        &new_rest[..new_rest.len() - behind],
    );
    let item = |index: usize| below(path, &(same + index).to_string());
    for (index, (old, new)) in old.iter().zip(new).enumerate() {
        difference(item(index), old, new, steps);
    }
    for (index, value) in new.iter().enumerate().skip(old.len()) {
        steps.push(Step::Add {
            path: item(index),
            value: value.clone(),
        });
    }
    for index in (new.len()..old.len()).rev() {
        steps.push(Step::Remove { path: item(index) });
    }
}

fn below(path: &[String], token: &str) -> Vec<String> {
    path.iter().cloned().chain([token.to_owned()]).collect()
}

fn take(value: &mut Value, path: &[String]) {
    let Some((last, parents)) = path.split_last() else {
        return;
    };
    let parent = parents.iter().try_fold(value, |value, token| match value {
        Value::Object(map) => map.get_mut(token),
        Value::Array(items) => items.get_mut(token.parse::<usize>().ok()?),
        _ => None,
    });
    match parent {
        Some(Value::Object(map)) => {
            map.remove(last);
        }
        Some(Value::Array(items)) => {
            if let Some(index) = last
                .parse()
                .ok()
                .filter(|&index: &usize| index < items.len())
            {
                items.remove(index);
            }
        }
        _ => {}
    }
}

fn at<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, token| match value {
        Value::Object(map) => map.get(token),
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

fn tokens(operation: &Value, field: &str) -> Vec<String> {
    let pointer = operation
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default();
    // `~1` is `/` and `~0` is `~` (RFC 6901 §4; in this order).
    pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// Whole numbers as Kubernetes holds them: `2.0` reads back as `2`.
fn settle_numbers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let whole = number
                .as_f64()
                .filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15);
            #[allow(
                clippy::cast_possible_truncation,
                reason = "whole, and far from the limits"
            )]
            if let Some(whole) = whole {
                *value = Value::from(whole as i64);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(settle_numbers),
        Value::Object(map) => map.values_mut().for_each(settle_numbers),
        _ => {}
    }
}
