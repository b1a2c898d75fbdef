//! `list`: rows as kubectl prints them.

use kscale_rules::explain::Autoscaler;
use kscale_rules::explain::types::{Target, Unit};

use super::paper::Ink;
use super::table::{Cell, Table};
use super::value::shown;
use crate::list::Row;

/// Which columns there are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    /// Whether there may be several namespaces.
    pub(crate) namespace: bool,
    /// `-o wide`
    pub(crate) wide: bool,
}

impl Columns {
    /// An empty table with them.
    pub(crate) fn table(self) -> Table {
        let mut headers = Vec::new();
        if self.namespace {
            headers.push("NAMESPACE");
        }
        headers.extend([
            "NAME",
            "COMPONENT",
            "MODE",
            "AUTOSCALER",
            "METRIC",
            "TARGET",
            "MIN",
            "MAX",
            "NOW",
            "FINDINGS",
        ]);
        if self.wide {
            headers.extend(["KIND", "CLASS", "READY", "CODES"]);
        }
        Table::new(headers)
    }

    /// One row.
    pub(crate) fn cells(self, row: &Row) -> Vec<Cell> {
        let plain = |text: &str| (Ink::Plain, text.to_owned());
        let mut cells = Vec::new();
        if self.namespace {
            cells.push(plain(&row.namespace));
        }
        cells.extend([
            (Ink::Strong, row.name.clone()),
            plain(or_dash(&row.component)),
            plain(row.mode.as_deref().unwrap_or("-")),
            autoscaler(row),
            plain(row.metric.as_deref().unwrap_or("-")),
            plain(&row.target.as_ref().map_or_else(|| "-".to_owned(), target)),
            plain(&min(row)),
            plain(&max(row)),
            plain(
                &row.now
                    .map_or_else(|| "<unknown>".to_owned(), |now| now.to_string()),
            ),
            findings(row),
        ]);
        if self.wide {
            cells.extend([
                plain(&row.kind),
                plain(row.class.as_deref().unwrap_or("-")),
                plain(row.ready.as_deref().unwrap_or("-")),
                plain(or_dash(&row.findings.join(","))),
            ]);
        }
        cells
    }
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn autoscaler(row: &Row) -> Cell {
    if row.deleted {
        return (Ink::Dim, "(deleted)".to_owned());
    }
    let Some(autoscaler) = row.autoscaler else {
        return (Ink::Bad, "refused".to_owned());
    };
    let ink = match autoscaler {
        Autoscaler::Stopped => Ink::Dim,
        Autoscaler::Unmanaged => Ink::Bad,
        _ => Ink::Plain,
    };
    (ink, autoscaler.as_str().to_owned())
}

/// A target with its unit, in short.
pub(super) fn target(target: &Target) -> String {
    let value = shown(&target.value);
    match target.unit {
        Unit::PercentOfRequest => format!("{value}%"),
        Unit::MebibytesPerPod => format!("{value}Mi"),
        Unit::RequestsPerSecond => format!("{value}/s"),
        Unit::ConcurrentRequests | Unit::Quantity | Unit::Custom => value.into_owned(),
    }
}

fn min(row: &Row) -> String {
    row.min_replicas
        .map_or_else(|| "-".to_owned(), |min| min.to_string())
}

fn max(row: &Row) -> String {
    let scales = matches!(
        row.autoscaler,
        Some(Autoscaler::Kpa | Autoscaler::KnativeHpa | Autoscaler::Hpa | Autoscaler::Keda)
    );
    match row.max_replicas {
        Some(max) => max.to_string(),
        None if scales => "unbounded".to_owned(),
        None => "-".to_owned(),
    }
}

/// `2 errors, 1 warning`
fn findings(row: &Row) -> Cell {
    let count = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        many => Some(format!("{many} {word}s")),
    };
    let infos = row.findings.len().saturating_sub(row.errors + row.warnings);
    let parts = [
        count(row.errors, "error"),
        count(row.warnings, "warning"),
        count(infos, "note"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let ink = match (row.errors, row.warnings) {
        (1.., _) => Ink::Bad,
        (0, 1..) => Ink::Warn,
        _ => Ink::Dim,
    };
    (ink, or_dash(&parts.join(", ")).to_owned())
}
