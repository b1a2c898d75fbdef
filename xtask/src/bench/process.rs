//! Time and memory of a whole process, again and again.

use crate::program::works;
use std::process::{Command, Stdio};
use std::time::Instant;

/// How often a process is started.
#[derive(Clone, Copy)]
pub(super) struct Runs {
    /// The page cache and the branch predictors are filled before anything counts.
    pub(super) warm_up: usize,
    /// Those that count.
    pub(super) counted: usize,
}

/// Enough for a steady median; half a second or so for a process of 2 ms.
const RUNS: Runs = Runs {
    warm_up: 20,
    counted: 200,
};
/// Peak memory hardly moves from run to run.
const MEMORY_RUNS: usize = 5;

/// What one run of a process costs.
pub(super) struct Cost {
    pub(super) median_ms: f64,
    pub(super) fastest_ms: f64,
    /// None where there is no GNU time: asking the kernel oneself would take unsafe code.
    pub(super) peak_mb: Option<f64>,
}

/// [`measure_runs`] as often as a short process needs.
pub(super) fn measure(command: &Command) -> Result<Cost, String> {
    measure_runs(command, RUNS)
}

/// Starts it again and again, output thrown away. Fails where the process does.
pub(super) fn measure_runs(command: &Command, runs: Runs) -> Result<Cost, String> {
    let mut times = Vec::with_capacity(runs.counted);
    for run in 0..runs.warm_up + runs.counted {
        let mut child = copy_of(command);
        let start = Instant::now();
        let status = child.status().map_err(|error| error.to_string())?;
        let elapsed = start.elapsed();
        if !status.success() {
            return Err(status.to_string());
        }
        if run >= runs.warm_up {
            times.push(elapsed.as_secs_f64() * 1000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(Cost {
        median_ms: times[times.len() / 2],
        fastest_ms: times[0],
        peak_mb: (0..MEMORY_RUNS)
            .filter_map(|_| peak_mb(command))
            .reduce(f64::max),
    })
}

/// A `Command` cannot be cloned.
fn copy_of(command: &Command) -> Command {
    let mut copy = Command::new(command.get_program());
    copy.args(command.get_args())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    copy
}

/// GNU time writes the peak resident size in KiB, as the last line of stderr.
fn peak_mb(command: &Command) -> Option<f64> {
    const TIME: &str = "/usr/bin/time";
    if !works(Command::new(TIME).args(["-f", "%M", "true"])) {
        return None;
    }
    let output = Command::new(TIME)
        .args(["-f", "%M"])
        .arg(command.get_program())
        .args(command.get_args())
        .output()
        .ok()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    let kib: f64 = stderr.lines().last()?.trim().parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}
