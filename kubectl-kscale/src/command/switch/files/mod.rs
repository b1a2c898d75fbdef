//! `switch -f`: manifests, and nothing in the cluster.
//!
//! All or nothing: where one of the objects that are meant cannot be changed, or its outcome has an error, no file is touched and
//! no difference is printed.

mod changes;
mod choose;
mod foreign;
mod print;
mod read;

use crate::cli::{DryRun, PlanFormat, Switch};
use crate::error::{Error, Outcome};
use crate::input::InputArg;
use crate::render::Screen;
use changes::Changes;
use read::Manifests;

use super::super::session::inputs;

/// Reads, plans, edits, and prints or writes what came of it.
pub(super) fn run(arguments: &Switch, screen: Screen) -> Result<Outcome, Error> {
    check(arguments)?;
    let mut manifests = Manifests::read(arguments)?;
    let chosen = choose::all(arguments, &mut manifests)?;
    let mut changes = Changes::work_out(arguments, &mut manifests, &chosen);
    let written = if changes.stands && writes(arguments) {
        changes.write(&mut manifests.session)
    } else {
        Vec::new()
    };
    let printed = print::all(arguments, &mut manifests, &changes, &written, screen);
    match printed {
        // Whoever reads has seen enough, which mends nothing.
        Err(error) if error.is_closed_pipe() => {}
        other => other?,
    }
    Ok(ending(arguments, &manifests, &changes))
}

/// Refuses what is said of manifests where none are given: clap does not, once something in the cluster is named.
pub(super) fn none(arguments: &Switch) -> Result<(), Error> {
    let files = &arguments.files;
    let flags = [
        (files.write, "--write"),
        (files.diff, "--diff"),
        (files.exit_code, "--exit-code"),
        (!files.name.is_empty(), "--name"),
    ];
    match flags.iter().find(|(is_given, _)| *is_given) {
        Some((_, flag)) => Err(Error::usage(format!(
            "{flag} is about manifests, and none are given"
        ))
        .hint("-f FILE names some; in the cluster, isvc/NAME says what is meant")),
        None => Ok(()),
    }
}

/// Whether files are written.
fn writes(arguments: &Switch) -> bool {
    arguments.files.write && arguments.change.dry_run == DryRun::None
}

fn ending(arguments: &Switch, manifests: &Manifests<'_>, changes: &Changes<'_>) -> Outcome {
    if !changes.stands {
        return Outcome::Failed.max(manifests.session.outcome);
    }
    let differs = arguments.files.exit_code && !changes.is_empty();
    let found = if differs {
        Outcome::Findings
    } else {
        Outcome::Clean
    };
    found.max(manifests.session.outcome)
}

/// What clap cannot tell.
fn check(arguments: &Switch) -> Result<(), Error> {
    let files = &arguments.files;
    let text = matches!(arguments.output, PlanFormat::Text | PlanFormat::Wide);
    if files.diff && !text {
        return Err(
            Error::usage("--diff and a form of data cannot both go to standard output")
                .hint("leave out --diff, or -o"),
        );
    }
    if files.write && arguments.output == PlanFormat::Yaml {
        return Err(
            Error::usage("-o yaml prints the changed manifests, and --write writes them")
                .hint("leave out one of them; -o json prints the plan beside --write"),
        );
    }
    let without_file = |input: &InputArg| !matches!(input, InputArg::Path(_));
    let given = inputs(&arguments.input.filename);
    if files.write && given.iter().any(without_file) {
        return Err(Error::usage(
            "--write needs files: standard input and addresses cannot be written",
        )
        .hint("-o yaml prints the changed text"));
    }
    Ok(())
}
