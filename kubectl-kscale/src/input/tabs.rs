//! Tabs where go-yaml v2 accepts none.
//!
//! YAML 1.2 allows a tab on a blank line, before a comment and after the dash of an item; the YAML 1.1 scanner behind
//! kubectl does not: there a tab is no white space where a block structure could begin. The parser here is the newer
//! kind, so those tabs are looked for beside it.

/// Tabs with nothing but spaces and indicators before them on their line.
#[derive(Debug, Default)]
pub(super) struct Tabs {
    /// Byte offsets, ascending.
    leading: Vec<usize>,
    /// Scalars and bracketed collections that contain such a tab, where it is content or plain white space.
    covers: Vec<(usize, usize)>,
}

impl Tabs {
    pub(super) fn find(text: &str) -> Self {
        let mut leading = Vec::new();
        let mut from = 0;
        // Searching for the rare character first keeps the common text without any tab at one fast pass.
        while let Some(at) = text[from..].find('\t').map(|found| from + found) {
            let line = text[from..at]
                .rfind(['\n', '\r'])
                .map_or(from, |end| from + end + 1);
            if text[line..at]
                .bytes()
                .all(|byte| matches!(byte, b' ' | b'-' | b'?'))
            {
                leading.push(at);
            }
            // Behind the first tab of a line there is no other with only spaces before it.
            from = text[at..]
                .find(['\n', '\r'])
                .map_or(text.len(), |end| at + end);
        }
        Self {
            leading,
            covers: Vec::new(),
        }
    }

    /// What is written from `start` to `end` may hold tabs.
    pub(super) fn cover(&mut self, start: usize, end: usize) {
        let first = self.leading.partition_point(|&tab| tab < start);
        if self.leading.get(first).is_some_and(|&tab| tab < end) {
            self.covers.push((start, end));
        }
    }

    /// The first tab that nothing covers.
    pub(super) fn bare(&self) -> Option<usize> {
        let mut covers = self.covers.clone();
        covers.sort_unstable();
        let mut next = 0;
        let mut covered_to = 0;
        self.leading.iter().copied().find(|&tab| {
            while let Some(&(_, end)) = covers.get(next).filter(|cover| cover.0 <= tab) {
                covered_to = covered_to.max(end);
                next += 1;
            }
            tab >= covered_to
        })
    }
}
