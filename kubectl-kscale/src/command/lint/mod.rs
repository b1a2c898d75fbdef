//! `lint`: what cannot have been meant, and how to mend it.

#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod mend;
mod run;

use std::io;

use super::session;
use crate::cli::{Lint, ReportFormat, ReportTo};
use crate::error::{Error, Outcome};
use crate::input::InputArg;
use crate::lint::Report;
use crate::render::{self, Screen};
use mend::Changes;
use run::Run;

/// Reads, judges, mends where that is asked for, reports.
pub(super) fn run(arguments: &Lint, screen: Screen) -> Result<Outcome, Error> {
    check(arguments)?;
    let mut run = Run::new(arguments)?;
    if run.is_empty() {
        if let Some(text) = run.stdin_text().filter(|_| arguments.fixes.fix) {
            // Whoever pipes a text through gets back what there is.
            screen.pass(&text)?;
        }
        run.tell(screen);
        return Err(Error::input("nothing to judge: no document was given")
            .hint("what was read is empty, or holds only comments"));
    }
    let fixes = &arguments.fixes;
    let mut report = run.report();
    let mut changes = Changes::default();
    if fixes.fix || fixes.diff {
        (report, changes) = mend::mend(&mut run, report);
        report.summary.fixed = if fixes.diff { 0 } else { changes.fixed() };
    }
    let written = match (fixes.fix, fixes.diff) {
        (true, _) => write_fixes(&mut run, &mut report, &changes, screen),
        (_, true) => show_diff(&mut run, &report, &changes, screen),
        _ => write_reports(arguments, &report, screen, true),
    };
    run.tell(screen);
    match written {
        // Whoever reads has seen enough, which mends nothing that went wrong before.
        Err(error) if error.is_closed_pipe() => {}
        other => other?,
    }
    let outcome = ending(&run, &report, &changes);
    // The process ends here: to give back the memory of thousands of documents piece by piece would only take time.
    std::mem::forget((run, report));
    Ok(outcome)
}

/// With `--diff` it counts whether there is something to mend, as in ruff; else what was found, and is left.
fn ending(run: &Run<'_>, report: &Report, changes: &Changes) -> Outcome {
    let found = if run.arguments.fixes.diff {
        !changes.is_empty()
    } else {
        let least = run.policy.fail_on().least();
        least.is_some_and(|least| report.has(least))
    };
    run.outcome(if found {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

/// What clap cannot tell.
fn check(arguments: &Lint) -> Result<(), Error> {
    let hint = "give a file, a folder, an address or - : kubectl kscale lint -f manifests/ -R";
    session::check(&arguments.input, &arguments.facts, "judge", hint)?;
    let to_stdout: Vec<_> = arguments
        .output
        .iter()
        .filter(|to| to.file.is_none())
        .collect();
    let fixes = &arguments.fixes;
    if to_stdout.len() > 1 {
        return Err(
            Error::usage("two reports cannot both go to standard output")
                .hint("give all but one a file: -o text -o sarif=kscale.sarif"),
        );
    }
    if fixes.diff && !to_stdout.is_empty() {
        return Err(
            Error::usage("--diff and a report cannot both go to standard output")
                .hint("leave out -o, or give it a file: -o sarif=kscale.sarif"),
        );
    }
    if fixes.unsafe_fixes && !fixes.fix && !fixes.diff {
        return Err(Error::usage(
            "--unsafe-fixes says which fixes to apply, and none are asked for",
        )
        .hint("add --fix to write them, or --diff to look at them"));
    }
    let stdin = arguments.input.filename.iter().any(|name| name == "-");
    if fixes.fix
        && stdin
        && to_stdout
            .iter()
            .any(|to| to.format != ReportFormat::Text && to.format != ReportFormat::Concise)
    {
        return Err(
            Error::usage("the mended text and a report cannot both go to standard output")
                .hint("give the report a file: -o sarif=kscale.sarif"),
        );
    }
    Ok(())
}

/// Writes all reports, as far as it goes. What would go to standard output is left out where `with_stdout` is false.
fn write_reports(
    arguments: &Lint,
    report: &Report,
    screen: Screen,
    with_stdout: bool,
) -> Result<(), Error> {
    let width = screen.width();
    let mut written = Ok(());
    for ReportTo { format, file } in &arguments.output {
        if let Some(file) = file {
            let text = render::report(*format, report, width)?;
            let text = screen.plain(&text);
            // What was found is told all the same.
            written = written.and(
                std::fs::write(file, text.as_bytes()).map_err(|error| Error::file(file, &error)),
            );
        }
    }
    if with_stdout {
        screen.print(&render::report(stdout_format(arguments), report, width)?)?;
    }
    written
}

fn stdout_format(arguments: &Lint) -> ReportFormat {
    let to = arguments.output.iter().find(|to| to.file.is_none());
    to.map_or(ReportFormat::Text, |to| to.format)
}

/// Writes mended files, and what is left to mend.
fn write_fixes(
    run: &mut Run<'_>,
    report: &mut Report,
    changes: &Changes,
    screen: Screen,
) -> Result<(), Error> {
    let fixed = changes.save(run);
    if run.session.outcome == Outcome::Failed {
        // Some files are as they were, and so is what is found in them.
        *report = run.report();
    }
    report.summary.fixed = fixed;
    let arguments = run.arguments;
    let Some(text) = run.stdin_text() else {
        return write_reports(arguments, report, screen, true);
    };
    // The text is gone from where it came, so it goes on before anything can fail.
    let passed: io::Result<()> = screen.pass(&text);
    let written = write_reports(arguments, report, screen, false);
    screen.tell(&render::report(
        stdout_format(arguments),
        report,
        screen.width(),
    )?);
    passed?;
    written
}

/// Shows what would be written.
fn show_diff(
    run: &mut Run<'_>,
    report: &Report,
    changes: &Changes,
    screen: Screen,
) -> Result<(), Error> {
    let mut text = String::new();
    for change in changes.iter() {
        let (name, before, after) = (
            change.before.name(),
            change.before.text(),
            run.text(change.number),
        );
        if screen.is_terminal() {
            text.push_str(&render::diff_page(name, before, &after));
        } else {
            text.push_str(&render::diff_patch(name, before, &after));
        }
    }
    let written = write_reports(run.arguments, report, screen, false);
    run.session.messages.note(&changes.would(report));
    if screen.is_terminal() {
        screen.print(&text)?;
    } else {
        screen.pass(&text)?;
    }
    written
}

/// Whether a source can be written back.
fn is_mendable(input: Option<&InputArg>) -> bool {
    matches!(input, Some(InputArg::Path(_) | InputArg::Stdin))
}
