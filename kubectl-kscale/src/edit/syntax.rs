//! A document as it is written: every value with the range of its text, how it is written, and the comments between.
//!
//! `input::Places` answers where a value stands; an edit also has to know where its dash, its colon, its anchor and the
//! comments around it are. Everything here is found by walking the text along the parser's events, so that each byte is
//! accounted for: where the two disagree, the document is refused rather than edited on a guess.

/// One value.
#[derive(Debug)]
pub(super) struct Node {
    /// The end of the token before it: the colon, the dash, the bracket or the comma.
    pub(super) after: usize,
    /// Where the key or the dash stands that it belongs to; none for the root.
    pub(super) owner: Option<usize>,
    /// Where its anchor and tag start; [`Self::start`] where it has none.
    pub(super) outer: usize,
    /// Where they end; [`Self::after`] where it has none.
    pub(super) named: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) tagged: bool,
    /// Inside brackets.
    pub(super) in_flow: bool,
    pub(super) kind: Kind,
}

/// How it is written.
#[derive(Debug)]
pub(super) enum Kind {
    Plain,
    Single,
    Double,
    /// A literal or folded block.
    Block,
    Alias,
    Map {
        flow: bool,
        entries: Vec<Entry>,
    },
    Seq {
        flow: bool,
        items: Vec<Item>,
    },
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: Name,
    /// Written with `? `.
    pub(super) explicit: bool,
    pub(super) key: Node,
    pub(super) value: Node,
}

/// What a key is called.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Name {
    Text(String),
    /// `<<`
    Merge,
    /// A key that is no plain text: an alias, `on`, `0x1`.
    Odd,
}

#[derive(Debug)]
pub(super) struct Item {
    /// Where its dash stands, or the value in brackets.
    pub(super) dash: usize,
    pub(super) value: Node,
}

/// A whole document.
#[derive(Debug)]
pub(super) struct Syntax {
    pub(super) root: Node,
    /// Ranges from `#` to the end of the line, ascending.
    pub(super) comments: Vec<(usize, usize)>,
    /// Anchors by number, and where they are defined.
    pub(super) anchors: Vec<(usize, usize)>,
    /// Where which anchor is repeated.
    pub(super) aliases: Vec<(usize, usize)>,
}

/// An entry or an item: both have a first byte and a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child<'a> {
    pub(super) start: usize,
    pub(super) key: Option<&'a Node>,
    pub(super) explicit: bool,
    pub(super) value: &'a Node,
}

impl Node {
    /// What stands directly in it, in the order it is written.
    pub(super) fn children(&self) -> Vec<Child<'_>> {
        match &self.kind {
            Kind::Map { entries, .. } => entries.iter().map(Entry::child).collect(),
            Kind::Seq { items, .. } => items.iter().map(Item::child).collect(),
            _ => Vec::new(),
        }
    }

    /// A collection without brackets.
    pub(super) fn is_block_collection(&self) -> bool {
        matches!(
            self.kind,
            Kind::Map { flow: false, .. } | Kind::Seq { flow: false, .. }
        )
    }

    /// The child under a pointer token, by its number.
    pub(super) fn find(&self, token: &str) -> Result<usize, String> {
        match &self.kind {
            Kind::Map { entries, .. } => {
                let called =
                    |entry: &&Entry| matches!(&entry.name, Name::Text(name) if name == token);
                if entries.iter().filter(called).count() > 1 {
                    return Err(format!("the key `{token}` is written twice"));
                }
                let found = entries
                    .iter()
                    .position(|entry| called(&entry))
                    .ok_or_else(|| self.missing(token))?;
                // What a merge below it replaces is not what counts.
                let replaced = entries
                    .iter()
                    .skip(found)
                    .any(|entry| entry.name == Name::Merge);
                if replaced {
                    return Err(format!(
                        "a merge key (`<<`) below may replace the key `{token}`"
                    ));
                }
                Ok(found)
            }
            Kind::Seq { items, .. } => token
                .parse()
                .ok()
                .filter(|&index| index < items.len())
                .ok_or_else(|| self.missing(token)),
            _ => Err(self.missing(token)),
        }
    }

    fn missing(&self, token: &str) -> String {
        match &self.kind {
            Kind::Alias => format!(
                "`{token}` is reached through an alias: the change would be made in two places"
            ),
            Kind::Map { entries, .. } if entries.iter().any(|entry| entry.name == Name::Merge) => {
                format!(
                    "`{token}` comes from a merge key (`<<`): the change would be made in two places"
                )
            }
            _ => format!("`{token}` is not written where it would have to be changed"),
        }
    }
}

impl Entry {
    pub(super) fn child(&self) -> Child<'_> {
        Child {
            start: self.key.outer,
            key: Some(&self.key),
            explicit: self.explicit,
            value: &self.value,
        }
    }
}

impl Item {
    pub(super) fn child(&self) -> Child<'_> {
        Child {
            start: self.dash,
            key: None,
            explicit: false,
            value: &self.value,
        }
    }
}

impl Syntax {
    /// The value at the end of `tokens`, all of it written there and nowhere else.
    pub(super) fn node(&self, tokens: &[String]) -> Result<&Node, String> {
        let mut node = &self.root;
        self.own(node)?;
        for token in tokens {
            let at = node.find(token)?;
            node = match &node.kind {
                Kind::Map { entries, .. } => &entries[at].value,
                Kind::Seq { items, .. } => &items[at].value,
                _ => return Err(node.missing(token)),
            };
            self.own(node)?;
        }
        Ok(node)
    }

    /// Refuses what an alias repeats, or is one.
    fn own(&self, node: &Node) -> Result<(), String> {
        if matches!(node.kind, Kind::Alias) {
            return Err("the value is an alias: the change would be made in two places".to_owned());
        }
        let repeated = self.anchors.iter().any(|&(id, at)| {
            (node.outer..node.start.max(node.outer + 1)).contains(&at) && self.is_used(id)
        });
        if repeated {
            return Err(
                "the value has an anchor that an alias repeats: the change would be made in two places"
                    .to_owned(),
            );
        }
        Ok(())
    }

    fn is_used(&self, id: usize) -> bool {
        self.aliases.iter().any(|&(used, _)| used == id)
    }

    /// Refuses to take away a range that defines what is repeated outside it.
    pub(super) fn removable(&self, start: usize, end: usize) -> Result<(), String> {
        let inside = |at: &usize| (start..end).contains(at);
        let needed = self.anchors.iter().any(|(id, at)| {
            inside(at)
                && self
                    .aliases
                    .iter()
                    .any(|(used, at)| used == id && !inside(at))
        });
        if needed {
            return Err("it carries an anchor that is used elsewhere".to_owned());
        }
        Ok(())
    }

    /// The comments that start in a range.
    pub(super) fn comments_in(&self, start: usize, end: usize) -> &[(usize, usize)] {
        let first = self.comments.partition_point(|comment| comment.0 < start);
        let last = self.comments.partition_point(|comment| comment.0 < end);
        self.comments.get(first..last).unwrap_or_default()
    }
}
