//! The kubectl plugin as a library, so that its parts can be tested without the binary.

mod check;
mod cli;
mod cluster;
mod command;
mod crew;
pub mod edit;
mod error;
mod facts;
pub mod input;
mod lint;
mod list;
mod release;
mod render;
mod selection;
mod selector;
mod snapshot;
mod switching;

#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use command::lint_fuzzing;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use cli::{Cli, Color};
use error::Outcome;
use render::{Messages, Screen};

/// Runs the plugin with the arguments of a process, its name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(error, &arguments),
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
            error.outcome().into()
        }
    }
}

/// Help and version go to standard output and are no failure; what is wrong with the command line is.
fn usage(error: clap::Error, arguments: &[OsString]) -> ExitCode {
    let screen = Screen::new(color_in(arguments));
    let error = with_tips(error, arguments);
    let text = if arguments.iter().any(acts_on_a_terminal) {
        // What clap repeats of the command line cannot be told from its own colours any more.
        let plain = error.render().to_string();
        plain.lines().fold(String::new(), |text, line| {
            text + &input::visible(line) + "\n"
        })
    } else {
        error.render().ansi().to_string()
    };
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

/// Says what to do with a name that stands alone: kubectl has verbs that take it so, this one takes it with `-f`.
fn with_tips(mut error: clap::Error, arguments: &[OsString]) -> clap::Error {
    let unknown = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) if error.kind() == ErrorKind::UnknownArgument => {
            argument.clone()
        }
        _ => return error,
    };
    let is_lint = arguments.iter().any(|argument| argument == "lint");
    if is_lint && !unknown.starts_with('-') {
        let tips = [
            format!("a file, folder or address goes behind -f: -f {unknown}"),
            "for what is in a cluster: kubectl get isvc -A -o yaml | kubectl kscale lint -f -"
                .to_owned(),
        ];
        let tips = tips.map(clap::builder::StyledStr::from).to_vec();
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    error
}

fn acts_on_a_terminal(argument: &OsString) -> bool {
    let text = argument.to_string_lossy();
    input::visible(&text) != text
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
