//! `cargo xtask bench`: what kscale costs, beside the least that anything doing its job could cost.
//!
//! Absolute figures tell about the machine as much as about the program, so each stands beside a named limit measured
//! in the same run: reading and parsing the same bytes, and nothing more. Figures inform; they never fail a build.

mod cluster;
mod lint;
mod manifests;
mod process;
mod table;

use crate::cli::{Bench, BenchArgs};
use crate::control_plane;
use crate::failure::Failure;
use crate::program;
use process::Cost;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use table::Row;

/// The README's first command, so the first thing a reader waits for.
const FILE: &str = "examples/cpu.yaml";
/// Where objects for the prediction alone are taken from: manifests, and golden lines with an `input`.
const OBJECTS: [&str; 2] = ["examples", "tests/fixtures"];

/// Builds with the release profile, measures, prints a table.
pub(crate) fn run(args: &BenchArgs) -> Result<(), Failure> {
    // The plugin on its own, as users build it: beside others it could get features that they ask for.
    let mut built = program::build(&["--release", "--package=kubectl-kscale", "--bins"])?;
    built.extend(program::build(&[
        "--release",
        "--package=xtask",
        "--examples",
    ])?);
    let all = args.what.is_none();
    let mut rows = Vec::new();
    if all {
        rows.extend(whole_process(&built));
        rows.push(prediction(&built));
    }
    if all || args.what == Some(Bench::Lint) {
        rows.extend(lint::rows(&built)?);
    }
    // Whoever asks for everything does not ask for a compiler to be run for minutes.
    if (all && control_plane::is_found()) || args.what == Some(Bench::Cluster) {
        rows.extend(cluster::rows(&built)?);
    }
    print!("{}", table::render(&rows));
    println!("\nratio: measured over limit, both from this run on this machine");
    Ok(())
}

type Built = BTreeMap<String, PathBuf>;

fn command(built: &Built, name: &str, args: &[&str]) -> Result<Command, String> {
    let path = built.get(name).ok_or(format!("{name} is not built"))?;
    let mut command = Command::new(path);
    command.args(args);
    Ok(command)
}

fn whole_process(built: &Built) -> Vec<Row> {
    let measured = command(built, "kubectl-kscale", &["explain", "-f", FILE])
        .and_then(|explain| process::measure(&explain));
    let limit = command(built, "parse-limit", &[FILE]).and_then(|parse| process::measure(&parse));
    let limit_is = "a process that reads and parses the file";
    let row = |what: &str, aim, unit, pick: Pick| {
        row(what, aim, unit, pick, (&measured, &limit), limit_is)
    };
    vec![
        row(&format!("explain -f {FILE}, median"), "≤ 5", "ms", |c| {
            Some(c.median_ms)
        }),
        row(&format!("explain -f {FILE}, fastest"), "", "ms", |c| {
            Some(c.fastest_ms)
        }),
        row(
            &format!("explain -f {FILE}, peak memory"),
            "≤ 15",
            "MB",
            |c| c.peak_mb,
        ),
    ]
}

/// Its own program in release mode (prediction.rs), which prints `{"objects", "prediction_ns", "parse_ns"}`.
fn prediction(built: &Built) -> Row {
    let mut files = Vec::new();
    for folder in OBJECTS {
        collect(Path::new(folder), &mut files);
    }
    files.sort();
    let report = command(built, "bench-prediction", &[]).and_then(|mut bench| {
        let output = bench.args(&files).output().map_err(|e| e.to_string())?;
        serde_json::from_slice::<Value>(&output.stdout)
            .map_err(|_| String::from_utf8_lossy(&output.stderr).trim().to_owned())
    });
    let micros = |key: &str| {
        let report = report.as_ref().map_err(Clone::clone)?;
        let nanos = report[key].as_f64().ok_or(format!("no {key}"))?;
        Ok(nanos / 1000.0)
    };
    let objects = report
        .as_ref()
        .map_or(0, |r| r["objects"].as_u64().unwrap_or(0));
    Row {
        what: format!("prediction alone, an object (mean of {objects})"),
        aim: "≤ 20",
        unit: "µs",
        measured: micros("prediction_ns"),
        limit: micros("parse_ns"),
        limit_is: "serde_json parses its bytes",
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|e| e == "yaml" || e == "jsonl")
        {
            files.push(path);
        }
    }
}

/// One figure of a cost.
type Pick = fn(&Cost) -> Option<f64>;

/// A figure beside its limit, of two programs that were measured alike.
fn row(
    what: &str,
    aim: &'static str,
    unit: &'static str,
    pick: Pick,
    (measured, limit): (&Result<Cost, String>, &Result<Cost, String>),
    limit_is: &'static str,
) -> Row {
    let figure = |cost: &Result<Cost, String>| {
        let cost = cost.as_ref().map_err(Clone::clone)?;
        pick(cost).ok_or_else(|| "there is no GNU time".to_owned())
    };
    Row {
        what: what.to_owned(),
        aim,
        unit,
        measured: figure(measured),
        limit: figure(limit),
        limit_is,
    }
}
