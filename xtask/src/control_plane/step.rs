//! One step of making something: said before, timed after, and all on stderr, because stdout is for the result.

use crate::failure::Failure;
use crate::program::{line, not_started};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

/// Lines of a failed program's output that are shown.
const LAST_LINES: usize = 20;

/// Says what begins and how long it took.
pub(super) fn step<T>(what: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    eprintln!("control plane: {what}");
    let start = Instant::now();
    let done = work()?;
    eprintln!(
        "control plane: done in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    Ok(done)
}

/// Runs a program, and returns what it printed; where it fails, the end of it.
pub(super) fn run(command: &mut Command, to_do: &str) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Failure::new(
        format!(
            "`{}` failed ({})\n{}",
            line(command),
            output.status,
            end_of(&output)
        ),
        to_do,
    ))
}

fn end_of(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}
