//! The objects that are created, as far as autoscaling goes.

use serde_json::Value;

use super::paper::{Ink, Paper, span};
use super::yaml;

/// Each as YAML below its kind.
pub(crate) fn objects(paper: &mut Paper, creates: &[Value]) {
    for object in creates {
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
        let heading = [
            span(Ink::Plain, "    "),
            span(Ink::Strong, text("kind")),
            span(Ink::Dim, format!("  {}", text("apiVersion"))),
        ];
        paper.entry(&heading, 0, &[]);
        let mut rest = object.clone();
        if let Some(fields) = rest.as_object_mut() {
            fields.remove("kind");
            fields.remove("apiVersion");
            if fields.is_empty() {
                continue;
            }
        }
        // Values from JSON always have a form in YAML.
        let lines = yaml::document(&rest).unwrap_or_else(|_| rest.to_string());
        paper.verbatim(6, Ink::Plain, lines.trim_end());
    }
}
