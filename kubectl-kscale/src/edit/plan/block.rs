//! Keys and items without brackets, each on lines of its own.

use serde_json::Value;

use super::Plan;
use crate::edit::render;
use crate::edit::syntax::{Child, Item, Kind, Node};
use crate::edit::text::{Splice, spaces};

impl Plan<'_> {
    /// Behind the last key.
    pub(super) fn insert_entry(&self, parent: &Node, name: &str, value: &Value) -> Vec<Splice> {
        let column = self.column_of(parent);
        let lines = render::entry(name, value, column, self.style);
        vec![self.lines.insert(self.below(parent.end, column), &lines)]
    }

    /// The column of what stands in a collection.
    pub(super) fn column_of(&self, parent: &Node) -> usize {
        let first = parent
            .children()
            .first()
            .map_or(parent.start, |child| child.start);
        // `? ` stands before the key that it belongs to.
        let head = self
            .text
            .get(..first)
            .unwrap_or_default()
            .trim_end_matches(' ');
        if head.ends_with('?')
            && parent
                .children()
                .first()
                .is_some_and(|child| child.explicit)
        {
            return self.lines.column(head.len() - 1);
        }
        self.lines.column(first)
    }

    pub(super) fn insert_item(
        &self,
        items: &[Item],
        token: &str,
        value: &Value,
    ) -> Result<Vec<Splice>, String> {
        let index: usize = token
            .parse()
            .map_err(|_| format!("`{token}` is no place in a sequence"))?;
        let first = items.first().map_or(0, |item| item.dash);
        let column = self.lines.column(first);
        let lines = render::item(value, column, self.style);
        let before = index.checked_sub(1).map(|before| items.get(before));
        match before {
            Some(Some(before)) => Ok(vec![self.lines.insert(
                self.below(before.value.end.max(before.dash + 1), column),
                &lines,
            )]),
            Some(None) => Err(format!("there is no item {token}, and none before it")),
            None if self.lines.is_first(first) => {
                let after = items
                    .first()
                    .map_or(0, |item| self.lines.next(self.line_above(item)));
                Ok(vec![self.lines.insert(self.above(first, after), &lines)])
            }
            None => {
                let line_break = self.lines.line_break();
                let text = lines.join(line_break);
                let text = format!("{}{line_break}{}", text.trim_start(), spaces(column));
                Ok(vec![Splice::insert(first, text)])
            }
        }
    }

    /// The last byte before an item that is no comment and no white space.
    fn line_above(&self, item: &Item) -> usize {
        let mut at = item.dash;
        loop {
            let head = self.text.get(..at).unwrap_or_default().trim_end();
            match self
                .syntax
                .comments
                .iter()
                .find(|comment| comment.1 == head.len())
            {
                Some(comment) => at = comment.0,
                None => return head.len(),
            }
        }
    }

    /// Where a line goes that belongs below what ends at `end`: behind comments that are indented deeper than `column`,
    /// before all others, which may belong to what comes next.
    pub(super) fn below(&self, end: usize, column: usize) -> usize {
        let mut found = self.lines.next(end);
        let mut at = found;
        while at < self.text.len() {
            let line = self.lines.line(at);
            let text = line.trim_start_matches(' ');
            if text.starts_with('#') && line.len() - text.len() > column {
                found = self.lines.next(at);
            } else if !text.trim_end().is_empty() {
                break;
            }
            at = self.lines.next(at);
        }
        found
    }

    /// Where the comments start that stand directly above the line of `at`, in its column, and not above `limit`.
    pub(super) fn above(&self, at: usize, limit: usize) -> usize {
        let column = self.lines.column(at);
        let mut start = self.lines.start(at);
        while start > limit {
            let before = self.lines.start(start - 1);
            let line = self.lines.line(before);
            let comment = line.trim_start_matches(' ');
            let is_comment = self
                .syntax
                .comments
                .binary_search_by_key(&(before + line.len() - comment.len()), |one| one.0)
                .is_ok();
            if before < limit || !is_comment || line.len() - comment.len() != column {
                break;
            }
            start = before;
        }
        start
    }

    /// Takes out the lines of a key or an item; its comments stay, on lines of their own.
    pub(super) fn remove_block(
        &self,
        parent: &Node,
        index: usize,
        children: &[Child<'_>],
    ) -> Result<Vec<Splice>, String> {
        let Some(child) = children.get(index) else {
            return Err("there is nothing to remove".to_owned());
        };
        let end = self.lines.next(self.end_of(child));
        let comments = self.comments(child.start, end);
        self.cut(parent, index, children, &comments)
    }

    fn end_of(&self, child: &Child<'_>) -> usize {
        child.value.end.max(child.start + 1)
    }

    /// Takes out the lines of a child and leaves `comments` in their place.
    pub(super) fn cut(
        &self,
        parent: &Node,
        index: usize,
        children: &[Child<'_>],
        comments: &[&str],
    ) -> Result<Vec<Splice>, String> {
        let Some(child) = children.get(index) else {
            return Err("there is nothing to remove".to_owned());
        };
        Self::usual(child)?;
        if children.len() == 1 {
            let brackets = if matches!(parent.kind, Kind::Map { .. }) {
                "{}"
            } else {
                "[]"
            };
            return Ok(self.close_up(parent, brackets, comments));
        }
        let end = self.lines.next(self.end_of(child));
        let column = self.lines.column(child.start);
        let comment_lines: Vec<_> = comments
            .iter()
            .map(|comment| spaces(column) + comment)
            .collect();
        if self.lines.is_first(child.start) {
            return Ok(vec![self.lines.replace(
                self.lines.start(child.start),
                end,
                &comment_lines,
            )]);
        }
        if index > 0 {
            return Err("what stands before it on its line cannot be told apart".to_owned());
        }
        // Behind a dash: the next one moves up.
        if comments.is_empty() {
            let rest = self.text.get(end..).unwrap_or_default();
            let next = self.text.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            return Ok(vec![Splice::new(child.start, next, "")]);
        }
        let line_break = self.lines.line_break();
        let text = comment_lines.join(line_break) + line_break;
        Ok(vec![Splice::new(child.start, end, text.trim_start())])
    }

    /// Writes a block whose only child goes as `brackets`.
    fn close_up(&self, node: &Node, brackets: &str, comments: &[&str]) -> Vec<Splice> {
        let column = self.lines.column(node.start);
        let end = self.lines.next(node.end.max(node.start + 1));
        let own_lines = self.lines.is_first(node.start);
        let mut lines: Vec<_> = comments
            .iter()
            .map(|comment| spaces(column) + comment)
            .collect();
        if node.owner.is_none() {
            lines.insert(0, spaces(column) + brackets);
            return vec![
                self.lines
                    .replace(self.lines.start(node.start), end, &lines),
            ];
        }
        if own_lines {
            return vec![
                Splice::insert(node.named, format!(" {brackets}")),
                self.lines
                    .replace(self.lines.start(node.start), end, &lines),
            ];
        }
        let mut text = brackets.to_owned();
        if !lines.is_empty() {
            let first = lines.remove(0);
            text.push(' ');
            text.push_str(first.trim_start());
        }
        for line in lines {
            text.push_str(self.lines.line_break());
            text.push_str(&line);
        }
        vec![Splice::new(
            node.start,
            self.lines.end(node.end.max(node.start + 1)),
            text,
        )]
    }
}
