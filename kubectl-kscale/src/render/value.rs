//! Values of manifests and answers, as people read them.

use std::borrow::Cow;

use serde_json::Value;

/// A string as it is, everything else as JSON on one line; null is a dash.
pub(crate) fn shown(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) if text.is_empty() => Cow::Borrowed("\"\""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed("–"),
        other => Cow::Owned(other.to_string()),
    }
}

/// The same, cut where it would crowd out everything else.
pub(crate) fn short(value: &Value, most: usize) -> String {
    let text = shown(value);
    if text.chars().count() <= most {
        return text.into_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// A number without a fraction it does not have.
pub(crate) fn number(value: f64) -> String {
    let rounded = (value * 1000.0).round() / 1000.0;
    format!("{rounded}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_read_as_they_are_written() {
        assert_eq!(shown(&json!("cpu")), "cpu");
        assert_eq!(shown(&json!("")), "\"\"");
        assert_eq!(shown(&json!(null)), "–");
        assert_eq!(shown(&json!({"a": [1]})), r#"{"a":[1]}"#);
        assert_eq!(short(&json!("abcdef"), 4), "abc…");
    }

    #[test]
    fn numbers_have_no_fraction_they_do_not_need() {
        assert_eq!(number(70.0), "70");
        assert_eq!(number(0.1 + 0.2), "0.3");
    }
}
