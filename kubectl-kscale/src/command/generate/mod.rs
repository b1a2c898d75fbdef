//! `generate`: what this program writes about itself, for `cargo xtask docs`.

mod reference;
mod rules;

use kscale_rules::explain::types::ExplanationList;
use kscale_rules::preview::PreviewList;
use kscale_rules::rules::{FindingList, RuleList};
use kscale_rules::switch::PlanList;

use crate::check::CheckReport;
use crate::cli::{Generate, Generated};
use crate::error::{Error, Outcome};
use crate::list::WorkloadList;
use crate::render::{self, Screen};
use crate::switching::record::SwitchRecordList;

/// Prints it.
pub(crate) fn run(arguments: &Generate, screen: Screen) -> Result<Outcome, Error> {
    let text = match arguments.what {
        Generated::CliReference => reference::markdown(),
        Generated::JsonSchema => render::pretty(&schemars::schema_for!(ExplanationList))?,
        Generated::FindingSchema => render::pretty(&schemars::schema_for!(FindingList))?,
        Generated::PreviewSchema => render::pretty(&schemars::schema_for!(PreviewList))?,
        Generated::PlanSchema => render::pretty(&schemars::schema_for!(PlanList))?,
        Generated::RecordSchema => render::pretty(&schemars::schema_for!(SwitchRecordList))?,
        Generated::RuleSchema => render::pretty(&schemars::schema_for!(RuleList))?,
        Generated::CheckSchema => render::pretty(&schemars::schema_for!(CheckReport))?,
        Generated::ListSchema => render::pretty(&schemars::schema_for!(WorkloadList))?,
        Generated::RulePages => render::pretty(&rules::pages())?,
    };
    screen.print(&text)?;
    Ok(Outcome::Clean)
}
