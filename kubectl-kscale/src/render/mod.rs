//! Answers on paper: one file a format, all from the same [`ExplanationList`].

mod check;
mod concise;
mod creates;
mod diagnostics;
mod diff;
mod github;
mod json;
mod junit;
mod list;
mod marks;
mod messages;
mod name;
mod observed;
mod paper;
mod path;
mod plan;
mod preview;
mod records;
mod report;
mod rules;
mod sarif;
mod sarif_uri;
mod screen;
mod summary;
mod table;
mod text;
mod value;
mod verdict;
mod yaml;

use kscale_rules::explain::types::ExplanationList;
use kscale_rules::preview::PreviewList;
use kscale_rules::switch::PlanList;

use crate::cli::{Format, PlanFormat, PreviewFormat};
use crate::error::Error;
use crate::switching::record::SwitchRecordList;

pub(crate) use check::check;
pub(crate) use diff::{page as diff_page, patch as diff_patch};
pub(crate) use json::{compact, pretty};
pub(crate) use list::Columns;
pub(crate) use messages::Messages;
pub(crate) use paper::{Ink, Paper, span};
pub(crate) use path::readable;
pub(crate) use report::report;
pub(crate) use rules::{page as rule_page, table as rule_table};
pub(crate) use screen::Screen;
pub(crate) use summary::line as summary;
pub(crate) use table::Table;
pub(crate) use yaml::document as yaml;

/// The answer, as one text that ends in a line break. `places` says where each item was read, for people.
pub(crate) fn answer(
    format: Format,
    list: &ExplanationList,
    places: &[String],
    width: usize,
) -> Result<String, Error> {
    match format {
        Format::Text => Ok(text::page(list, places, width, text::Detail::Usual)),
        Format::Wide => Ok(text::page(list, places, width, text::Detail::Wide)),
        Format::Json => pretty(list),
        Format::Yaml => yaml::document(list),
        Format::Name => Ok(name::lines(list)),
    }
}

/// What an upgrade would change, as one text that ends in a line break.
pub(crate) fn preview(
    format: PreviewFormat,
    list: &PreviewList,
    width: usize,
) -> Result<String, Error> {
    match format {
        PreviewFormat::Text => Ok(preview::page(list, width, false)),
        PreviewFormat::Wide => Ok(preview::page(list, width, true)),
        PreviewFormat::Json => pretty(list),
        PreviewFormat::Yaml => yaml::document(list),
        PreviewFormat::Name => Ok(list
            .items
            .iter()
            .map(|item| name::line(&item.object))
            .collect()),
    }
}

/// Plans, as one text that ends in a line break.
pub(crate) fn plan(format: PlanFormat, list: &PlanList, width: usize) -> Result<String, Error> {
    match format {
        PlanFormat::Text => Ok(plan::page(list, width, plan::Place::Cluster, false)),
        PlanFormat::Wide => Ok(plan::page(list, width, plan::Place::Cluster, true)),
        PlanFormat::Json => pretty(list),
        PlanFormat::Yaml => yaml::document(list),
        PlanFormat::Name => Ok(list
            .items
            .iter()
            .map(|item| name::line(&item.object))
            .collect()),
    }
}

/// What is worth a word about plans for manifests, whose diff stands elsewhere.
pub(crate) fn plan_story(list: &PlanList, width: usize, all: bool) -> String {
    plan::page(list, width, plan::Place::Files, all)
}

/// What can be taken back, as one text that ends in a line break.
pub(crate) fn records(
    format: PlanFormat,
    list: &SwitchRecordList,
    width: usize,
) -> Result<String, Error> {
    match format {
        PlanFormat::Text => Ok(records::page(list, jiff::Timestamp::now(), width, false)),
        PlanFormat::Wide => Ok(records::page(list, jiff::Timestamp::now(), width, true)),
        PlanFormat::Json => pretty(list),
        PlanFormat::Yaml => yaml::document(list),
        PlanFormat::Name => Ok(records::names(list)),
    }
}
