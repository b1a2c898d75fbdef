//! `-o yaml`.
//!
//! Written here rather than by a library: the one there is writes YAML 1.2, in which `on`, `y` and `1_000` are text. To
//! kubectl and most of its friends, which read YAML 1.1, they are a boolean and a number.

mod node;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json::pretty;
use crate::edit::plain_or_quoted;
use crate::error::Error;
use node::Node;

/// A YAML document with a line break at its end; keys stand in the order of the type, as in JSON.
pub(crate) fn document(value: &impl Serialize) -> Result<String, Error> {
    let json = pretty(value)?;
    let mut reader = serde_json::Deserializer::from_str(&json);
    // A manifest may nest deeper than a stranger's JSON may; what it was read with bounds it (`input::limits`).
    reader.disable_recursion_limit();
    let node = Node::deserialize(&mut reader).map_err(|error| Error::output(&error))?;
    let mut text = String::with_capacity(json.len());
    match &node {
        Node::Map(fields) if !fields.is_empty() => map(&mut text, fields, 0, false),
        Node::List(items) if !items.is_empty() => list(&mut text, items, 0),
        scalar => text.push_str(inline(scalar).trim_start()),
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

/// `started`: the first key goes on the line at hand, behind a dash.
fn map(text: &mut String, fields: &[(String, Node)], indent: usize, started: bool) {
    for (number, (key, node)) in fields.iter().enumerate() {
        if number > 0 || !started {
            pad(text, indent);
        }
        text.push_str(&plain_or_quoted(key));
        text.push(':');
        match node {
            Node::Map(inner) if !inner.is_empty() => {
                text.push('\n');
                map(text, inner, indent + 2, false);
            }
            Node::List(items) if !items.is_empty() => {
                text.push('\n');
                // As kubectl has it: the dash below the key, not to the right of it.
                list(text, items, indent);
            }
            scalar => {
                text.push_str(&inline(scalar));
                text.push('\n');
            }
        }
    }
}

fn list(text: &mut String, items: &[Node], indent: usize) {
    for item in items {
        pad(text, indent);
        text.push('-');
        match item {
            Node::Map(fields) if !fields.is_empty() => {
                text.push(' ');
                map(text, fields, indent + 2, true);
            }
            Node::List(inner) if !inner.is_empty() => {
                text.push('\n');
                list(text, inner, indent + 2);
            }
            scalar => {
                text.push_str(&inline(scalar));
                text.push('\n');
            }
        }
    }
}

fn pad(text: &mut String, indent: usize) {
    text.extend(std::iter::repeat_n(' ', indent));
}

/// What fits behind a colon or a dash, with a blank before it.
fn inline(node: &Node) -> String {
    match node {
        Node::Map(_) => " {}".to_owned(),
        Node::List(_) => " []".to_owned(),
        Node::Scalar(Value::String(text)) => format!(" {}", plain_or_quoted(text)),
        Node::Scalar(other) => format!(" {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::document;
    use crate::input::{InputArg, Options, load_with};
    use serde_json::{Value, json};

    /// As kubectl reads it, and as YAML 1.2 has it.
    fn read(text: &str) -> [Value; 2] {
        let mut bytes = text.as_bytes();
        let mut loaded = load_with(&[InputArg::Stdin], &Options::default(), &mut bytes);
        let first = loaded.documents.remove(0).value;
        [first, serde_yaml::from_str(text).unwrap()]
    }

    #[test]
    fn every_reader_gets_back_what_was_written() {
        let texts = [
            "on",
            "y",
            "No",
            "1e3",
            "0x1F",
            "~",
            "1_000",
            "12:30",
            "",
            " a",
            "a ",
            "a: b",
            "a:",
            "a #b",
            "- a",
            "a\nb",
            "[a]",
            "{a}",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "'a'",
            "\"a\"",
            "null",
            "2026-01-01",
            ".inf",
            "=",
            "<<",
            "größe",
            "/spec/a~1b",
            "a, b; c (d) 5 %",
            "\u{1b}[2J",
            "\u{85}",
            "\u{202e}",
        ];
        let nested = json!([[], {}, [1, [2, {"a": [{"b": 1}, {}]}]], {"c": {"d": null}}]);
        let keys: Value = texts
            .iter()
            .map(|text| ((*text).to_owned(), json!(1)))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let value =
            json!({"texts": texts.as_slice(), "nested": nested, "keys": keys, "f": 0.5, "b": true});
        let text = document(&value).unwrap();
        assert_eq!(read(&text), [value.clone(), value], "{text}");
        assert!(!text.contains(['\u{1b}', '\u{85}', '\u{202e}']), "{text}");
    }

    #[test]
    fn it_looks_as_kubectl_writes_it() {
        let value = json!({"items": [{"a": "x", "b": [1, 2]}, {"c": {}}], "kind": "List"});
        insta::assert_snapshot!(document(&value).unwrap(), @"
        items:
        - a: x
          b:
          - 1
          - 2
        - c: {}
        kind: List
        ");
    }
}
