//! `lint -o github`: workflow commands, which GitHub Actions shows beside the lines of a pull request.
//!
//! Escapes are those of the runner's own toolkit (`actions/toolkit`: `packages/core/src/command.ts`).

use std::fmt::Write as _;
use std::path::Path;

use kscale_rules::explain::Severity;

use crate::lint::{Item, Located, Report};

/// A command a line. Writing to a String cannot fail, so results are dropped.
pub(super) fn commands(report: &Report) -> String {
    let mut lines = String::new();
    for problem in &report.unreadable {
        let file = property(&relative(&problem.source));
        let _ = write!(lines, "::error file={file}");
        if let Some(place) = problem.place {
            let _ = write!(lines, ",line={},col={}", place.line, place.column);
        }
        let hint = problem
            .hint
            .iter()
            .map(|hint| format!("\n{hint}"))
            .collect::<String>();
        let _ = writeln!(
            lines,
            ",title=cannot be read::{}",
            data(&format!("{}{hint}", problem.message))
        );
    }
    for item in &report.items {
        for located in item.findings() {
            command(&mut lines, item, located);
        }
    }
    lines
}

fn command(lines: &mut String, item: &Item, located: &Located) {
    let finding = &located.finding;
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let _ = write!(
        lines,
        "::{level} file={}",
        property(&relative(item.source.name()))
    );
    let _ = write!(
        lines,
        ",line={},col={}",
        located.mark.line, located.mark.column
    );
    if let (Some(line), Some(column)) = (finding.end_line, finding.end_column) {
        let _ = write!(lines, ",endLine={line}");
        // Columns are understood only within one line.
        if line == located.mark.line {
            let _ = write!(lines, ",endColumn={column}");
        }
    }
    let title = property(&format!("{} {}", finding.code, finding.slug));
    let mut message = finding.message.clone();
    for part in [Some(&finding.help), finding.docs.as_ref()]
        .into_iter()
        .flatten()
    {
        if !part.is_empty() {
            message.push('\n');
            message.push_str(part);
        }
    }
    let _ = writeln!(lines, ",title={title}::{}", data(&message));
}

/// GitHub knows files by their path from the repository's root, which is the current folder: without a `./`, and without
/// what leads to that folder.
pub(super) fn relative(name: &str) -> String {
    let path = Path::new(name);
    let here = std::env::current_dir().ok().filter(|_| path.is_absolute());
    let below = here
        .as_deref()
        .and_then(|here| path.strip_prefix(here).ok());
    let name = below.and_then(Path::to_str).unwrap_or(name);
    name.strip_prefix("./").unwrap_or(name).to_owned()
}

fn data(text: &str) -> String {
    let text = text
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    // Line breaks are spelled out above; what else acts on a terminal is made visible.
    crate::input::visible(&text).into_owned()
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_or_begins_another() {
        assert_eq!(data("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
        assert_eq!(data("\u{1b}[2J"), "\\u{1b}[2J");
    }
}
