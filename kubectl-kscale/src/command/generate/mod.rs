//! `generate`: what this program writes about itself, for `cargo xtask docs`.

mod reference;

use kscale_rules::explain::types::ExplanationList;

use crate::cli::{Generate, Generated};
use crate::error::{Error, Outcome};
use crate::render::{self, Screen};

/// Prints it.
pub(crate) fn run(arguments: &Generate, screen: Screen) -> Result<Outcome, Error> {
    let text = match arguments.what {
        Generated::CliReference => reference::markdown(),
        Generated::JsonSchema => render::pretty(&schemars::schema_for!(ExplanationList))?,
    };
    screen.print(&text)?;
    Ok(Outcome::Clean)
}
