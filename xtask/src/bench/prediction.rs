//! The prediction alone, in process: `bench-prediction FILE...` over `.yaml` manifests and `.jsonl` golden lines.
//!
//! Prints one JSON object for `cargo xtask bench`. Its limit is what serde_json takes to parse the same object's bytes:
//! no prediction can be had for less than reading what it is about.
#![allow(
    clippy::print_stdout,
    reason = "a terminal program: what it prints is its result"
)]

use kscale_rules::explain::explain;
use kscale_rules::facts::{Fact, Facts, KnativeVersion};
use kscale_rules::kserve::{Release, predict};
use serde::Deserialize as _;
use serde_json::{Value, json};
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

const ROUNDS: usize = 101;

fn main() -> Result<(), Box<dyn Error>> {
    let mut objects = Vec::new();
    for file in std::env::args_os().skip(1) {
        objects.extend(objects_of(Path::new(&file))?);
    }
    if objects.is_empty() {
        return Err("no object to predict for in the files given".into());
    }
    let bytes = objects
        .iter()
        .map(serde_json::to_vec)
        .collect::<Result<Vec<_>, _>>()?;
    // Under known releases an object is predicted once; under assumed ones, once for every release that could differ.
    let assumed = Facts::shipped();
    let facts = assumed
        .clone()
        .with_kserve(Fact::known(Release::NEWEST, "the bench"))
        .with_knative(Fact::known(KnativeVersion::NEWEST, "the bench"));
    let report = json!({
        "objects": objects.len(),
        "prediction_ns": median_ns(&objects, |object| predict(object, &facts).is_ok()),
        "explanation_ns": median_ns(&objects, |object| explain(object, &facts)),
        "assumed_release_ns": median_ns(&objects, |object| explain(object, &assumed)),
        "parse_ns": median_ns(&bytes, |bytes| serde_json::from_slice::<Value>(bytes)),
    });
    println!("{report}");
    Ok(())
}

/// The objects in a file that kscale explains; others are passed over.
fn objects_of(file: &Path) -> Result<Vec<Value>, Box<dyn Error>> {
    let text = std::fs::read_to_string(file)?;
    let values = if file.extension().is_some_and(|e| e == "jsonl") {
        text.lines()
            .map(|line| Ok(serde_json::from_str::<Value>(line)?["input"].take()))
            .collect::<Result<Vec<_>, serde_json::Error>>()?
    } else {
        serde_yaml::Deserializer::from_str(&text)
            .map(Value::deserialize)
            .collect::<Result<Vec<_>, _>>()?
    };
    Ok(values.into_iter().filter(is_workload).collect())
}

/// Only InferenceServices are measured: they walk the whole chain.
fn is_workload(value: &Value) -> bool {
    value["kind"] == "InferenceService"
}

/// Nanoseconds an object: each round goes over all of them, the median round counts. What it makes is dropped inside,
/// as any caller must.
fn median_ns<T, R>(objects: &[T], mut work: impl FnMut(&T) -> R) -> f64 {
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for object in objects {
                black_box(work(black_box(object)));
            }
            start.elapsed().as_secs_f64() * 1e9 / objects.len() as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}
