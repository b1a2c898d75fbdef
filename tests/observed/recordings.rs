//! The recordings of real controllers, step by step.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::load::{documents, look, recordings, slugs};
use crate::table::{ROWS, STALE};

#[test]
fn every_step_of_every_recording_is_named_for_what_it_is() {
    hold(&ROWS);
}

/// The causes hold if what is known of the cluster is from another minute than the objects, as far as anything can.
#[test]
fn facts_of_another_minute_make_no_statement_false() {
    hold(&STALE);
}

#[test]
fn every_workload_of_every_step_is_in_the_table() {
    let Some(root) = recordings() else { return };
    let told: BTreeSet<(String, String)> = ROWS
        .iter()
        .map(|(step, _, workload, _)| ((*step).to_owned(), (*workload).to_owned()))
        .collect();
    let mut seen = BTreeSet::new();
    for folder in entries(&root).into_iter().filter(|path| path.is_dir()) {
        for file in entries(&folder) {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let Some(rest) = name.strip_prefix("step-") else {
                continue;
            };
            let folder = folder.file_name().unwrap_or_default().to_string_lossy();
            let number = rest.split('-').next().unwrap_or_default();
            let step = format!("{folder}/step-{number}");
            seen.extend(
                workloads(&documents(&file), "InferenceService").map(|name| (step.clone(), name)),
            );
        }
    }
    assert_eq!(told, seen);
}

/// What Knative shows is named the same, whoever asks: for the InferenceService, and for the Service that KServe made.
#[test]
fn a_knative_service_is_told_what_its_inference_service_is_told() {
    // Told from the InferenceService alone.
    const OF_KSERVE: [&str; 2] = ["knative-refused", "field-pruned"];
    let Some(root) = recordings() else { return };
    for (step, facts, workload, _) in ROWS {
        let objects = objects(&root, step, facts);
        let service = format!("{workload}-predictor");
        if !workloads(&objects, "Service").any(|name| name == service) {
            continue;
        }
        let of_both = look(&objects, "InferenceService", workload);
        let wanted: Vec<&str> = slugs(&of_both)
            .into_iter()
            .filter(|slug| !OF_KSERVE.contains(slug))
            .collect();
        let found = look(&objects, "Service", &service);
        assert_eq!(slugs(&found), wanted, "{step} {service}");
    }
}

fn hold(rows: &[crate::table::Row]) {
    let Some(root) = recordings() else { return };
    let mut wrong = Vec::new();
    for (step, facts, workload, wanted) in rows {
        let objects = objects(&root, step, facts);
        let found = look(&objects, "InferenceService", workload);
        let found = slugs(&found).join(" ");
        if found != *wanted {
            wrong.push(format!(
                "{step} {workload} under {facts}:\n  told  {found}\n  wanted {wanted}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn objects(root: &Path, step: &str, facts: &str) -> Vec<Value> {
    let (folder, step) = step.split_once('/').unwrap_or_default();
    let prefix = format!("{step}-");
    let file = entries(&root.join(folder))
        .into_iter()
        .find(|file| {
            file.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .starts_with(&prefix)
        })
        .unwrap_or_else(|| panic!("there is no {folder}/{step}"));
    let mut objects = documents(&file);
    objects.extend(documents(&root.join(format!("{facts}.yaml"))));
    objects
}

/// The names of the objects of a kind that something scales.
fn workloads<'a>(objects: &'a [Value], kind: &'a str) -> impl Iterator<Item = String> + 'a {
    objects
        .iter()
        .filter(move |one| one["kind"] == kind && one["apiVersion"] != "v1")
        .filter_map(|one| one["metadata"]["name"].as_str().map(str::to_owned))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<PathBuf> = read.map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries
}
