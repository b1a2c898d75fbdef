//! The kubectl plugin as a library, so that its parts can be tested without the binary.

mod cli;
mod command;
pub mod edit;
mod error;
mod facts;
pub mod input;
mod render;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use cli::{Cli, Color};
use error::Outcome;
use render::{Messages, Screen};

/// Runs the plugin with the arguments of a process, its name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, Screen::new(color_in(&arguments))),
    };
    let screen = Screen::new(cli.color);
    match command::run(cli.command, screen) {
        Ok(outcome) => outcome.into(),
        // Whoever reads has seen enough.
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            let mut messages = Messages::new();
            messages.error(&error);
            screen.tell(&messages.into_text());
            Outcome::Failed.into()
        }
    }
}

/// Help and version go to standard output and are no failure; what is wrong with the command line is.
fn usage(error: &clap::Error, screen: Screen) -> ExitCode {
    let text = error.render().ansi().to_string();
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // Nothing else is to be done if this cannot be written.
        let _ = screen.print(&text);
        return ExitCode::SUCCESS;
    }
    screen.tell(&text);
    Outcome::Failed.into()
}

/// What `--color` says, where the rest of the command line is not understood.
fn color_in(arguments: &[OsString]) -> Color {
    let texts = || arguments.iter().filter_map(|argument| argument.to_str());
    let joined = texts().find_map(|text| text.strip_prefix("--color="));
    let separate = || texts().skip_while(|text| *text != "--color").nth(1);
    match joined.or_else(separate) {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        _ => Color::Auto,
    }
}
