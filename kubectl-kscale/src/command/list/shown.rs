//! How rows are printed: once, and later those that change.

use crate::cli::{self, ListFormat};
use crate::error::Error;
use crate::input::visible;
use crate::list::{Row, WorkloadList};
use crate::render::{Columns, Table, compact, pretty, yaml};

/// The form of the list, and what was printed of it.
pub(super) struct Shown {
    format: ListFormat,
    headers: bool,
    columns: Columns,
    table: Table,
}

impl Shown {
    /// As the arguments want it; `all` namespaces get a column.
    pub(super) fn new(arguments: &cli::List, all: bool) -> Self {
        let columns = Columns {
            namespace: all,
            wide: arguments.output == ListFormat::Wide,
        };
        Self {
            format: arguments.output,
            headers: !arguments.no_headers,
            columns,
            table: columns.table(),
        }
    }

    /// The whole list.
    pub(super) fn page(&mut self, list: &WorkloadList) -> Result<String, Error> {
        Ok(match self.format {
            ListFormat::Json => pretty(list)?,
            ListFormat::Yaml => yaml(list)?,
            ListFormat::Name => names(&list.items),
            // Names of columns above nothing help nobody: kubectl prints none either.
            ListFormat::Text | ListFormat::Wide if list.items.is_empty() => String::new(),
            ListFormat::Text | ListFormat::Wide => {
                let rows: Vec<_> = list
                    .items
                    .iter()
                    .map(|row| self.columns.cells(row))
                    .collect();
                self.table.page(&rows, self.headers)
            }
        })
    }

    /// The list before a watch: data are a row a line, so that who reads need not wait for an end that never comes.
    pub(super) fn first(&mut self, list: &WorkloadList) -> Result<String, Error> {
        match self.format {
            ListFormat::Text | ListFormat::Wide => self.page(list),
            ListFormat::Json | ListFormat::Yaml | ListFormat::Name => self.more(&list.items),
        }
    }

    /// What has changed, below what was printed before.
    pub(super) fn more(&mut self, rows: &[Row]) -> Result<String, Error> {
        Ok(match self.format {
            ListFormat::Json => rows.iter().map(compact).collect::<Result<_, _>>()?,
            ListFormat::Yaml => {
                let each = rows.iter().map(|row| Ok(format!("---\n{}", yaml(row)?)));
                each.collect::<Result<_, Error>>()?
            }
            ListFormat::Name => names(rows),
            ListFormat::Text | ListFormat::Wide => {
                let rows: Vec<_> = rows.iter().map(|row| self.columns.cells(row)).collect();
                self.table.lines(&rows)
            }
        })
    }
}

/// One name a workload, whatever the number of its components.
fn names(rows: &[Row]) -> String {
    let mut names: Vec<String> = Vec::new();
    for row in rows {
        let group = row
            .api_version
            .split_once('/')
            .map_or("", |(group, _)| group);
        let name = format!(
            "{}.{group}/{}\n",
            row.kind.to_lowercase(),
            visible(&row.name)
        );
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    names.concat()
}
