//! Values of a wrong type in a Knative Service: what Go's JSON decoder says of them.
//!
//! Source: Go 1.25, encoding/json/decode.go; the structs are those of knative/serving 1.23. Only fields that bear on
//! autoscaling are looked at. On a cluster the CRD's schema refuses the same values first, with other words.

use serde_json::Value;

use super::annotations::Annotations;
use crate::go::json_number;

/// The texts among the annotations.
pub(super) fn annotations(value: Option<&Value>) -> Annotations {
    let Some(Value::Object(map)) = value else {
        return Annotations::new();
    };
    map.iter()
        .filter_map(|(key, value)| match value {
            Value::String(text) => Some((key.clone(), text.clone())),
            // Go leaves the zero value where it reads null.
            Value::Null => Some((key.clone(), String::new())),
            _ => None,
        })
        .collect()
}

pub(super) fn text<'a>(holder: &'a Value, pointer: &str) -> &'a str {
    holder
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The first decoding error in a Service with its keys in order, or `None`.
#[must_use]
pub fn decode_error(service: &Value) -> Option<String> {
    let spec = "spec.ConfigurationSpec.template";
    annotations_error(service.pointer("/metadata/annotations"), "metadata")
        .or_else(|| {
            let annotations = service.pointer("/spec/template/metadata/annotations");
            annotations_error(annotations, &format!("{spec}.metadata"))
        })
        .or_else(|| {
            [
                "containerConcurrency",
                "idleTimeoutSeconds",
                "responseStartTimeoutSeconds",
                "timeoutSeconds",
            ]
            .into_iter()
            .find_map(|field| {
                let what = not_an_int64(service.pointer("/spec/template/spec")?.get(field)?)?;
                Some(unmarshal(
                    &what,
                    &format!("RevisionSpec.{spec}.spec.{field}"),
                    "int64",
                ))
            })
        })
}

fn annotations_error(value: Option<&Value>, parent: &str) -> Option<String> {
    let field = format!("ObjectMeta.{parent}.annotations");
    match value? {
        Value::Null => None,
        Value::Object(map) => {
            let wrong = map.values().find(|v| !v.is_string() && !v.is_null())?;
            Some(unmarshal(kind(wrong), &field, "string"))
        }
        other => Some(unmarshal(kind(other), &field, "map[string]string")),
    }
}

fn not_an_int64(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Number(number) if number.is_i64() => None,
        Value::Number(number) => Some(format!("number {}", json_number(number))),
        other => Some(kind(other).to_owned()),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn unmarshal(what: &str, field: &str, of: &str) -> String {
    format!("json: cannot unmarshal {what} into Go struct field {field} of type {of}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_the_first_wrong_field() {
        let service = json!({"spec": {"template": {
            "metadata": {"annotations": {"a": "b", "c": 1}}, "spec": {"containerConcurrency": "1"}}}});
        assert_eq!(
            decode_error(&service).unwrap(),
            "json: cannot unmarshal number into Go struct field \
             ObjectMeta.spec.ConfigurationSpec.template.metadata.annotations of type string"
        );
        assert_eq!(
            decode_error(&json!({"spec": {"template": {"spec": {"timeoutSeconds": 5}}}})),
            None
        );
    }
}
