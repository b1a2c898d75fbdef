//! What one document, and all documents together, may cost.

/// Bytes one source may have. Far above any manifest; a pipe or server that never ends stops here.
pub(super) const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Nesting of mappings and sequences. go-yaml and `encoding/json` stop at 10 000; nothing Kubernetes stores comes near
/// either, and this many levels are safe on the stack of every host.
pub(super) const MAX_DEPTH: usize = 1_000;

/// What one value takes in memory, roughly: its place, its slot in whatever holds it.
pub(super) const NODE_WEIGHT: usize = 64;

/// What a mapping takes on top, however few entries it has: `serde_json::Map` is a B-tree of nodes with eleven slots.
pub(super) const MAPPING_WEIGHT: usize = 640;

/// What one document may take. A dense one of ten million bytes takes more than this, a plausible one a quarter.
pub(super) const MAX_WEIGHT: usize = 512 * 1024 * 1024;

/// Warnings of one kind in one document; a thousand duplicate keys tell no more than the first few.
pub(super) const MAX_NOTICES: usize = 20;

/// What is left for everything that is loaded in one go.
#[derive(Debug)]
pub(super) struct Budget {
    alias_nodes: usize,
    alias_bytes: usize,
    weight: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            alias_nodes: 1_000_000,
            alias_bytes: 256 * 1024 * 1024,
            weight: 2 * MAX_WEIGHT,
        }
    }
}

impl Budget {
    /// The share of one of several readers that work at the same time: together they take no more than one alone.
    pub(super) fn share(readers: usize) -> Self {
        let all = Self::default();
        let readers = readers.max(1);
        Self {
            alias_nodes: all.alias_nodes / readers,
            alias_bytes: all.alias_bytes / readers,
            // One document is read by one reader, however many there are.
            weight: (all.weight / readers).max(MAX_WEIGHT),
        }
    }

    /// Takes for a copy that an alias needs; false when not enough is left.
    ///
    /// go-yaml bounds a document by the share of nodes that come from aliases ([`Ratio`]), but shares the memory of what
    /// it repeats. Here each repetition is a copy, so copies are counted too.
    pub(super) fn take_copy(&mut self, nodes: usize, bytes: usize) -> bool {
        let left = (
            self.alias_nodes.checked_sub(nodes),
            self.alias_bytes.checked_sub(bytes),
        );
        let (Some(nodes), Some(bytes)) = left else {
            return false;
        };
        (self.alias_nodes, self.alias_bytes) = (nodes, bytes);
        true
    }

    /// Takes for a finished document; false when not enough is left.
    pub(super) fn take_document(&mut self, weight: usize) -> bool {
        let left = self.weight.checked_sub(weight);
        self.weight = left.unwrap_or(self.weight);
        left.is_some()
    }
}

/// go-yaml's rule (`decode.go`: `allowedAliasRatio`): of all nodes decoded, aliases may make up 99 % in small documents,
/// falling to 10 % at four million.
#[derive(Debug, Default)]
pub(super) struct Ratio {
    decoded: usize,
    through_aliases: usize,
}

impl Ratio {
    const LOW: usize = 400_000;
    const HIGH: usize = 4_000_000;

    /// Nodes so far, aliases written out.
    pub(super) fn decoded(&self) -> usize {
        self.decoded
    }

    /// Counts nodes; false once the document is refused.
    pub(super) fn count(&mut self, nodes: usize, through_aliases: usize) -> bool {
        self.decoded = self.decoded.saturating_add(nodes);
        self.through_aliases = self.through_aliases.saturating_add(through_aliases);
        if self.through_aliases <= 100 || self.decoded <= 1_000 {
            return true;
        }
        share(self.through_aliases, self.decoded) <= Self::allowed(self.decoded)
    }

    fn allowed(decoded: usize) -> f64 {
        let over = decoded.clamp(Self::LOW, Self::HIGH) - Self::LOW;
        0.99 - 0.89 * share(over, Self::HIGH - Self::LOW)
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}
