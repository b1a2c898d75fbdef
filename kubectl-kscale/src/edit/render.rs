//! Values as text, in the style of the document around them.

use serde_json::Value;

use super::quote::{self, Context};
use super::syntax::{Kind, Node, Syntax};
use super::text::{Lines, spaces};

/// How a document is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// Spaces that a mapping is indented by.
    pub(super) unit: usize,
    /// Spaces that the dashes of a sequence are indented by below their key.
    pub(super) dash: usize,
    pub(super) json: bool,
    /// Whether texts of several lines may be written as literal blocks.
    pub(super) literal: bool,
}

/// A value behind a colon or a dash: what goes on the same line, and the lines below.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    pub(super) head: String,
    pub(super) body: Vec<String>,
    /// The body is text: a comment above it would become part of it.
    pub(super) literal: bool,
}

impl Style {
    /// That of the first mapping and the first sequence below a key; kubectl's where there is none.
    pub(super) fn of(text: &str, syntax: &Syntax, json: bool) -> Self {
        let lines = Lines { text };
        let (mut unit, mut dash) = (None, None);
        let mut waiting = vec![&syntax.root];
        while let Some(node) = waiting.pop() {
            let children = node.children();
            let multi_line = children.first().is_some_and(|first| {
                text.get(node.after..first.start)
                    .is_some_and(|gap| gap.contains('\n'))
            });
            let below_key = node
                .owner
                .filter(|&owner| multi_line && !is_dash(text, owner));
            if let (Some(owner), Some(first)) = (below_key, children.first()) {
                let depth = match json {
                    true => lines
                        .margin(first.start)
                        .len()
                        .checked_sub(lines.margin(owner).len()),
                    false => lines.column(first.start).checked_sub(lines.column(owner)),
                };
                match node.kind {
                    Kind::Map { flow, .. } if flow == json => unit = unit.or(depth),
                    Kind::Seq { flow: false, .. } => dash = dash.or(depth),
                    _ => {}
                }
            } else if let (true, true, Some(first)) = (json, multi_line, children.first()) {
                unit = unit.or(Some(
                    lines
                        .margin(first.start)
                        .len()
                        .saturating_sub(lines.margin(node.start).len()),
                ));
            }
            if unit.is_some() && dash.is_some() {
                break;
            }
            waiting.extend(children.iter().rev().map(|child| child.value));
        }
        Self {
            unit: unit.filter(|&unit| unit > 0).unwrap_or(2),
            dash: dash.unwrap_or(0),
            json,
            // At the end of a text without a last line break, the last line of a block would lose its own.
            literal: text.ends_with('\n'),
        }
    }
}

/// Whether the dash of an item stands at `at`, and no key.
fn is_dash(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default().strip_prefix('-');
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

impl<'a> Lines<'a> {
    /// The white space that the line of `at` starts with.
    pub(super) fn margin(self, at: usize) -> &'a str {
        let line = self.line(self.start(at));
        let text = line.trim_start_matches([' ', '\t']);
        line.get(..line.len() - text.len()).unwrap_or_default()
    }
}

/// A value as block YAML. `column` is that of its key or dash.
pub(super) fn block(value: &Value, column: usize, below_dash: bool, style: Style) -> Rendered {
    let (map_column, seq_column) = if below_dash {
        (column + 2, column + 2)
    } else {
        (column + style.unit, column + style.dash)
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            let mut body = Vec::new();
            for (name, value) in map {
                body.extend(entry(name, value, map_column, style));
            }
            Rendered {
                body,
                ..Rendered::default()
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let mut body = Vec::new();
            for value in items {
                body.extend(item(value, seq_column, style));
            }
            Rendered {
                body,
                ..Rendered::default()
            }
        }
        Value::String(text) => match quote::literal(text).filter(|_| style.literal) {
            Some((header, lines)) => Rendered {
                head: header.to_owned(),
                body: lines
                    .iter()
                    .map(|line| indented(line, map_column))
                    .collect(),
                // At the end of a text without a last line break, the last line of a block would lose its own.
                literal: text.ends_with('\n'),
            },
            None => inline(quote::string(text, Context::Block)),
        },
        other => inline(flow(other, Context::Block)),
    }
}

fn inline(head: String) -> Rendered {
    Rendered {
        head,
        ..Rendered::default()
    }
}

fn indented(line: &str, column: usize) -> String {
    if line.is_empty() {
        String::new()
    } else {
        spaces(column) + line
    }
}

/// The lines of a key and its value.
pub(super) fn entry(name: &str, value: &Value, column: usize, style: Style) -> Vec<String> {
    let rendered = block(value, column, false, style);
    let mut first = format!("{}{}:", spaces(column), quote::string(name, Context::Block));
    if !rendered.head.is_empty() {
        first.push(' ');
        first.push_str(&rendered.head);
    }
    std::iter::once(first).chain(rendered.body).collect()
}

/// The lines of an item of a sequence.
pub(super) fn item(value: &Value, column: usize, style: Style) -> Vec<String> {
    let rendered = block(value, column, true, style);
    let mut body = rendered.body.into_iter();
    let head = if rendered.head.is_empty() {
        body.next().unwrap_or_default()
    } else {
        rendered.head
    };
    let first = format!("{}- {}", spaces(column), head.trim_start());
    std::iter::once(first).chain(body).collect()
}

/// A value on one line.
pub(super) fn flow(value: &Value, context: Context) -> String {
    // An empty collection, a number: nothing in them depends on the context.
    let inner = if context == Context::Block {
        Context::Flow
    } else {
        context
    };
    match value {
        Value::String(text) => quote::string(text, context),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| flow(item, inner)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let entries: Vec<_> = map
                .iter()
                .map(|(name, value)| {
                    format!("{}: {}", quote::string(name, inner), flow(value, inner))
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

/// A value in brackets over several lines, each but the first indented; `margin` is that of the line it starts on.
pub(super) fn pretty(value: &Value, margin: &str, unit: &str, context: Context) -> Vec<String> {
    let inner = format!("{margin}{unit}");
    let (open, close, parts): (_, _, Vec<Vec<String>>) = match value {
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter().map(|item| pretty(item, &inner, unit, context));
            ('[', ']', items.collect())
        }
        Value::Object(map) if !map.is_empty() => {
            let entry = |(name, value): (&String, &Value)| {
                let mut lines = pretty(value, &inner, unit, context);
                lines[0] = format!("{}: {}", quote::string(name, context), lines[0]);
                lines
            };
            ('{', '}', map.iter().map(entry).collect())
        }
        other => return vec![flow(other, context)],
    };
    let mut lines = vec![open.to_string()];
    let count = parts.len();
    for (number, mut part) in parts.into_iter().enumerate() {
        part[0].insert_str(0, &inner);
        if let (Some(last), true) = (part.last_mut(), number + 1 < count) {
            last.push(',');
        }
        lines.extend(part);
    }
    lines.push(format!("{margin}{close}"));
    lines
}

/// A value without any white space, as machines write JSON.
pub(super) fn compact(value: &Value) -> String {
    value.to_string()
}

/// A scalar in the quotes of the one it replaces.
pub(super) fn like(old: &Node, value: &Value, context: Context) -> String {
    let Value::String(text) = value else {
        return flow(value, context);
    };
    match old.kind {
        Kind::Single => quote::single(text).unwrap_or_else(|| quote::double(text)),
        Kind::Double => quote::double(text),
        _ => quote::string(text, context),
    }
}
