//! Decisions, taken from bytes; the first of each kind once there are no more.

#[derive(Debug)]
pub(crate) struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
    /// For names and comments that differ.
    next: usize,
}

impl<'a> Choices<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes: bytes.iter(),
            next: 0,
        }
    }

    /// A number below `count`.
    pub(crate) fn pick(&mut self, count: usize) -> usize {
        let byte = self.bytes.next().copied().unwrap_or(0);
        usize::from(byte) % count.max(1)
    }

    /// Once in `count` times; never without bytes.
    pub(crate) fn once_in(&mut self, count: usize) -> bool {
        self.pick(count) == count - 1
    }

    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        all.get(self.pick(all.len())).copied()
    }

    pub(crate) fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }
}
