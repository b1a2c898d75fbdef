//! Reading fields as Go's JSON decoder does.
//!
//! Kubernetes decodes case-sensitively, takes `null` for absent and stops at the first value of a wrong type.
//! Source: sigs.k8s.io/json (v0.0.0-20250730), `internal/golang/encoding/json/decode.go`.

use std::fmt;

use serde_json::{Map, Value};

use super::pointer::child;
use crate::go::json_number;

/// A value whose type the API does not accept: nothing of the object is read any further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The decoder's own words. They name Go's struct and field, which depend a little on the Go version that built KServe.
    pub text: String,
    /// Where the value stands.
    pub pointer: String,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The fields of one object, with the place they stand at and the names Go gives them.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a, 'p> {
    map: Option<&'a Map<String, Value>>,
    pointer: &'p str,
    /// Go's name for the struct and the path to it: `PredictorSpec.spec.predictor.ComponentExtensionSpec`.
    go: &'p str,
}

pub(super) fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Number(number) => format!("number {}", json_number(number)),
        Value::String(_) => "string".to_owned(),
        Value::Array(_) => "array".to_owned(),
        Value::Object(_) => "object".to_owned(),
    }
}

impl<'a, 'p> Fields<'a, 'p> {
    /// The fields of an object that may be absent.
    #[must_use]
    pub fn new(map: Option<&'a Map<String, Value>>, pointer: &'p str, go: &'p str) -> Self {
        Self { map, pointer, go }
    }

    /// The value of a field, unless it is absent or null.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.map?.get(name).filter(|value| !value.is_null())
    }

    fn mismatch(&self, name: &str, value: &Value, wanted: &str) -> DecodeError {
        // Go names the literal only for numbers that do not fit an integer; a number in place of a string is just "number".
        let what = if wanted.starts_with("int") {
            found(value)
        } else {
            found(value)
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        DecodeError {
            text: format!(
                "json: cannot unmarshal {what} into Go struct field {}.{name} of type {wanted}",
                self.go
            ),
            pointer: child(self.pointer, name),
        }
    }

    /// A string.
    ///
    /// # Errors
    /// The value is of another type.
    pub fn string(&self, name: &str, go_type: &str) -> Result<Option<&'a str>, DecodeError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.mismatch(name, other, go_type)),
        }
    }

    /// A boolean.
    ///
    /// # Errors
    /// The value is of another type.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, DecodeError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(other) => Err(self.mismatch(name, other, "bool")),
        }
    }

    /// An integer of 32 or 64 bits.
    ///
    /// # Errors
    /// The value is of another type, has a fraction, or does not fit.
    pub fn integer(&self, name: &str, bits: u8) -> Result<Option<i64>, DecodeError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let fits = |number: &i64| bits == 64 || i32::try_from(*number).is_ok();
        match value.as_i64().filter(fits) {
            Some(number) => Ok(Some(number)),
            None => Err(self.mismatch(name, value, if bits == 64 { "int64" } else { "int32" })),
        }
    }

    /// An object.
    ///
    /// # Errors
    /// The value is of another type.
    pub fn object(
        &self,
        name: &str,
        go_type: &str,
    ) -> Result<Option<&'a Map<String, Value>>, DecodeError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(map)),
            Some(other) => Err(self.mismatch(name, other, go_type)),
        }
    }

    /// A list.
    ///
    /// # Errors
    /// The value is of another type.
    pub fn list(&self, name: &str, go_type: &str) -> Result<&'a [Value], DecodeError> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(other) => Err(self.mismatch(name, other, go_type)),
        }
    }

    /// A map of strings, such as annotations.
    ///
    /// # Errors
    /// The value is no object, or one of its values is no string.
    pub fn strings(&self, name: &str) -> Result<Option<&'a Map<String, Value>>, DecodeError> {
        let Some(map) = self.object(name, "map[string]string")? else {
            return Ok(None);
        };
        let wrong = map
            .iter()
            .find(|(_, value)| !(value.is_string() || value.is_null()));
        match wrong {
            None => Ok(Some(map)),
            Some((key, value)) => {
                let mut error = self.mismatch(name, value, "string");
                error.pointer = child(&error.pointer, key);
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn integers_that_do_not_fit_are_refused_in_go_s_words() {
        let value =
            json!({"maxReplicas": 3_000_000_000_i64, "minReplicas": 1.5, "x": null, "s": "1"});
        let go = "PredictorSpec.spec.predictor.ComponentExtensionSpec";
        let fields = Fields::new(value.as_object(), "/spec/predictor", go);
        let error = fields.integer("maxReplicas", 32).unwrap_err();
        assert_eq!(
            error.text,
            "json: cannot unmarshal number 3000000000 into Go struct field PredictorSpec.spec.predictor.ComponentExtensionSpec.maxReplicas of type int32"
        );
        assert_eq!(error.pointer, "/spec/predictor/maxReplicas");
        assert_eq!(fields.integer("maxReplicas", 64), Ok(Some(3_000_000_000)));
        assert!(fields.integer("minReplicas", 32).is_err());
        assert_eq!(fields.integer("x", 32), Ok(None));
        assert!(
            fields
                .integer("s", 32)
                .unwrap_err()
                .text
                .contains("unmarshal string into")
        );
    }
}
