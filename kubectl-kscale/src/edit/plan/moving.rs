//! A key that moves to another mapping, with its text and its comments.

use serde_json::Value;

use super::Plan;
use crate::edit::quote::{self, Context};
use crate::edit::syntax::{Child, Kind, Node};
use crate::edit::text::{Splice, spaces};

impl Plan<'_> {
    pub(super) fn shift(
        &self,
        from: &[String],
        to: &[String],
        value: &Value,
    ) -> Result<Vec<Splice>, String> {
        let (Some((name, target)), Some((_, source))) = (to.split_last(), from.split_last()) else {
            return Err("the object as a whole cannot be moved".to_owned());
        };
        let (parent, index) = self.parent(from)?;
        // What an alias is or repeats can move as it is written; what is reached through one cannot.
        let children = parent.children();
        let child = children.get(index).ok_or("there is nothing to move")?;
        if source == target {
            return self.rename(child, name);
        }
        let into = self.syntax.node(target)?;
        let both_blocks = parent.is_block_collection()
            && matches!(&into.kind, Kind::Map { flow: false, entries } if !entries.is_empty());
        if both_blocks {
            return self.carry(parent, index, &children, into, name);
        }
        let mut splices = self.remove(from)?;
        splices.extend(self.add(to, value)?);
        Ok(splices)
    }

    fn rename(&self, child: &Child<'_>, name: &str) -> Result<Vec<Splice>, String> {
        Self::usual(child)?;
        let key = child.key.ok_or("only a key has a name")?;
        let text = self.name_like(key, name);
        Ok(vec![Splice::new(key.start, key.end, text)])
    }

    fn carry(
        &self,
        parent: &Node,
        index: usize,
        children: &[Child<'_>],
        into: &Node,
        name: &str,
    ) -> Result<Vec<Splice>, String> {
        let child = children.get(index).ok_or("there is nothing to move")?;
        Self::usual(child)?;
        let (old, new) = (self.lines.column(child.start), self.column_of(into));
        let start = self.lines.start(child.start);
        let before = index.checked_sub(1).and_then(|before| children.get(before));
        let above = match before.map(|before| before.value.end.max(before.start)) {
            _ if !self.lines.is_first(child.start) => start,
            Some(end) => self.above(child.start, self.lines.next(end)),
            // The comments at the head of a document are about all of it.
            None if parent.owner.is_none() => start,
            None => self.above(child.start, self.lines.next(parent.named)),
        };
        let comments = self.text.get(above..start).unwrap_or_default();
        let mut lines: Vec<_> = comments
            .lines()
            .map(|line| spaces(new) + line.trim_start())
            .collect();
        lines.extend(self.renamed(child, name, old, new));
        // Comments below that are indented deeper than the key are about what is in it.
        let end = child.value.end.max(child.start + 1);
        let (tail, tail_end) = (self.lines.next(end), self.below(end, old));
        let below = self.text.get(tail..tail_end).unwrap_or_default();
        lines.extend(below.lines().map(|line| reindent(line, old, new)));
        let mut splices = self.cut(parent, index, children, &[])?;
        // At the end of a file without a last line break, the line break above goes too.
        let cut = splices
            .iter_mut()
            .find(|splice| splice.start <= start && start < splice.end);
        if let Some(cut) = cut {
            cut.start = above.saturating_sub(start - cut.start);
        } else if above < start {
            splices.push(Splice::new(above, start, ""));
        }
        if tail < tail_end {
            splices.push(Splice::new(tail, tail_end, ""));
        }
        splices.push(self.lines.insert(self.below(into.end, new), &lines));
        Ok(splices)
    }

    /// The lines of a key and its value, under another name and in another column.
    fn renamed(&self, child: &Child<'_>, name: &str, old: usize, new: usize) -> Vec<String> {
        let Some(key) = child.key else {
            return Vec::new();
        };
        let end = self.lines.end(child.value.end.max(key.end + 1));
        let behind = self.text.get(key.end..end).unwrap_or_default();
        // An anchor on the key goes with it.
        let anchor = self.text.get(key.outer..key.start).unwrap_or_default();
        let written = format!("{anchor}{}{behind}", self.name_like(key, name));
        let mut written = written
            .split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line));
        let first = spaces(new) + written.next().unwrap_or_default();
        std::iter::once(first)
            .chain(written.map(|line| reindent(line, old, new)))
            .collect()
    }

    /// A key in the quotes of the one whose place it takes.
    fn name_like(&self, key: &Node, name: &str) -> String {
        match key.kind {
            Kind::Double => quote::double(name),
            Kind::Single => quote::single(name).unwrap_or_else(|| quote::double(name)),
            _ if self.style.json => quote::double(name),
            _ if key.in_flow => quote::string(name, Context::Flow),
            _ => quote::string(name, Context::Block),
        }
    }
}

/// A line of a block that moves from one column to another.
fn reindent(line: &str, old: usize, new: usize) -> String {
    let text = line.trim_start_matches(' ');
    let indent = line.len() - text.len();
    if line.is_empty() {
        String::new()
    } else {
        spaces((indent + new).saturating_sub(old)) + text
    }
}
