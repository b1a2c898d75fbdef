//! Merge keys, and what is noticed where one key comes twice.

use serde_json::{Map, Value};

use super::limits::MAX_NOTICES;
use super::places::{Name, Node, Span};
use super::problem::{Fault, ProblemKind};
use super::tree::{Builder, Frame, Kind, Quirk};

impl Builder {
    /// Each walks a whole mapping; a hostile one must not make that quadratic.
    const MAX_SEARCHES: usize = 100;

    /// go-yaml v2 merges at the place where `<<` stands (`decoder.merge`): what is written above it is replaced, what
    /// is written below it replaces. In a sequence the first mapping wins.
    pub(super) fn merge(
        &mut self,
        value: Value,
        parent: usize,
        node: usize,
        key: Span,
    ) -> Result<(), Fault> {
        let nodes = self.tree.nodes.split_off(node);
        let mut sources = Vec::new();
        match value {
            Value::Object(map) => sources.push((map, 0)),
            Value::Array(items) => {
                let mut at = 1;
                for item in items {
                    let Value::Object(map) = item else {
                        return Err(not_mergeable(key));
                    };
                    sources.push((map, at));
                    at += nodes.get(at).map_or(1, |node| node.size as usize);
                }
                sources.reverse();
            }
            _ => return Err(not_mergeable(key)),
        }
        for (map, at) in sources {
            self.merge_one(map, &nodes[at..], parent, key);
        }
        Ok(())
    }

    fn merge_one(&mut self, map: Map<String, Value>, nodes: &[Node], parent: usize, merge: Span) {
        for name in map.keys() {
            self.note_replaced(parent, name, merge);
        }
        let size = nodes.first().map_or(0, |node| node.size as usize);
        let below = nodes.iter().take(size).skip(1).map(|node| Node {
            name: node.name.borrowed(),
            ..*node
        });
        self.tree.nodes.extend(below);
        if let Some(Frame {
            kind: Kind::Mapping { entries, .. },
            ..
        }) = self.frames.last_mut()
        {
            entries.extend(map);
        }
    }

    pub(super) fn note_duplicate(&mut self, parent: usize, node: usize, second: Span) {
        if !self.may_search() {
            return;
        }
        let Some(name) = self.tree.nodes.get(node).map(|node| node.name) else {
            return;
        };
        let earlier = self.written_before(parent, node, name);
        // Below a merge, a key of one's own is how a merge is meant to be used.
        if let Some(first) = earlier.filter(|node| !node.name.is_borrowed()) {
            self.quirks.push(Quirk::Duplicate {
                first: first.key,
                second,
            });
        }
    }

    fn note_replaced(&mut self, parent: usize, key: &str, merge: Span) {
        let Some(Frame {
            kind: Kind::Mapping { entries, .. },
            ..
        }) = self.frames.last()
        else {
            return;
        };
        if !entries.contains_key(key) || !self.may_search() {
            return;
        }
        let name = Name::of(key);
        let earlier = self.written_before(parent, self.tree.nodes.len(), name);
        if let Some(earlier) = earlier.filter(|node| !node.name.is_borrowed()) {
            self.quirks.push(Quirk::MergeReplaces {
                key: earlier.key,
                merge,
            });
        }
    }

    fn may_search(&mut self) -> bool {
        self.searches += 1;
        self.quirks.len() < MAX_NOTICES && self.searches <= Self::MAX_SEARCHES
    }

    /// The last entry of that name in the open mapping `parent`, before node `end`.
    fn written_before(&self, parent: usize, end: usize, name: Name) -> Option<Node> {
        let mut at = parent + 1;
        let mut found = None;
        while at < end {
            let node = self.tree.nodes.get(at)?;
            if node.name.same(name) {
                found = Some(*node);
            }
            at += node.size.max(1) as usize;
        }
        found
    }
}

pub(super) fn not_mergeable(at: Span) -> Fault {
    Fault::at(
        at,
        ProblemKind::Syntax,
        "`<<` needs a mapping, or a sequence of mappings, as its value",
    )
    .hint("write `<<: *anchor`, where the anchor stands on a mapping")
}
