//! `switch`: another autoscaler, for live services or for manifests.

mod files;
mod live;
mod wish;

use crate::cli::Switch;
use crate::error::{Error, Outcome};
use crate::render::Screen;

pub(in crate::command) use live::{Aim, Errand, Ground, Run, carry_out, look};

/// Manifests with `-f`, else the cluster.
pub(crate) fn run(arguments: &Switch, screen: Screen) -> Result<Outcome, Error> {
    if arguments.input.filename.is_empty() {
        files::none(arguments)?;
        return live::run(arguments, screen);
    }
    files::run(arguments, screen)
}
