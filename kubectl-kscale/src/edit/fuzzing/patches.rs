//! Patches that mostly fit the object they are made for.

use serde_json::{Value, json};

use super::choices::Choices;

/// One to three operations.
pub(super) fn write(choices: &mut Choices<'_>, object: &Value) -> Vec<Value> {
    let count = 1 + choices.pick(4) / 2;
    (0..count).map(|_| operation(choices, object)).collect()
}

fn operation(choices: &mut Choices<'_>, object: &Value) -> Value {
    match choices.pick(8) {
        0..=2 => {
            json!({"op": "replace", "path": path(choices, object), "value": value(choices, 2)})
        }
        3 | 4 => {
            json!({"op": "add", "path": new_path(choices, object), "value": value(choices, 2)})
        }
        5 => json!({"op": "remove", "path": path(choices, object)}),
        6 => {
            json!({"op": "move", "from": path(choices, object), "path": new_path(choices, object)})
        }
        _ => {
            json!({"op": "copy", "from": path(choices, object), "path": new_path(choices, object)})
        }
    }
}

/// A pointer to something that is there.
fn path(choices: &mut Choices<'_>, object: &Value) -> String {
    let mut path = String::new();
    let mut value = object;
    loop {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(map) => map
                .iter()
                .map(|(name, value)| (escape(name), value))
                .collect(),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, value)| (index.to_string(), value))
                .collect(),
            _ => Vec::new(),
        };
        let child = children.get(choices.pick(children.len()));
        let Some((token, child)) = child.filter(|_| path.is_empty() || !choices.once_in(3)) else {
            return path;
        };
        path.push('/');
        path.push_str(token);
        value = child;
    }
}

/// A pointer to something that may not be there yet.
fn new_path(choices: &mut Choices<'_>, object: &Value) -> String {
    let mut path = path(choices, object);
    while object
        .pointer(&path)
        .is_some_and(|value| !(value.is_object() || value.is_array()))
    {
        path.truncate(path.rfind('/').unwrap_or(0));
    }
    match object.pointer(&path) {
        Some(Value::Array(items)) => {
            let index = choices.pick(items.len() + 1);
            format!("{path}/{index}")
        }
        _ => {
            let name = choices
                .one_of(&["new", "yes", "x.y~1z", "1", "a"])
                .unwrap_or("new");
            format!("{path}/{name}")
        }
    }
}

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

fn value(choices: &mut Choices<'_>, depth: usize) -> Value {
    match choices.pick(if depth == 0 { 7 } else { 10 }) {
        0 => json!(7),
        1 => json!("text"),
        2 => json!("on"),
        3 => json!("a\nb\n"),
        4 => json!(null),
        5 => json!("a: b # c"),
        6 => json!({}),
        7 => json!([]),
        8 => Value::Array(
            (0..=choices.pick(3))
                .map(|_| value(choices, depth - 1))
                .collect(),
        ),
        _ => {
            let names = ["k", "l.m/n", "no", "z"];
            let count = 1 + choices.pick(names.len());
            let entries = names.iter().take(count);
            entries
                .map(|name| ((*name).to_owned(), value(choices, depth - 1)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
    }
}
