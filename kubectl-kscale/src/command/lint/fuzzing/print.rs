//! Objects as people write them down: comments, quotes, indentation and brackets of every kind.

use serde_json::Value;

use crate::edit::fuzzing::Choices;

/// What a file is written with.
struct Printer<'c, 'b> {
    choices: &'c mut Choices<'b>,
    text: String,
    /// Blanks a level goes in.
    unit: usize,
    /// Whether sequences go in below their key.
    indented: bool,
    /// Values that carry an anchor, with its number.
    anchors: Vec<(Value, usize)>,
}

/// A file with these objects.
pub(super) fn write(choices: &mut Choices<'_>, objects: &[Value]) -> String {
    let mut printer = Printer {
        unit: choices.one_of(&[2, 2, 4, 3, 1]).unwrap_or(2),
        indented: choices.once_in(2),
        choices,
        text: String::new(),
        anchors: Vec::new(),
    };
    printer.file(objects);
    let mut text = printer.text;
    if choices.once_in(6) {
        text = text.replace('\n', "\r\n");
    }
    if choices.once_in(6) {
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
    }
    if choices.once_in(12) {
        text.insert(0, '\u{FEFF}');
    }
    text
}

impl Printer<'_, '_> {
    fn file(&mut self, objects: &[Value]) {
        match self.choices.pick(12) {
            9 => {
                self.text.push_str("apiVersion: v1\nkind: List\nitems:\n");
                self.sequence(objects, 0);
            }
            10 => {
                let list =
                    serde_json::json!({"apiVersion": "v1", "kind": "List", "items": objects});
                self.text.push_str(&format!("{list:#}\n"));
            }
            11 => {
                for object in objects {
                    self.text.push_str(&format!("{object}\n---\n"));
                }
            }
            _ => {
                for (number, object) in objects.iter().enumerate() {
                    if number > 0 || self.choices.once_in(6) {
                        let separator = self.choices.one_of(&["---\n", "--- # next\n", "---  \n"]);
                        self.text.push_str(separator.unwrap_or_default());
                    }
                    self.anchors.clear();
                    self.mapping(object, 0, true);
                }
            }
        }
    }

    fn spaces(&mut self, count: usize) {
        self.text.push_str(&" ".repeat(count));
    }

    fn comment(&mut self) {
        let number = self.choices.number();
        let said = match self.choices.pick(16) {
            14 => "# kscale: ignore[KS401, KS111] we know".to_owned(),
            15 => "# kscale: ignore[annotation-overridden]".to_owned(),
            _ => format!("# c{number}"),
        };
        self.text.push_str(&said);
    }

    /// Comments and blank lines above a line.
    fn between(&mut self, column: usize) {
        if !self.choices.once_in(6) {
            return;
        }
        match self.choices.pick(3) {
            0 => self.text.push('\n'),
            which => {
                self.spaces(if which == 1 { column } else { column + 2 });
                self.comment();
                self.text.push('\n');
            }
        }
    }

    fn line_end(&mut self) {
        if self.choices.once_in(8) {
            self.text.push(' ');
            self.comment();
        }
        self.text.push('\n');
    }

    /// `at_start`: the first key still needs its indentation.
    fn mapping(&mut self, value: &Value, column: usize, at_start: bool) {
        let mut entries: Vec<_> = value.as_object().into_iter().flatten().collect();
        if self.choices.once_in(4) {
            entries.reverse();
        }
        for (number, (key, value)) in entries.into_iter().enumerate() {
            if number > 0 || at_start {
                self.between(column);
                self.spaces(column);
            }
            self.key(key);
            self.text.push(':');
            self.value(value, column);
        }
    }

    fn key(&mut self, key: &str) {
        match self.choices.pick(10) {
            8 => self.text.push_str(&format!("\"{key}\"")),
            9 => self.text.push_str(&format!("'{key}'")),
            _ => self.text.push_str(key),
        }
    }

    fn sequence(&mut self, items: &[Value], column: usize) {
        for item in items {
            self.between(column);
            self.spaces(column);
            self.text.push('-');
            let is_map = item.as_object().is_some_and(|map| !map.is_empty());
            if is_map && !self.choices.once_in(5) {
                let gap = self.unit.max(2) - 1;
                self.spaces(gap);
                self.mapping(item, column + 1 + gap, false);
            } else {
                self.value(item, column);
            }
        }
    }

    /// What stands behind a colon or a dash, to the end of its last line.
    fn value(&mut self, value: &Value, column: usize) {
        let is_empty = match value {
            Value::Object(map) => map.is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => return self.scalar(value, column),
        };
        let known = self.anchors.iter().find(|(known, _)| known == value);
        if let Some(number) = known.map(|(_, number)| *number)
            && !self.choices.once_in(3)
        {
            self.text.push_str(&format!(" *a{number}"));
            return self.line_end();
        }
        if self.choices.once_in(12) {
            let number = self.choices.number();
            self.text.push_str(&format!(" &a{number}"));
            self.anchors.push((value.clone(), number));
        }
        if is_empty || self.choices.once_in(10) {
            self.text.push(' ');
            self.flow(value, column);
            return self.line_end();
        }
        self.line_end();
        if let Value::Array(items) = value {
            let inner = column + if self.indented { self.unit } else { 0 };
            self.sequence(items, inner);
        } else {
            self.mapping(value, column + self.unit, true);
        }
    }

    fn scalar(&mut self, value: &Value, column: usize) {
        if let Value::String(text) = value
            && text.ends_with('\n')
        {
            self.text.push_str(" |");
            self.line_end();
            for line in text.lines() {
                self.spaces(column + self.unit);
                self.text.push_str(line);
                self.text.push('\n');
            }
            return;
        }
        self.text.push(' ');
        self.inline(value);
        self.line_end();
    }

    fn inline(&mut self, value: &Value) {
        let Value::String(text) = value else {
            return self.text.push_str(&value.to_string());
        };
        match self.choices.pick(4) {
            0 | 1 if is_plain(text) => self.text.push_str(text),
            2 if !text.contains(['\'', '\n']) => self.text.push_str(&format!("'{text}'")),
            _ => self.text.push_str(&value.to_string()),
        }
    }

    /// Brackets, on one line or several.
    fn flow(&mut self, value: &Value, column: usize) {
        let spread = self.choices.once_in(4);
        let children: Vec<(Option<&String>, &Value)> = match value {
            Value::Object(map) => map.iter().map(|(key, value)| (Some(key), value)).collect(),
            Value::Array(items) => items.iter().map(|value| (None, value)).collect(),
            _ => return self.inline(value),
        };
        let (open, close) = if value.is_object() {
            ('{', '}')
        } else {
            ('[', ']')
        };
        self.text.push(open);
        let last = children.len().saturating_sub(1);
        for (number, (key, child)) in children.into_iter().enumerate() {
            if spread {
                self.line_end();
                self.spaces(column + 2 * self.unit);
            } else if number > 0 {
                self.text.push(' ');
            }
            if let Some(key) = key {
                self.key(key);
                self.text.push_str(": ");
            }
            self.flow(child, column + self.unit);
            if number < last {
                self.text.push(',');
            }
        }
        if spread {
            self.text.push('\n');
            self.spaces(column + self.unit);
        }
        self.text.push(close);
    }
}

/// Whether a text can stand without quotes, and stays a text so.
fn is_plain(text: &str) -> bool {
    const OTHERWISE: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "null", "NaN"];
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || "._/-".contains(one))
        && !OTHERWISE
            .iter()
            .any(|other| other.eq_ignore_ascii_case(text))
}
