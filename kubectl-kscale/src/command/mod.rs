//! The verbs, a file each.

mod explain;
mod generate;
mod lint;
mod preview;
mod rules;
mod session;

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
        Command::Preview(arguments) => preview::run(&arguments, screen),
        Command::Rules(arguments) => rules::run(&arguments, screen),
        Command::Generate(arguments) => generate::run(&arguments, screen),
    }
}
