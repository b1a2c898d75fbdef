//! Lines and columns of a text, and changes to it.

/// Replaces a range of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

impl Splice {
    pub(super) fn new(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self {
            start,
            end,
            text: text.into(),
        }
    }

    pub(super) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::new(at, at, text)
    }
}

/// The text with all changes made; none where two of them overlap or one is outside.
pub(super) fn splice(text: &str, mut splices: Vec<Splice>) -> Option<String> {
    // What is put in where something is taken away comes first.
    splices.sort_by_key(|splice| (splice.start, splice.end));
    let mut changed = String::with_capacity(text.len());
    let mut from = 0;
    for splice in splices {
        changed.push_str(text.get(from..splice.start)?);
        changed.push_str(&splice.text);
        from = splice.end.max(splice.start);
    }
    changed.push_str(text.get(from..)?);
    Some(changed)
}

/// Questions about the lines of a text. Lines end at a line feed, with or without a carriage return before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
}

impl<'a> Lines<'a> {
    /// Where the line of `at` starts.
    pub(super) fn start(self, at: usize) -> usize {
        let head = self.text.get(..at).unwrap_or_default();
        let start = head.rfind('\n').map_or(0, |end| end + 1);
        let mark = '\u{FEFF}'.len_utf8();
        if start == 0 && at >= mark && self.text.starts_with('\u{FEFF}') {
            return mark;
        }
        start
    }

    /// Where the line of `at` ends, without its line break.
    pub(super) fn end(self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// Where the line after that of `at` starts, or the end of the text.
    pub(super) fn next(self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.find('\n').map_or(self.text.len(), |end| at + end + 1)
    }

    /// How many characters stand before `at` on its line.
    pub(super) fn column(self, at: usize) -> usize {
        self.text
            .get(self.start(at)..at)
            .unwrap_or_default()
            .chars()
            .count()
    }

    /// Whether only white space stands before `at` on its line.
    pub(super) fn is_first(self, at: usize) -> bool {
        let head = self.text.get(self.start(at)..at).unwrap_or_default();
        head.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    /// The line break that the text uses.
    pub(super) fn line_break(self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }

    /// The line that starts at `at`, without its line break.
    pub(super) fn line(self, at: usize) -> &'a str {
        self.text.get(at..self.end(at)).unwrap_or_default()
    }

    /// Puts whole lines in at `at`, the start of a line or the end of the text.
    pub(super) fn insert(self, at: usize, lines: &[String]) -> Splice {
        let line_break = self.line_break();
        let joined = lines.join(line_break);
        let head = self.text.get(..at).unwrap_or_default();
        if head.is_empty() || head.ends_with('\n') {
            Splice::insert(at, joined + line_break)
        } else {
            Splice::insert(at, format!("{line_break}{joined}"))
        }
    }

    /// Puts lines in the place of whole lines. `start` is the start of a line, `end` that of another or the end of the
    /// text; a text without a line break at its end stays one.
    pub(super) fn replace(self, start: usize, end: usize, lines: &[String]) -> Splice {
        let line_break = self.line_break();
        let head = self.text.get(..start).unwrap_or_default();
        let open = !self.text.get(..end).unwrap_or_default().ends_with('\n');
        if lines.is_empty() && open {
            let kept = head.strip_suffix('\n').unwrap_or(head);
            let kept = kept.strip_suffix('\r').unwrap_or(kept);
            return Splice::new(kept.len(), end, "");
        }
        let mut text = lines.join(line_break);
        if !(lines.is_empty() || open) {
            text.push_str(line_break);
        }
        Splice::new(start, end, text)
    }
}

pub(super) fn spaces(count: usize) -> String {
    " ".repeat(count)
}
