//! What an object would be with the fields of another laid over it, as far as that can be told without the API server.

use serde_json::Value;

/// `live` with what `wanted` sets. Entries of a list are one where they have the same name, as in containers, variables and
/// ports; a list of other things is replaced.
pub(super) fn overlay(live: &Value, wanted: &Value) -> Value {
    match (live, wanted) {
        (Value::Object(live), Value::Object(wanted)) => {
            let mut merged = live.clone();
            for (key, value) in wanted {
                let over = match live.get(key) {
                    Some(own) => overlay(own, value),
                    None => value.clone(),
                };
                merged.insert(key.clone(), over);
            }
            merged.into()
        }
        (Value::Array(live), Value::Array(wanted)) => list(live, wanted),
        _ => wanted.clone(),
    }
}

fn list(live: &[Value], wanted: &[Value]) -> Value {
    let is_named = |item: &Value| name(item).is_some();
    let named = wanted.iter().all(is_named) && live.iter().all(is_named);
    if !named {
        // Entries without a name are compared by their place: defaults of the API server are no change.
        if live.len() == wanted.len() {
            let pairs = live.iter().zip(wanted);
            return pairs.map(|(live, wanted)| overlay(live, wanted)).collect();
        }
        return wanted.to_vec().into();
    }
    let mut merged: Vec<Value> = live.to_vec();
    for item in wanted {
        match merged.iter_mut().find(|own| name(own) == name(item)) {
            Some(own) => *own = overlay(own, item),
            None => merged.push(item.clone()),
        }
    }
    merged.into()
}

fn name(item: &Value) -> Option<&str> {
    item.get("name")?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_set_counts_and_the_rest_stays() {
        let live = json!({
            "a": 1, "kept": true, "drop": ["all"], "terms": [{"weight": 1, "default": 2}],
            "env": [{"name": "A", "value": "1"}, {"name": "OWN", "value": "2"}],
        });
        let wanted = json!({
            "a": 2, "drop": ["ALL"], "terms": [{"weight": 3}],
            "env": [{"name": "B", "value": "4"}, {"name": "A", "value": "3"}],
        });
        assert_eq!(
            overlay(&live, &wanted),
            json!({
                "a": 2, "kept": true, "drop": ["ALL"], "terms": [{"weight": 3, "default": 2}],
                "env": [
                    {"name": "A", "value": "3"}, {"name": "OWN", "value": "2"}, {"name": "B", "value": "4"},
                ],
            })
        );
        assert_eq!(
            overlay(&live, &json!({"a": 1, "env": [{"name": "A"}]})),
            live
        );
    }

    #[test]
    fn lists_of_other_things_are_replaced() {
        let replaced = overlay(&json!({"l": [1, 2, 3]}), &json!({"l": [1, 2]}));
        assert_eq!(replaced, json!({"l": [1, 2]}));
        let replaced = overlay(&json!({"l": "text"}), &json!({"l": [1]}));
        assert_eq!(replaced, json!({"l": [1]}));
    }
}
