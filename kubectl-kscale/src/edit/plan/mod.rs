//! Which bytes to change for one step.

mod block;
mod flow;
mod moving;
mod rewrite;

use serde_json::{Map, Value};

use super::render::Style;
use super::steps::Step;
use super::syntax::{Child, Kind, Node, Syntax};
use super::text::{Lines, Splice};

/// A document that is being changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan<'a> {
    pub(super) text: &'a str,
    pub(super) syntax: &'a Syntax,
    pub(super) lines: Lines<'a>,
    pub(super) style: Style,
}

impl<'a> Plan<'a> {
    pub(super) fn new(text: &'a str, syntax: &'a Syntax, json: bool) -> Self {
        Self {
            text,
            syntax,
            lines: Lines { text },
            style: Style::of(text, syntax, json),
        }
    }

    /// The changes for `step`; `base` leads to the object in a list. Errors are for people.
    pub(super) fn step(&self, step: &Step, base: &[String]) -> Result<Vec<Splice>, String> {
        let full = |path: &[String]| [base, path].concat();
        match step {
            Step::Add { path, value } => self.add(&full(path), value),
            Step::Remove { path } => self.remove(&full(path)),
            Step::Set { path, value } => self.set(&full(path), value),
            Step::Move { from, to, value } => self.shift(&full(from), &full(to), value),
        }
    }

    fn add(&self, path: &[String], value: &Value) -> Result<Vec<Splice>, String> {
        let Some((last, parents)) = path.split_last() else {
            return Err("the patch replaces the object as a whole".to_owned());
        };
        let parent = self.syntax.node(parents)?;
        match &parent.kind {
            Kind::Map {
                flow: false,
                entries,
            } if !entries.is_empty() => Ok(self.insert_entry(parent, last, value)),
            Kind::Seq { flow: false, items } if !items.is_empty() => {
                self.insert_item(items, last, value)
            }
            Kind::Map {
                flow: true,
                entries,
            } if entries.is_empty() && self.opens_up(parent) => {
                let entry = Map::from_iter([(last.clone(), value.clone())]);
                self.rewrite(parent, &Value::Object(entry))
            }
            Kind::Seq { flow: true, items } if items.is_empty() && self.opens_up(parent) => {
                self.rewrite(parent, &Value::Array(vec![value.clone()]))
            }
            Kind::Map { flow: true, .. } | Kind::Seq { flow: true, .. } => {
                self.insert_in_flow(parent, last, value)
            }
            _ => Err(format!(
                "there is nothing written that `{last}` could be added to"
            )),
        }
    }

    /// Whether empty brackets become a block once something is in them.
    fn opens_up(&self, node: &Node) -> bool {
        !self.style.json
            && !node.in_flow
            && node.owner.is_some()
            && self.syntax.comments_in(node.start, node.end).is_empty()
    }

    fn remove(&self, path: &[String]) -> Result<Vec<Splice>, String> {
        let (parent, index) = self.parent(path)?;
        let children = parent.children();
        let child = children.get(index).ok_or("there is nothing to remove")?;
        self.syntax
            .removable(child.start, child.value.end.max(child.start + 1))?;
        if parent.is_block_collection() {
            self.remove_block(parent, index, &children)
        } else {
            self.remove_in_flow(parent, index, &children)
        }
    }

    fn set(&self, path: &[String], value: &Value) -> Result<Vec<Splice>, String> {
        if path.is_empty() {
            return Err("the patch replaces the object as a whole".to_owned());
        }
        let node = self.syntax.node(path)?;
        self.syntax
            .removable(node.outer, node.end.max(node.outer + 1))?;
        self.rewrite(node, value)
    }

    /// The collection that holds the last token of `path`, and which of its children that is.
    fn parent(&self, path: &[String]) -> Result<(&'a Node, usize), String> {
        let (last, parents) = path
            .split_last()
            .ok_or("the object as a whole cannot be removed")?;
        let parent = self.syntax.node(parents)?;
        Ok((parent, parent.find(last)?))
    }

    /// The texts of the comments in a range.
    fn comments(&self, start: usize, end: usize) -> Vec<&'a str> {
        let comments = self.syntax.comments_in(start, end).iter();
        comments
            .filter_map(|&(start, end)| self.text.get(start..end))
            .collect()
    }

    /// Refuses what stands behind a `?`: nobody writes Kubernetes objects so, and each part may be on a line of its own.
    fn usual(child: &Child<'_>) -> Result<(), String> {
        if child.explicit {
            return Err("a key written with `?` is not edited".to_owned());
        }
        Ok(())
    }
}
