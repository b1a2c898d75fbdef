//! Tables as kubectl prints them: no borders, names of columns in capitals, three blanks between columns.

use super::paper::{Ink, Paper, Span, span, width};

/// Blanks between columns.
const GAP: usize = 3;

/// A table whose columns keep their widths, so that lines printed later stand below those printed before.
#[derive(Debug, Default)]
pub(crate) struct Table {
    headers: Vec<&'static str>,
    widths: Vec<usize>,
}

/// One cell.
pub(crate) type Cell = (Ink, String);

impl Table {
    /// With these columns.
    pub(crate) fn new(headers: Vec<&'static str>) -> Self {
        Self {
            widths: headers.iter().map(|header| header.len()).collect(),
            headers,
        }
    }

    /// The names of the columns and `rows`.
    pub(crate) fn page(&mut self, rows: &[Vec<Cell>], headers: bool) -> String {
        for row in rows {
            for (widest, (_, text)) in self.widths.iter_mut().zip(row) {
                *widest = (*widest).max(width(text));
            }
        }
        let mut paper = Paper::new(usize::MAX);
        if headers {
            let names = self.headers.iter();
            let names: Vec<Cell> = names
                .map(|name| (Ink::Heading, (*name).to_owned()))
                .collect();
            self.line(&mut paper, &names);
        }
        rows.iter().for_each(|row| self.line(&mut paper, row));
        paper.into_text()
    }

    /// `rows` alone, below those printed before.
    pub(crate) fn lines(&self, rows: &[Vec<Cell>]) -> String {
        let mut paper = Paper::new(usize::MAX);
        rows.iter().for_each(|row| self.line(&mut paper, row));
        paper.into_text()
    }

    fn line(&self, paper: &mut Paper, row: &[Cell]) {
        let mut spans: Vec<Span> = Vec::new();
        for (number, ((ink, text), widest)) in row.iter().zip(&self.widths).enumerate() {
            spans.push(span(*ink, text));
            if number + 1 < row.len() {
                let blanks = widest.saturating_sub(width(text)) + GAP;
                spans.push(span(Ink::Plain, " ".repeat(blanks)));
            }
        }
        paper.entry(&spans, 0, &[]);
    }
}
