//! The verbs, a file each.

mod check;
mod explain;
mod extension;
mod generate;
mod install;
mod known;
mod lint;
mod list;
mod preview;
mod rules;
mod session;
mod snapshot;
mod switch;
mod undo;
mod uninstall;

#[cfg(any(test, fuzzing))]
pub use lint::fuzzing as lint_fuzzing;

use crate::cli::Command;
use crate::error::{Error, Outcome};
use crate::render::Screen;

/// Runs one.
pub(crate) fn run(command: Command, screen: Screen) -> Result<Outcome, Error> {
    match command {
        Command::Explain(arguments) => explain::run(&arguments, screen),
        Command::Lint(arguments) => lint::run(&arguments, screen),
        Command::Check(arguments) => check::run(&arguments, screen),
        Command::List(arguments) => list::run(&arguments, screen),
        Command::Preview(arguments) => preview::run(&arguments, screen),
        Command::Switch(arguments) => switch::run(&arguments, screen),
        Command::Undo(arguments) => undo::run(&arguments, screen),
        Command::Rules(arguments) => rules::run(&arguments, screen),
        Command::Install(arguments) => install::run(&arguments, screen),
        Command::Uninstall(arguments) => uninstall::run(&arguments, screen),
        Command::Snapshot(arguments) => snapshot::run(&arguments, screen),
        Command::Generate(arguments) => generate::run(&arguments, screen),
    }
}
