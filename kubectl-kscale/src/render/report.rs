//! Reports of `lint`, a file a format.

use super::{concise, diagnostics, github, junit, pretty, sarif, yaml};
use crate::cli::ReportFormat;
use crate::error::Error;
use crate::lint::Report;

/// The report as one text that ends in a line break.
pub(crate) fn report(format: ReportFormat, report: &Report, width: usize) -> Result<String, Error> {
    match format {
        ReportFormat::Text => Ok(diagnostics::page(report, width)),
        ReportFormat::Concise => Ok(concise::lines(report)),
        ReportFormat::Json => pretty(&report.list()),
        ReportFormat::Yaml => yaml::document(&report.list()),
        ReportFormat::Sarif => pretty(&sarif::log(report)),
        ReportFormat::Github => Ok(github::commands(report)),
        ReportFormat::Junit => junit::xml(report),
    }
}
