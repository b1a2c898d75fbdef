//! `cargo xtask bench cluster`: the plugin and kubectl, side by side on a real API server.

use super::process::{self, Runs};
use super::table::Row;
use super::{Built, Pick, command, row};
use crate::control_plane;
use crate::failure::Failure;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

const SERVICES: usize = 10_000;
/// What a cluster has that serves a few models.
const FEW: usize = 20;

/// A hundred milliseconds or less each.
const ONE: Runs = Runs {
    warm_up: 3,
    counted: 41,
};
/// Seconds each.
const ALL: Runs = Runs {
    warm_up: 1,
    counted: 7,
};

/// The process that holds the cluster; it ends with its standard input.
struct Plane {
    child: Child,
    ready: Value,
}

impl Drop for Plane {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Its rows of the table.
pub(super) fn rows(built: &Built) -> Result<Vec<Row>, Failure> {
    let assets = control_plane::for_tests()?;
    let start = |services| {
        start(built, assets.as_deref(), services).map_err(|why| {
            Failure::new(
                format!("no cluster to measure on: {why}"),
                "`cargo xtask control-plane` says what is missing",
            )
        })
    };
    // An API server that holds ten thousand of them answers anything more slowly: both are told.
    let few = start(FEW)?;
    let mut rows = one(built, &few.ready, "isvc/NAME", "≤ 0.5x");
    rows.extend(tried(built, &few.ready));
    drop(few);
    let crowded = start(SERVICES)?;
    let what = format!("isvc/NAME, one of {SERVICES}");
    rows.extend(one(built, &crowded.ready, &what, ""));
    rows.extend(all(built, &crowded.ready));
    Ok(rows)
}

fn start(
    built: &Built,
    assets: Option<&std::path::Path>,
    services: usize,
) -> Result<Plane, String> {
    eprintln!("bench: starting a control plane with {services} InferenceServices");
    let plugin = built
        .get("kubectl-kscale")
        .ok_or("kubectl-kscale is not built")?;
    let mut holder = command(built, "bench-plane", &[])?;
    holder.arg(plugin).arg(services.to_string());
    if let Some(folder) = assets {
        holder.env("KUBEBUILDER_ASSETS", folder);
    }
    holder.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut plane = Plane {
        child: holder.spawn().map_err(|error| error.to_string())?,
        ready: Value::Null,
    };
    let mut line = String::new();
    if let Some(stdout) = plane.child.stdout.take() {
        let read = BufReader::new(stdout).read_line(&mut line);
        read.map_err(|error| error.to_string())?;
    }
    let ended = |_| "it ended before it was ready; it says why above".to_owned();
    plane.ready = serde_json::from_str(&line).map_err(ended)?;
    Ok(plane)
}

/// One service with everything that is known about it, beside one object and nothing else.
fn one(built: &Built, ready: &Value, what: &str, aim: &'static str) -> Vec<Row> {
    let [kubeconfig, namespace, name] =
        ["kubeconfig", "namespace", "name"].map(|key| ready[key].as_str().unwrap_or_default());
    let target = format!("isvc/{name}");
    let place = ["-n", namespace, "--kubeconfig", kubeconfig];
    let explain = [&["explain", &target], &place[..]].concat();
    let explain = command(built, "kubectl-kscale", &explain)
        .and_then(|explain| process::measure_runs(&explain, ONE));
    let mut get = Command::new("kubectl");
    get.args(["get", "inferenceservice", name, "-o", "yaml"])
        .args(place);
    let get = process::measure_runs(&get, ONE);
    let limit_is = "kubectl get isvc NAME -o yaml";
    let row =
        |what: &str, aim, unit, pick: Pick| row(what, aim, unit, pick, (&explain, &get), limit_is);
    vec![
        row(&format!("explain {what}, median"), aim, "ms", |cost| {
            Some(cost.median_ms)
        }),
        row(&format!("explain {what}, fastest"), "", "ms", |cost| {
            Some(cost.fastest_ms)
        }),
        row(
            &format!("explain {what}, peak memory"),
            "≤ 25",
            "MB",
            |cost| cost.peak_mb,
        ),
    ]
}

/// A switch planned from all that is known and tried by the API server, beside the same edit tried without a thought.
fn tried(built: &Built, ready: &Value) -> Vec<Row> {
    let [kubeconfig, namespace, name] =
        ["kubeconfig", "namespace", "name"].map(|key| ready[key].as_str().unwrap_or_default());
    let target = format!("isvc/{name}");
    let place = ["-n", namespace, "--kubeconfig", kubeconfig];
    let wish = ["--to", "kpa", "--metric", "rps", "--target", "77"];
    let dry = ["--dry-run=server", "--allow-findings"];
    let switch = [&["switch", &target], &wish[..], &dry[..], &place[..]].concat();
    let switch = command(built, "kubectl-kscale", &switch)
        .and_then(|switch| process::measure_runs(&switch, ONE));
    let edit = r#"{"spec":{"predictor":{"scaleMetric":"rps","scaleTarget":77}}}"#;
    let mut patch = Command::new("kubectl");
    patch
        .args([
            "patch",
            "inferenceservice",
            name,
            "--type=merge",
            "-p",
            edit,
        ])
        .arg("--dry-run=server")
        .args(place);
    let patch = process::measure_runs(&patch, ONE);
    let limit_is = "kubectl patch isvc NAME --dry-run=server";
    let row =
        |what: &str, aim, unit, pick: Pick| row(what, aim, unit, pick, (&switch, &patch), limit_is);
    vec![
        row(
            "switch isvc/NAME --dry-run=server, median",
            "≤ 1x",
            "ms",
            |cost| Some(cost.median_ms),
        ),
        row("switch, peak memory", "≤ 25", "MB", |cost| cost.peak_mb),
    ]
}

/// Every service, beside the bytes of the same lists.
fn all(built: &Built, ready: &Value) -> Vec<Row> {
    let kubeconfig = ready["kubeconfig"].as_str().unwrap_or_default();
    let list = command(
        built,
        "kubectl-kscale",
        &["list", "-A", "--kubeconfig", kubeconfig],
    )
    .and_then(|list| process::measure_runs(&list, ALL));
    // One after the other: kubectl asks for one list at a time.
    let script = r#"set -e; config=$1; shift; for path; do kubectl --kubeconfig "$config" get --raw "$path"; done"#;
    let mut get = Command::new("sh");
    get.args(["-c", script, "sh", kubeconfig]);
    let lists = ready["lists"].as_array().into_iter().flatten();
    get.args(lists.filter_map(Value::as_str));
    let get = process::measure_runs(&get, ALL);
    let limit_is = "kubectl get --raw of the same lists";
    let row =
        |what: &str, aim, unit, pick: Pick| row(what, aim, unit, pick, (&list, &get), limit_is);
    vec![
        row(
            &format!("list -A, {SERVICES} InferenceServices, median"),
            "≤ 1.5x",
            "ms",
            |cost| Some(cost.median_ms),
        ),
        row("list -A, fastest", "", "ms", |cost| Some(cost.fastest_ms)),
        row("list -A, peak memory", "≤ 200", "MB", |cost| cost.peak_mb),
    ]
}
