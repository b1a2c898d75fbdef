//! Builds a value and its places from what a reader finds, in the order it is written.
//!
//! The YAML and the JSON reader share it, so that both give the same kind of document. It keeps its own stack: how deep
//! a document nests is a number to compare with a limit, never a depth of calls.

use serde_json::{Map, Value};

use super::limits::{Budget, MAPPING_WEIGHT, MAX_DEPTH, MAX_WEIGHT, NODE_WEIGHT};
use super::merge::not_mergeable;
use super::places::{Name, Node, Span, Tree};
use super::problem::{Fault, ProblemKind};

/// What is read without an error, yet not as it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quirk {
    /// A key written twice; the later one counts.
    Duplicate { first: Span, second: Span },
    /// A merge key below a key that it replaces.
    MergeReplaces { key: Span, merge: Span },
    /// Text after the end of the document that nobody reads.
    Ignored { rest: Span },
    /// An escape that JSON has and go-yaml v2 has not.
    JsonEscape { at: Span },
    /// A character that YAML 1.1 takes for a line break and YAML 1.2 does not.
    LineBreak { at: Span },
}

/// A finished subtree to be repeated.
#[derive(Debug, Clone)]
pub(super) struct Copied {
    pub(super) value: Value,
    pub(super) nodes: Vec<Node>,
    pub(super) height: usize,
    pub(super) bytes: usize,
}

/// A finished document.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) value: Value,
    pub(super) tree: Tree,
    pub(super) quirks: Vec<Quirk>,
    /// Bytes it takes, roughly.
    pub(super) weight: usize,
}

#[derive(Debug)]
pub(super) struct Frame {
    node: usize,
    height: usize,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Mapping {
        entries: Map<String, Value>,
        key: Option<Key>,
    },
    Sequence(Vec<Value>),
}

#[derive(Debug)]
pub(super) struct Key {
    /// None for the merge key.
    text: Option<String>,
    span: Span,
}

/// Whether a mapping or a sequence is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Mapping,
    Sequence,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Builder {
    pub(super) tree: Tree,
    pub(super) frames: Vec<Frame>,
    root: Option<Value>,
    pub(super) quirks: Vec<Quirk>,
    /// Where the last thing written ends.
    end: u32,
    /// Walks through a mapping for the first of two keys.
    pub(super) searches: usize,
    /// Bytes that all this takes, roughly.
    weight: usize,
}

impl Builder {
    /// Whether the next node is the key of a mapping.
    pub(super) fn wants_key(&self) -> bool {
        matches!(
            self.frames.last().map(|frame| &frame.kind),
            Some(Kind::Mapping { key: None, .. })
        )
    }

    /// The key that the next value stands under.
    pub(super) fn pending_key(&self) -> Option<Span> {
        match self.frames.last().map(|frame| &frame.kind) {
            Some(Kind::Mapping { key: Some(key), .. }) => Some(key.span),
            _ => None,
        }
    }

    /// The innermost open collection.
    pub(super) fn innermost(&self) -> Option<Shape> {
        self.frames.last().map(|frame| match frame.kind {
            Kind::Mapping { .. } => Shape::Mapping,
            Kind::Sequence(_) => Shape::Sequence,
        })
    }

    pub(super) fn key(&mut self, text: String, span: Span) {
        self.set_key(Key {
            text: Some(text),
            span,
        });
    }

    pub(super) fn merge_key(&mut self, span: Span) {
        self.set_key(Key { text: None, span });
    }

    fn set_key(&mut self, new: Key) {
        self.end = self.end.max(new.span.end);
        if let Some(Frame {
            kind: Kind::Mapping { key, .. },
            ..
        }) = self.frames.last_mut()
        {
            *key = Some(new);
        }
    }

    pub(super) fn scalar(&mut self, value: Value, span: Span) -> Result<(), Fault> {
        self.weigh(value.as_str().map_or(0, str::len), span)?;
        let node = self.push_node(span);
        self.put(value, node, 0)
    }

    pub(super) fn open(&mut self, shape: Shape, span: Span) -> Result<(), Fault> {
        if self.frames.len() >= MAX_DEPTH {
            return Err(too_deep(span));
        }
        self.weigh(
            if shape == Shape::Mapping {
                MAPPING_WEIGHT
            } else {
                0
            },
            span,
        )?;
        let node = self.push_node(span);
        let kind = match shape {
            Shape::Mapping => Kind::Mapping {
                entries: Map::new(),
                key: None,
            },
            Shape::Sequence => Kind::Sequence(Vec::new()),
        };
        self.frames.push(Frame {
            node,
            height: 0,
            kind,
        });
        Ok(())
    }

    /// Ends the innermost collection. `end` is where its closing bracket ends; a block collection ends with what is
    /// last in it. Gives a copy where a budget for one is given.
    pub(super) fn close(
        &mut self,
        end: Option<u32>,
        copies: Option<&mut Budget>,
    ) -> Result<Option<Copied>, Fault> {
        let Some(frame) = self.frames.pop() else {
            return Ok(None);
        };
        let value = match frame.kind {
            Kind::Mapping { entries, .. } => Value::Object(entries),
            Kind::Sequence(mut items) => {
                items.shrink_to_fit();
                Value::Array(items)
            }
        };
        self.end = self.end.max(end.unwrap_or(0));
        let size = self.tree.nodes.len() - frame.node;
        let end = end.unwrap_or(self.end);
        if let Some(node) = self.tree.nodes.get_mut(frame.node) {
            node.size = u32::try_from(size).unwrap_or(u32::MAX);
            node.value.end = end.max(node.value.start);
        }
        let height = frame.height + 1;
        let copied = match copies {
            Some(budget) => Some(self.copy(&value, frame.node, height, budget)?),
            None => None,
        };
        self.put(value, frame.node, height)?;
        Ok(copied)
    }

    fn copy(
        &self,
        value: &Value,
        node: usize,
        height: usize,
        budget: &mut Budget,
    ) -> Result<Copied, Fault> {
        let nodes = &self.tree.nodes[node..];
        let bytes = weight(value);
        if !budget.take_copy(nodes.len(), bytes) {
            return Err(too_many(
                nodes.first().map_or(Span::new(0, 0), |node| node.value),
            ));
        }
        Ok(Copied {
            value: value.clone(),
            nodes: nodes.to_vec(),
            height,
            bytes,
        })
    }

    /// Repeats a subtree where `span` (the alias) stands.
    pub(super) fn repeat(&mut self, copied: &Copied, span: Span) -> Result<(), Fault> {
        if self.frames.len() + copied.height > MAX_DEPTH {
            return Err(too_deep(span));
        }
        // `<<: *list` is refused where `<<: [*a, *b]` is not (`decoder.merge` looks at the node, not at the value).
        if self.merges() && !copied.value.is_object() {
            return Err(not_mergeable(span));
        }
        self.weigh(copied.bytes, span)?;
        let node = self.push_node(span);
        let below = copied.nodes.iter().skip(1).map(|node| Node {
            name: node.name.borrowed(),
            ..*node
        });
        self.tree.nodes.extend(below);
        if let Some(node) = self.tree.nodes.get_mut(node) {
            node.size = copied.nodes.first().map_or(1, |node| node.size);
            node.name = node.name.borrowed();
        }
        self.put(copied.value.clone(), node, copied.height)
    }

    /// The document, once all is closed; none where nothing was written.
    pub(super) fn finish(mut self) -> Option<Built> {
        self.tree.nodes.shrink_to_fit();
        Some(Built {
            value: self.root?,
            tree: self.tree,
            quirks: self.quirks,
            weight: self.weight,
        })
    }

    pub(super) fn quirk(&mut self, quirk: Quirk) {
        self.quirks.push(quirk);
    }

    fn weigh(&mut self, bytes: usize, at: Span) -> Result<(), Fault> {
        self.weight = self
            .weight
            .saturating_add(NODE_WEIGHT)
            .saturating_add(bytes);
        if self.weight > MAX_WEIGHT {
            return Err(too_heavy(at));
        }
        Ok(())
    }

    fn merges(&self) -> bool {
        matches!(
            self.frames.last().map(|frame| &frame.kind),
            Some(Kind::Mapping {
                key: Some(Key { text: None, .. }),
                ..
            })
        )
    }

    fn push_node(&mut self, value: Span) -> usize {
        let (name, key) = match self.frames.last().map(|frame| &frame.kind) {
            Some(Kind::Mapping { key: Some(key), .. }) => {
                let name = key.text.as_deref().map_or(Name::NONE, Name::of);
                (name, key.span)
            }
            _ => (Name::NONE, Span::new(0, 0)),
        };
        self.end = self.end.max(value.end);
        self.tree.nodes.push(Node {
            size: 1,
            name,
            key,
            value,
        });
        self.tree.nodes.len() - 1
    }

    fn put(&mut self, value: Value, node: usize, height: usize) -> Result<(), Fault> {
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(value);
            return Ok(());
        };
        frame.height = frame.height.max(height);
        let parent = frame.node;
        match &mut frame.kind {
            Kind::Sequence(items) => items.push(value),
            Kind::Mapping { entries, key } => match key.take() {
                Some(Key {
                    text: Some(text),
                    span,
                }) => {
                    let repeated = entries.insert(text, value).is_some();
                    if repeated {
                        self.note_duplicate(parent, node, span);
                    }
                }
                Some(Key { text: None, span }) => return self.merge(value, parent, node, span),
                None => {}
            },
        }
        Ok(())
    }
}

/// What a copy of `value` takes, roughly. Calls itself, at most [`MAX_DEPTH`] deep.
fn weight(value: &Value) -> usize {
    let below = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| key.len() + weight(value);
            MAPPING_WEIGHT + map.iter().map(entry).sum::<usize>()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    NODE_WEIGHT + below
}

pub(super) fn too_heavy(at: Span) -> Fault {
    Fault::at(at, ProblemKind::Limit, "too many values to hold in memory")
        .hint("split it, or name only the files that matter")
}

pub(super) fn too_many(at: Span) -> Fault {
    Fault::at(
        at,
        ProblemKind::Limit,
        "the document expands to too many nodes through aliases",
    )
    .hint("kubectl refuses such documents too; write out what the aliases stand for, or split the document")
}

pub(super) fn too_deep(at: Span) -> Fault {
    Fault::at(
        at,
        ProblemKind::Limit,
        format!("nests deeper than {MAX_DEPTH} levels"),
    )
    .hint("no Kubernetes object nests like this; look for a generator that went wrong")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_memory_should_hold_is_refused() {
        let mut builder = Builder {
            weight: MAX_WEIGHT - NODE_WEIGHT,
            ..Builder::default()
        };
        let here = Span::new(0, 0);
        assert!(builder.scalar(Value::Null, here).is_ok());
        let fault = builder.scalar(Value::Null, here).unwrap_err();
        assert_eq!(fault.message, "too many values to hold in memory");
    }
}
