//! Where each value of a document is written.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::scalar::{Scalar, Tag, resolve};
use super::source::{Place, Source};

/// A range of bytes in a source; sources are far smaller than 4 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX).max(start);
        Self { start, end }
    }
}

/// One value: 24 bytes. Nodes stand in the order they are written, each before its children, so that `size` is enough
/// to walk them and a subtree can be copied for an alias without touching it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// This node and everything below it.
    pub(super) size: u32,
    /// Which key it stands under, and whether it came from elsewhere.
    pub(super) name: Name,
    pub(super) key: Span,
    pub(super) value: Span,
}

impl Node {
    /// A value without anything below it and without a key.
    pub(super) fn leaf(value: Span) -> Self {
        Self {
            size: 1,
            name: Name::NONE,
            key: Span::new(0, 0),
            value,
        }
    }
}

/// A key by its hash, with one bit for "reached through an alias or a merge". Keeping the texts would cost more than all
/// else here; where a key is written plainly, [`Places`] compares it with the source as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name(u32);

impl Name {
    const BORROWED: u32 = 1 << 31;
    /// A sequence item or the root.
    pub(super) const NONE: Self = Self(Self::BORROWED - 1);

    pub(super) fn of(key: &str) -> Self {
        // Without a random seed: the same input gives the same output.
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let hash = hasher.finish() % u64::from(Self::NONE.0);
        Self(u32::try_from(hash).unwrap_or(0))
    }

    pub(super) fn borrowed(self) -> Self {
        Self(self.0 | Self::BORROWED)
    }

    pub(super) fn is_borrowed(self) -> bool {
        self.0 & Self::BORROWED != 0
    }

    pub(super) fn same(self, other: Self) -> bool {
        (self.0 | Self::BORROWED) == (other.0 | Self::BORROWED)
    }
}

/// All nodes of one document.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
}

impl Tree {
    fn children(&self, parent: usize) -> Children<'_> {
        let end = self
            .nodes
            .get(parent)
            .map_or(parent, |node| parent + node.size as usize);
        Children {
            tree: self,
            next: parent + 1,
            end: end.min(self.nodes.len()),
        }
    }
}

pub(super) struct Children<'a> {
    tree: &'a Tree,
    next: usize,
    end: usize,
}

impl Iterator for Children<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.next >= self.end {
            return None;
        }
        let at = self.next;
        self.next += self.tree.nodes.get(at)?.size.max(1) as usize;
        Some(at)
    }
}

/// Finds the place of a value by its JSON pointer (RFC 6901). Cheap to clone; the items of a list share one tree.
#[derive(Debug, Clone)]
pub struct Places {
    source: Arc<Source>,
    tree: Arc<Tree>,
    root: usize,
}

impl Places {
    pub(super) fn new(source: Arc<Source>, tree: Tree) -> Self {
        Self {
            source,
            tree: Arc::new(tree),
            root: 0,
        }
    }

    /// The same text seen from each item of the sequence at `pointer`.
    pub(super) fn items(&self, pointer: &str) -> Vec<Self> {
        let Ok(sequence) = self.walk(pointer) else {
            return Vec::new();
        };
        let below = |root| Self {
            root,
            ..self.clone()
        };
        self.tree.children(sequence).map(below).collect()
    }

    /// Where the whole document is written that these places are in: for an item of a list, the list.
    pub(crate) fn whole(&self) -> Option<Place> {
        self.value_of(0)
    }

    /// The text these places are in.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// Where the value at `pointer` is written. The value of an alias is where `*name` stands; what is below it is
    /// where the anchor has it. A key written without a value has an empty place just after its colon.
    #[must_use]
    pub fn value_at(&self, pointer: &str) -> Option<Place> {
        let node = self.walk(pointer).ok()?;
        self.value_of(node)
    }

    /// Where the key of the value at `pointer` is written; nothing for the root and for items of a sequence.
    #[must_use]
    pub fn key_at(&self, pointer: &str) -> Option<Place> {
        let node = self.walk(pointer).ok()?;
        self.key_of(node)
    }

    /// The place of the value at `pointer` or, where nothing is written there, of the key of the closest ancestor that
    /// is (its value, where it has no key). Nothing only for a document without any place.
    #[must_use]
    pub fn nearest(&self, pointer: &str) -> Option<Place> {
        match self.walk(pointer) {
            Ok(node) => self.value_of(node),
            Err(node) if node == self.root => self.value_of(node),
            Err(node) => self.key_of(node).or_else(|| self.value_of(node)),
        }
    }

    /// Whether the value at `pointer` is written elsewhere and comes here through an alias or a merge key, so that an
    /// edit at its place changes other values too.
    #[must_use]
    pub fn is_borrowed(&self, pointer: &str) -> bool {
        let Ok(node) = self.walk(pointer) else {
            return false;
        };
        self.tree
            .nodes
            .get(node)
            .is_some_and(|node| node.name.is_borrowed())
    }

    fn value_of(&self, node: usize) -> Option<Place> {
        let span = self.tree.nodes.get(node)?.value;
        Some(self.source.place(span.start as usize, span.end as usize))
    }

    fn key_of(&self, node: usize) -> Option<Place> {
        let node = self.tree.nodes.get(node)?;
        if node.name.same(Name::NONE) {
            return None;
        }
        Some(
            self.source
                .place(node.key.start as usize, node.key.end as usize),
        )
    }

    /// The node at `pointer`, or the deepest one on the way to it.
    fn walk(&self, pointer: &str) -> Result<usize, usize> {
        let mut node = self.root;
        if pointer.is_empty() {
            return Ok(node);
        }
        let tokens = pointer.strip_prefix('/').ok_or(node)?;
        for token in tokens.split('/') {
            node = self.child(node, &unescape(token)).ok_or(node)?;
        }
        Ok(node)
    }

    /// The child under a pointer token. Of two with one key the last counts, as it does for the value.
    fn child(&self, parent: usize, token: &str) -> Option<usize> {
        let first = self.tree.children(parent).next()?;
        if self.tree.nodes.get(first)?.name.same(Name::NONE) {
            let index: usize = token.parse().ok()?;
            return self.tree.children(parent).nth(index);
        }
        let name = Name::of(token);
        self.tree
            .children(parent)
            .filter(|&child| {
                self.tree
                    .nodes
                    .get(child)
                    .is_some_and(|node| self.is_under(node, name, token))
            })
            .last()
    }

    fn is_under(&self, node: &Node, name: Name, key: &str) -> bool {
        if !node.name.same(name) {
            return false;
        }
        let written = self
            .source
            .text()
            .get(node.key.start as usize..node.key.end as usize);
        let written = written.unwrap_or_default();
        // A plain key is the text itself, or a number or a boolean written in one of several ways.
        written == key
            || written.starts_with(['"', '\'', '*', '|', '>'])
            || resolve(Cow::Borrowed(written), true, Tag::None)
                .is_ok_and(|scalar| !matches!(scalar, Scalar::Text(_)))
            || written.contains('\n')
    }
}

/// `~1` is `/` and `~0` is `~` (RFC 6901 §4; in this order).
fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}
