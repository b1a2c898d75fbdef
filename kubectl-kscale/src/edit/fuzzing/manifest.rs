//! Manifests of every style: the value does not matter, how it is written does.

use super::choices::Choices;
use crate::edit::text::spaces;

const PLAIN: [&str; 14] = [
    "x",
    "1",
    "true",
    "null",
    "~",
    "yes",
    "0x10",
    "1e3",
    "a b",
    "it's",
    "http://a/b#c",
    "größe",
    "10Gi",
    "-x",
];
const QUOTED: [&str; 7] = [
    "'x'",
    "\"x\"",
    "'it''s # no'",
    "\"a\\tb # no\"",
    "''",
    "\"1\"",
    "'yes: no'",
];

struct Writer<'c, 'b> {
    choices: &'c mut Choices<'b>,
    text: String,
    /// Names of finished anchors, and whether each stands on a mapping.
    anchors: Vec<(usize, bool)>,
}

/// A file with one or more documents.
pub(super) fn write(choices: &mut Choices<'_>) -> String {
    let mut writer = Writer {
        choices,
        text: String::new(),
        anchors: Vec::new(),
    };
    let documents = 1 + writer.choices.pick(3);
    for number in 0..documents {
        if number > 0 {
            let separator = writer
                .choices
                .one_of(&["---\n", "--- # between\n", "---  \n"]);
            writer.text.push_str(separator.unwrap_or_default());
        }
        writer.anchors.clear();
        writer.document();
    }
    let mut text = writer.text;
    if choices.once_in(5) {
        text = text.replace('\n', "\r\n");
    }
    if choices.once_in(5) {
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
    }
    if choices.once_in(8) {
        text.insert(0, '\u{FEFF}');
    }
    text
}

/// Puts odd pieces in, or takes characters out: nobody says that a manifest is in order.
pub(super) fn disturb(choices: &mut Choices<'_>, text: &mut String) {
    const ODD: [&str; 24] = [
        "\t", "\n", "\r", " ", "  ", "#", " #", "- ", "? ", ": ", ",", "[", "]", "{", "}", "\"",
        "'", "&a ", "*a1", "!!str ", "---\n", "...\n", "\u{2028}", "|\n",
    ];
    for _ in 0..=choices.pick(3) {
        let wanted = choices.pick(256) * 256 + choices.pick(256);
        let mut at = wanted % (text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        match choices.one_of(&ODD).filter(|_| !choices.once_in(4)) {
            Some(odd) => text.insert_str(at, odd),
            None if at < text.len() => {
                text.remove(at);
            }
            None => {}
        }
    }
}

impl Writer<'_, '_> {
    fn document(&mut self) {
        match self.choices.pick(8) {
            5 => {
                self.text.push_str("kind: List\nitems:\n");
                let column = self.choices.pick(3);
                self.sequence(column, 2, true);
            }
            6 => {
                self.json(0, Some(2), 3);
                self.text.push('\n');
            }
            7 => {
                self.json(0, None, 3);
                self.text.push('\n');
            }
            _ => {
                self.between(0);
                self.mapping(0, 3, true);
            }
        }
    }

    /// Comments and blank lines above a line.
    fn between(&mut self, column: usize) {
        for _ in 0..self.choices.pick(3) {
            match self.choices.pick(4) {
                0 => self.text.push('\n'),
                3 => self.comment_line(column + 3),
                _ => self.comment_line(column),
            }
        }
    }

    fn comment_line(&mut self, column: usize) {
        let number = self.choices.number();
        self.text
            .push_str(&format!("{}# c{number}\n", spaces(column)));
    }

    fn line_end(&mut self) {
        if self.choices.once_in(4) {
            let number = self.choices.number();
            self.text.push_str(&format!("  # e{number}"));
        }
        self.text.push('\n');
    }

    /// `at_start`: the first key still needs its indentation.
    fn mapping(&mut self, column: usize, depth: usize, at_start: bool) {
        let count = 1 + self.choices.pick(4);
        for number in 0..count {
            if number > 0 {
                self.between(column);
            }
            if number > 0 || at_start {
                self.text.push_str(&spaces(column));
            }
            let maps: Vec<_> = self
                .anchors
                .iter()
                .filter(|anchor| anchor.1)
                .copied()
                .collect();
            if !maps.is_empty() && self.choices.once_in(6) {
                let (anchor, _) = self.choices.one_of(&maps).unwrap_or_default();
                self.text.push_str(&format!("<<: *a{anchor}"));
                self.line_end();
                continue;
            }
            self.key(number);
            self.text.push(':');
            self.value(column, depth, false);
        }
    }

    fn key(&mut self, number: usize) {
        let name = ["a", "b", "c", "d", "e"]
            .get(number)
            .copied()
            .unwrap_or("f");
        let key = match self.choices.pick(12) {
            9 => format!("\"{name}\""),
            10 => format!("'{name}/~'"),
            11 => format!("{name}.x "),
            _ => name.to_owned(),
        };
        self.text.push_str(&key);
    }

    /// What stands behind a colon or a dash, to the end of its last line.
    fn value(&mut self, column: usize, depth: usize, below_dash: bool) {
        let anchor = self.choices.once_in(8).then(|| self.choices.number());
        if let Some(anchor) = anchor {
            self.text.push_str(&format!(" &a{anchor}"));
        }
        let mut is_map = false;
        match self.choices.pick(if depth == 0 { 8 } else { 14 }) {
            0..=2 => self.scalar(&PLAIN),
            3 => self.scalar(&QUOTED),
            4 => self.block_scalar(column),
            5 => self.line_end(),
            6 => is_map = self.flow_line(),
            7 if anchor.is_none() && !self.anchors.is_empty() => {
                let anchors = self.anchors.clone();
                let (anchor, _) = self.choices.one_of(&anchors).unwrap_or_default();
                self.text.push_str(&format!(" *a{anchor}"));
                self.line_end();
            }
            7 => self.scalar(&["a\n      b", "\"a\n      b\"", "'a\n\n      b'"]),
            8..=10 => {
                is_map = true;
                if below_dash && anchor.is_none() && !self.choices.once_in(4) {
                    let gap = 1 + self.choices.pick(2);
                    self.text.push_str(&spaces(gap));
                    self.mapping(column + 1 + gap, depth - 1, false);
                } else {
                    self.line_end();
                    let inner = column + 1 + self.choices.pick(4);
                    self.between(inner);
                    self.mapping(inner, depth - 1, true);
                }
            }
            11 if below_dash && anchor.is_none() => {
                self.text.push(' ');
                self.sequence(column + 2, depth - 1, false);
            }
            _ => {
                self.line_end();
                let inner = column + usize::from(below_dash) + self.choices.pick(3);
                self.between(inner);
                self.sequence(inner, depth - 1, true);
            }
        }
        self.anchors.extend(anchor.map(|anchor| (anchor, is_map)));
    }

    fn scalar(&mut self, all: &[&str]) {
        let blanks = 1 + self.choices.pick(2);
        let text = self.choices.one_of(all).unwrap_or("x");
        self.text.push_str(&spaces(blanks));
        self.text.push_str(text);
        self.line_end();
    }

    fn block_scalar(&mut self, column: usize) {
        let header = self.choices.one_of(&[" |", " |-", " |+", " >", " >-"]);
        self.text.push_str(header.unwrap_or(" |"));
        self.line_end();
        for _ in 0..=self.choices.pick(3) {
            let line = self
                .choices
                .one_of(&["x", "# no comment", "", "  y: 1"])
                .unwrap_or("x");
            let indent = if line.is_empty() { 0 } else { column + 2 };
            self.text.push_str(&format!("{}{line}\n", spaces(indent)));
        }
    }

    fn sequence(&mut self, column: usize, depth: usize, at_start: bool) {
        let count = 1 + self.choices.pick(3);
        for number in 0..count {
            if number > 0 {
                self.between(column);
            }
            if number > 0 || at_start {
                self.text.push_str(&spaces(column));
            }
            self.text.push('-');
            self.value(column, depth, true);
        }
    }

    fn flow_line(&mut self) -> bool {
        self.text.push(' ');
        let is_map = self.flow(2);
        self.line_end();
        is_map
    }

    /// Brackets; says whether they are those of a mapping.
    fn flow(&mut self, depth: usize) -> bool {
        let is_map = self.choices.pick(2) == 0;
        let spread = self.choices.once_in(4);
        let count = self.choices.pick(4);
        self.text.push(if is_map { '{' } else { '[' });
        for number in 0..count {
            if spread {
                let comment = self.choices.once_in(3).then(|| self.choices.number());
                let comment = comment
                    .map(|number| format!(" # f{number}"))
                    .unwrap_or_default();
                self.text.push_str(&format!("{comment}\n{}", spaces(10)));
            } else if number > 0 {
                self.text.push(' ');
            }
            if is_map {
                self.key(number);
                self.text.push_str(": ");
            }
            match self.choices.pick(if depth == 0 { 3 } else { 4 }) {
                0 => self.text.push('1'),
                1 => self.text.push_str("'x, # no'"),
                2 => self.text.push_str("x y"),
                _ => {
                    self.flow(depth - 1);
                }
            }
            if number + 1 < count || self.choices.once_in(4) {
                self.text.push(',');
            }
        }
        if spread {
            self.text.push_str(&format!("\n{}", spaces(10)));
        }
        self.text.push(if is_map { '}' } else { ']' });
        is_map
    }

    /// `unit` for one line each, indented by so much; nothing for one line in all.
    fn json(&mut self, indent: usize, unit: Option<usize>, depth: usize) {
        let is_map = depth == 3 || self.choices.pick(2) == 0;
        let count = self.choices.pick(4);
        let inner = indent + unit.unwrap_or(0);
        self.text.push(if is_map { '{' } else { '[' });
        for number in 0..count {
            if number > 0 {
                self.text.push(',');
            }
            if unit.is_some() {
                self.text.push_str(&format!("\n{}", spaces(inner)));
            }
            if is_map {
                let name = ["a", "b", "c", "d"].get(number).copied().unwrap_or("e");
                let blank = if unit.is_some() { " " } else { "" };
                self.text.push_str(&format!("\"{name}\":{blank}"));
            }
            match self.choices.pick(if depth == 0 { 3 } else { 5 }) {
                0 => self.text.push('1'),
                1 => self.text.push_str("\"x\\/y # no\""),
                2 => self.text.push_str("null"),
                _ => self.json(inner, unit, depth - 1),
            }
        }
        if unit.is_some() && count > 0 {
            self.text.push_str(&format!("\n{}", spaces(indent)));
        }
        self.text.push(if is_map { '}' } else { ']' });
    }
}
