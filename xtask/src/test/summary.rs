//! Streams a test run and counts what it says.

use crate::failure::Failure;
use crate::program::{line, not_started};
use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

/// How many tests passed, failed, and were skipped (`#[ignore]`).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            passed,
            failed,
            skipped,
        } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

/// Passes each line on as it comes, and sums the `test result:` lines. Failed tests are a result, not a `Failure`; a
/// run that did not get as far as its tests, or lost some of them to a crash, is one.
pub(super) fn stream(command: &mut Command) -> Result<Summary, Failure> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    let broken = |error| {
        Failure::new(
            format!("lost the output of `{}`: {error}", line(command)),
            "run it by hand",
        )
    };
    let mut sum = Summary::default();
    if let Some(stdout) = child.stdout.take() {
        sum = copy(BufReader::new(stdout), std::io::stdout()).map_err(broken)?;
    }
    let status = child.wait().map_err(broken)?;
    if status.success() || sum.failed > 0 {
        return Ok(sum);
    }
    Err(Failure::new(
        format!(
            "`{}` failed ({status}) without naming a failed test",
            line(command)
        ),
        "it did not compile, or a test ended the whole process: see above",
    ))
}

/// By bytes: a test may print what is not UTF-8.
fn copy(mut from: impl BufRead, mut to: impl Write) -> std::io::Result<Summary> {
    let mut sum = Summary::default();
    let mut bytes = Vec::new();
    while from.read_until(b'\n', &mut bytes)? > 0 {
        to.write_all(&bytes)?;
        to.flush()?;
        if let Some(result) = parse(&String::from_utf8_lossy(&bytes)) {
            sum += result;
        }
        bytes.clear();
    }
    Ok(sum)
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`
fn parse(line: &str) -> Option<Summary> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let count = |word: &str| {
        counts
            .split(';')
            .find_map(|part| part.trim().strip_suffix(word)?.trim_end().parse().ok())
    };
    Some(Summary {
        passed: count("passed")?,
        failed: count("failed")?,
        skipped: count("ignored")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: &str = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.01s\n";
    const FAILED: &str = "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s\n";

    #[test]
    fn counts_ignored_as_skipped_and_leaves_out_filtered() {
        assert_eq!(
            parse(OK),
            Some(Summary {
                passed: 12,
                failed: 0,
                skipped: 1
            })
        );
        assert_eq!(
            parse(FAILED),
            Some(Summary {
                passed: 2,
                failed: 3,
                skipped: 0
            })
        );
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in [
            "test a::b ... ok\n",
            "    test result: ok. 1 passed; 0 failed; 0 ignored\n",
            "test result: \n",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn sums_a_whole_stream() {
        let stream = format!("running 3 tests\n{OK}caf\u{e9}\n{FAILED}");
        let mut copied = Vec::new();
        let sum = copy(stream.as_bytes(), &mut copied).unwrap();
        assert_eq!(copied, stream.as_bytes());
        assert_eq!(sum.to_string(), "14 passed, 3 failed, 1 skipped");
    }
}
