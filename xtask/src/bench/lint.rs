//! `cargo xtask bench lint`: ten thousand files through the whole process.

use super::process::{self, Cost, Runs};
use super::table::Row;
use super::{Built, command, manifests};
use crate::failure::Failure;
use std::path::PathBuf;

/// Half a second or so each.
const RUNS: Runs = Runs {
    warm_up: 2,
    counted: 11,
};

/// Manifests that vanish with this value.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies in the temporary folder, where it may.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Its rows of the table.
pub(super) fn rows(built: &Built) -> Result<Vec<Row>, Failure> {
    let folder = Folder(std::env::temp_dir().join(format!("kscale-bench-{}", std::process::id())));
    let bytes = manifests::write(&folder.0)?;
    let path = folder.0.to_string_lossy().into_owned();
    let measure = |name: &str, args: &[&str]| {
        command(built, name, args).and_then(|command| process::measure_runs(&command, RUNS))
    };
    // Findings are what the bench makes, not a failure of it.
    let args = [
        "lint",
        "--no-config",
        "--fail-on",
        "never",
        "-o",
        "concise",
        "-f",
        &path,
    ];
    let measured = measure("kubectl-kscale", &args);
    let limit = measure("parse-limit", &[&path]);
    let row = |what: String,
               aim: &'static str,
               unit: &'static str,
               pick: &dyn Fn(&Cost) -> Option<f64>| {
        let figure = |cost: &Result<Cost, String>| {
            let cost = cost.as_ref().map_err(Clone::clone)?;
            pick(cost).ok_or_else(|| "there is no GNU time".to_owned())
        };
        Row {
            what,
            aim,
            unit,
            measured: figure(&measured),
            limit: figure(&limit),
            limit_is: "a process that reads and parses the files, on one core",
        }
    };
    let files = manifests::FILES as f64;
    let megabytes = bytes as f64 / 1e6;
    let seconds = |cost: &Cost| cost.median_ms / 1000.0;
    Ok(vec![
        row(
            format!("lint of {files} files, {megabytes:.1} MB, median"),
            "≤ 300",
            "ms",
            &|cost| Some(cost.median_ms),
        ),
        row("lint, documents".to_owned(), "", "/s", &|cost| {
            Some(files / seconds(cost))
        }),
        row("lint, bytes".to_owned(), "", "MB/s", &|cost| {
            Some(megabytes / seconds(cost))
        }),
        row("lint, peak memory".to_owned(), "≤ 150", "MB", &|cost| {
            cost.peak_mb
        }),
    ])
}
