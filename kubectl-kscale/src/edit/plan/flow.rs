//! Keys and items in brackets, of YAML and of JSON.

use serde_json::Value;

use super::Plan;
use crate::edit::quote::{self, Context};
use crate::edit::render;
use crate::edit::syntax::{Child, Kind, Node};
use crate::edit::text::{Splice, spaces};

impl Plan<'_> {
    fn context(&self) -> Context {
        if self.style.json {
            Context::Json
        } else {
            Context::Flow
        }
    }

    pub(super) fn rewrite_in_flow(
        &self,
        node: &Node,
        value: &Value,
    ) -> Result<Vec<Splice>, String> {
        self.no_comments(node.start, node.end)?;
        let start = if node.tagged { node.outer } else { node.start };
        let spread = !node.owner.is_some_and(|owner| self.is_beside_others(owner));
        let mut text = match value {
            Value::Object(_) | Value::Array(_) => self.in_brackets(value, node.start, spread),
            scalar => render::like(node, scalar, self.context()),
        };
        if node.start == node.end {
            text.insert(0, ' ');
        }
        Ok(vec![Splice::new(start, node.end, text)])
    }

    /// JSON without white space, as machines write it.
    fn is_compact(&self) -> bool {
        self.style.json && !self.text.contains('\n') && !self.text.contains("\": ")
    }

    /// Whether something else stands before `at` on its line.
    fn is_beside_others(&self, at: usize) -> bool {
        !self.lines.is_first(at)
    }

    /// A value for the line of `at`; over several lines where the document has it so.
    fn in_brackets(&self, value: &Value, at: usize, spread: bool) -> String {
        let context = self.context();
        if self.is_compact() {
            return render::compact(value);
        }
        if !spread || !self.style.json {
            return render::flow(value, context);
        }
        let margin = self.lines.margin(at);
        // Tabs where the document has tabs.
        let unit = match self.text.contains("\n\t") {
            true => "\t".to_owned(),
            false => spaces(self.style.unit),
        };
        let lines = render::pretty(value, margin, &unit, context);
        lines.join(self.lines.line_break())
    }

    /// A new entry or item. An entry goes behind the last, an item before the one that has its number.
    pub(super) fn insert_in_flow(
        &self,
        parent: &Node,
        token: &str,
        value: &Value,
    ) -> Result<Vec<Splice>, String> {
        let children = parent.children();
        let is_map = matches!(parent.kind, Kind::Map { .. });
        let index = if is_map {
            children.len()
        } else {
            token
                .parse()
                .map_err(|_| format!("`{token}` is no place in a sequence"))?
        };
        let Some(first) = children.first() else {
            return Ok(self.insert_in_empty(parent, is_map.then_some(token), value));
        };
        let spread = self.is_spread(parent, first);
        let text = |at| {
            let value = self.in_brackets(value, at, spread && !self.are_short(&children));
            match is_map {
                true => format!("{}{}{value}", self.key(token, first), self.colon(first)),
                false => value,
            }
        };
        if let Some(next) = children.get(index) {
            let separator = self.separator(&children, next.start, spread);
            return Ok(vec![Splice::insert(
                next.start,
                format!("{}{separator}", text(next.start)),
            )]);
        }
        let Some(last) = index.checked_sub(1).and_then(|last| children.get(last)) else {
            return Err(format!("there is no item {token}, and none before it"));
        };
        let end = last.value.end;
        let comma = self.comma_behind(end);
        let line_end = self.lines.end(comma.map_or(end, |comma| comma + 1));
        let new = text(last.start);
        if !spread || parent.end <= line_end {
            let separator = self.separator(&children, last.start, spread);
            return Ok(vec![Splice::insert(end, format!("{separator}{new}"))]);
        }
        // Behind the comment that may stand at the end of the line.
        let line = format!(
            "{}{}{new}",
            self.lines.line_break(),
            self.lines.margin(last.start)
        );
        Ok(match comma {
            Some(_) => vec![Splice::insert(line_end, line + ",")],
            None if line_end == end => vec![Splice::insert(end, format!(",{line}"))],
            None => vec![Splice::insert(end, ","), Splice::insert(line_end, line)],
        })
    }

    fn insert_in_empty(&self, parent: &Node, key: Option<&str>, value: &Value) -> Vec<Splice> {
        let has_comment = !self.syntax.comments_in(parent.start, parent.end).is_empty();
        let wrapped = match key {
            Some(key) => Value::Object([(key.to_owned(), value.clone())].into_iter().collect()),
            None => Value::Array(vec![value.clone()]),
        };
        let spread = self.text.contains('\n')
            && !parent
                .owner
                .is_some_and(|owner| self.is_beside_others(owner));
        let text = self.in_brackets(&wrapped, parent.start, spread && !has_comment);
        if has_comment {
            let inner = text.get(1..text.len() - 1).unwrap_or_default();
            return vec![Splice::insert(parent.start + 1, inner)];
        }
        vec![Splice::new(parent.start, parent.end, text)]
    }

    /// Whether each child has a line of its own.
    fn is_spread(&self, parent: &Node, first: &Child<'_>) -> bool {
        let gap = self.text.get(parent.start..first.start).unwrap_or_default();
        gap.contains('\n') && self.lines.is_first(first.start)
    }

    /// Whether some of them are collections, and each of those is written on one line.
    fn are_short(&self, children: &[Child<'_>]) -> bool {
        let full = children
            .iter()
            .filter(|child| !child.value.children().is_empty());
        let mut texts = full.filter_map(|child| self.text.get(child.value.start..child.value.end));
        texts.next().is_some_and(|text| !text.contains('\n'))
            && texts.all(|text| !text.contains('\n'))
    }

    /// A key in the quotes of its sibling.
    pub(super) fn key(&self, name: &str, sibling: &Child<'_>) -> String {
        match sibling.key.map(|key| &key.kind) {
            Some(Kind::Double) => quote::double(name),
            Some(Kind::Single) => quote::single(name).unwrap_or_else(|| quote::double(name)),
            _ => quote::string(name, self.context()),
        }
    }

    fn colon(&self, sibling: &Child<'_>) -> &str {
        let written = sibling
            .key
            .and_then(|key| self.text.get(key.end..sibling.value.outer));
        let usual = |written: &&str| written.trim() == ":" && !written.contains(['\n', '\t']);
        // YAML wants a space behind the colon of a plain key.
        written
            .filter(usual)
            .filter(|written| self.style.json || written.ends_with(' '))
            .unwrap_or(": ")
    }

    fn separator(&self, children: &[Child<'_>], at: usize, spread: bool) -> String {
        if spread {
            return format!(",{}{}", self.lines.line_break(), self.lines.margin(at));
        }
        let written = match children {
            [first, second, ..] => self.text.get(first.value.end..second.start),
            _ => None,
        };
        let usual = |written: &&str| written.trim() == "," && !written.contains('\n');
        let default = if self.is_compact() { "," } else { ", " };
        written.filter(usual).unwrap_or(default).to_owned()
    }

    /// The comma between a value and what comes next, or the bracket.
    fn comma_behind(&self, end: usize) -> Option<usize> {
        let mut at = end;
        loop {
            let rest = self.text.get(at..)?;
            at += rest.len() - rest.trim_start().len();
            match self
                .syntax
                .comments
                .binary_search_by_key(&at, |comment| comment.0)
            {
                Ok(comment) => at = self.syntax.comments.get(comment)?.1,
                Err(_) => return self.text.get(at..)?.starts_with(',').then_some(at),
            }
        }
    }

    pub(super) fn remove_in_flow(
        &self,
        parent: &Node,
        index: usize,
        children: &[Child<'_>],
    ) -> Result<Vec<Splice>, String> {
        let Some(child) = children.get(index) else {
            return Err("there is nothing to remove".to_owned());
        };
        Self::usual(child)?;
        self.no_comments(child.start, child.value.end)?;
        let quiet = |start, end| self.syntax.comments_in(start, end).is_empty();
        let end = child.value.end.max(child.start);
        let next = children.get(index + 1);
        let before = index.checked_sub(1).and_then(|before| children.get(before));
        match (next, before) {
            (None, None) if quiet(parent.start, parent.end) => {
                return Ok(vec![Splice::new(parent.start + 1, parent.end - 1, "")]);
            }
            (Some(next), _) if quiet(child.start, next.start) => {
                return Ok(vec![Splice::new(child.start, next.start, "")]);
            }
            (None, Some(before)) if quiet(before.value.end, end) => {
                return Ok(vec![Splice::new(before.value.end, end, "")]);
            }
            _ => {}
        }
        // A comment stands beside it and stays where it is.
        let end = self.comma_behind(end).map_or(end, |comma| comma + 1);
        self.no_comments(child.start, end)?;
        let blank = self.lines.is_first(child.start) && self.lines.line(end).trim().is_empty();
        if blank {
            return Ok(vec![Splice::new(
                self.lines.start(child.start),
                self.lines.next(end),
                "",
            )]);
        }
        let rest = self.lines.line(end);
        // A comment needs a space before it.
        let head = self.text.get(..child.start).unwrap_or_default();
        let space = match head.ends_with([' ', '\t', '\n']) {
            true => rest.len() - rest.trim_start_matches(' ').len(),
            false => 0,
        };
        Ok(vec![Splice::new(child.start, end + space, "")])
    }
}
