//! Another value in the place of one.

use serde_json::Value;

use super::Plan;
use crate::edit::quote::Context;
use crate::edit::render::{self, Rendered, Style};
use crate::edit::syntax::{Kind, Node};
use crate::edit::text::{Splice, spaces};

impl Plan<'_> {
    pub(super) fn rewrite(&self, node: &Node, value: &Value) -> Result<Vec<Splice>, String> {
        // A tag says what the old value was; an anchor that nothing repeats may stay.
        let named = if node.tagged { node.after } else { node.named };
        if node.in_flow || self.style.json {
            return self.rewrite_in_flow(node, value);
        }
        let Some(owner) = node.owner else {
            return Err("the object as a whole cannot be replaced".to_owned());
        };
        let below_dash = self
            .text
            .get(owner..node.after)
            .is_some_and(|head| head == "-");
        let column = self.lines.column(owner);
        let end = node.end.max(node.named);
        let style = Style {
            // A comment below that is indented like the text would become part of it.
            literal: self.style.literal && self.below(end, column) == self.lines.next(end),
            ..self.style
        };
        let mut rendered = render::block(value, column, below_dash, style);
        if rendered.body.is_empty() {
            rendered.head = render::like(node, value, Context::Block);
        }
        // Quotes with a line break in them were meant to be quotes.
        let quoted = matches!(node.kind, Kind::Single | Kind::Double);
        if quoted && value.is_string() {
            rendered = Rendered {
                head: render::like(node, value, Context::Block),
                ..Rendered::default()
            };
        }
        let in_place = rendered.body.is_empty()
            && !node.is_block_collection()
            && !matches!(node.kind, Kind::Block);
        if in_place && node.start < node.end {
            self.no_comments(node.start, node.end)?;
            let start = if node.tagged { node.outer } else { node.start };
            return Ok(vec![Splice::new(start, node.end, rendered.head)]);
        }
        Ok(self.replace_lines(node, named, rendered, below_dash))
    }

    /// Writes a value over everything from its colon to the end of its last line.
    fn replace_lines(
        &self,
        node: &Node,
        named: usize,
        rendered: Rendered,
        below_dash: bool,
    ) -> Vec<Splice> {
        let first_line = self.lines.end(named);
        let end = self.lines.end(node.end.max(named));
        let mut beside = self.comments(named, first_line.min(end));
        let mut apart = self.comments(first_line.min(end), end);
        let column = if node.is_block_collection() && !rendered.literal {
            self.lines.column(node.start)
        } else {
            self.lines.column(node.owner.unwrap_or(0))
        };
        let on_its_line =
            |comments: &mut Vec<_>| (!comments.is_empty()).then(|| comments.remove(0));
        let comment = on_its_line(&mut beside);
        apart.splice(0..0, beside);
        let apart: Vec<_> = apart
            .iter()
            .map(|comment| spaces(column) + comment)
            .collect();
        let mut text = String::new();
        for part in [
            Some(rendered.head.as_str()).filter(|head| !head.is_empty()),
            comment,
        ] {
            text.extend(part.map(|part| format!(" {part}")));
        }
        let mut lines: Vec<String> = if rendered.literal || rendered.body.is_empty() {
            rendered.body.into_iter().chain(apart).collect()
        } else {
            apart.into_iter().chain(rendered.body).collect()
        };
        // Behind an anchor no block may start on the same line.
        if text.is_empty() && below_dash && named == node.after && !lines.is_empty() {
            let first = lines.remove(0);
            text = format!(" {}", first.trim_start());
        }
        for line in lines {
            text.push_str(self.lines.line_break());
            text.push_str(&line);
        }
        vec![Splice::new(named, end, text)]
    }

    pub(super) fn no_comments(&self, start: usize, end: usize) -> Result<(), String> {
        if self.syntax.comments_in(start, end).is_empty() {
            Ok(())
        } else {
            Err("a comment stands inside what would be replaced".to_owned())
        }
    }
}
