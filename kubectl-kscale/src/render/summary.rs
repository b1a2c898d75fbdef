//! The numbers of a report, in one line.

use crate::lint::Report;

/// `3 errors, 2 warnings in 4 objects (12 files), 1 suppressed, 2 fixable with --fix`
pub(crate) fn line(report: &Report) -> String {
    let summary = &report.summary;
    let found: Vec<String> = [
        (summary.errors, "error", "errors"),
        (summary.warnings, "warning", "warnings"),
        (summary.infos, "info", "infos"),
    ]
    .into_iter()
    .filter(|(count, _, _)| *count > 0)
    .map(|(count, one, many)| number(count, one, many))
    .collect();
    let found = if found.is_empty() {
        "no findings".to_owned()
    } else {
        found.join(", ")
    };
    let objects = number(summary.objects, "object", "objects");
    let files = number(summary.files, "file", "files");
    let mut line = format!("{found} in {objects} ({files})");
    let mut add = |count: usize, text: &str| {
        if count > 0 {
            line.push_str(&format!(", {count} {text}"));
        }
    };
    add(summary.fixed, "fixed");
    add(summary.suppressed, "suppressed");
    add(summary.fixable, "fixable with --fix");
    add(
        summary.fixable_unsafe,
        if summary.fixable > 0 {
            "more with --unsafe-fixes"
        } else {
            "fixable with --fix --unsafe-fixes"
        },
    );
    add(report.unreadable.len(), "not readable");
    line.push('\n');
    line
}

fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
