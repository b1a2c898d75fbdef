//! Over every manifest of the examples and of the rules' pages: what is written has no new error, and its undo leads back.

use std::collections::BTreeSet;

use kubectl_kscale::edit::{DocumentEdit, apply};
use kubectl_kscale::input::{InputArg, Options, load};
use serde_json::Value;

use super::{folder, switch, text_of};
use crate::process::{kscale, root};

/// Where to, and what must be said beside it.
const WISHES: [&[&str]; 6] = [
    &["--to", "hpa", "--max", "8"],
    &[
        "--to", "hpa", "--metric", "memory", "--target", "70%", "--max", "8",
    ],
    &["--to", "kpa", "--metric", "concurrency", "--target", "6"],
    &[
        "--to", "keda", "--metric", "cpu", "--target", "60%", "--max", "8",
    ],
    &["--to", "none", "--min", "2"],
    &["--to", "external"],
];

/// Each a file of its own. Those with facts among them are left out: they would count for all.
fn manifests() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(root().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            all.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    for entry in std::fs::read_dir(root().join("docs/rules")).unwrap() {
        let path = entry.unwrap().path();
        let page = std::fs::read_to_string(&path).unwrap();
        let blocks = page.split("```yaml\n").skip(1);
        for (number, block) in blocks.enumerate() {
            let name = path.file_stem().unwrap().to_string_lossy();
            let text = block.split("```").next().unwrap().to_owned();
            all.push((format!("{name}-{number}.yaml"), text));
        }
    }
    let is_workload = |line: &&str| ["kind: InferenceService", "kind: Service"].contains(line);
    let whole = |(_, text): &(String, String)| {
        let kinds: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("kind: "))
            .collect();
        !kinds.is_empty() && kinds.iter().all(is_workload)
    };
    all.retain(whole);
    all.sort();
    all
}

/// What lint finds at least as an error: file, code and pointer.
fn errors(folder: &std::path::Path) -> BTreeSet<(String, String)> {
    let ran = kscale(&["lint", "--no-config", "--offline", "-f", ".", "-o", "json"])
        .within(folder)
        .run();
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let mut errors = BTreeSet::new();
    for item in report["items"].as_array().unwrap() {
        let origin = item["object"]["origin"].as_str().unwrap();
        for finding in item["findings"].as_array().unwrap() {
            if finding["severity"] == "error" {
                errors.insert((
                    origin.to_owned(),
                    finding["code"].as_str().unwrap().to_owned(),
                ));
            }
        }
    }
    errors
}

/// The plans that stand: the file of each, and its undo.
fn plans(folder: &std::path::Path, wish: &[&str], names: &[&str]) -> Vec<(String, Vec<Value>)> {
    let files: Vec<&str> = names.iter().flat_map(|name| ["-f", *name]).collect();
    let ran = switch(&[wish, &files, &["-o", "json"]].concat())
        .within(folder)
        .run();
    let list: Value = serde_json::from_str(&ran.stdout).unwrap();
    let items = list["items"].as_array().unwrap().iter();
    let standing = items.filter(|item| item["blocked"].as_array().unwrap().is_empty());
    standing
        .map(|item| {
            let origin = item["object"]["origin"].as_str().unwrap();
            let undo = item["undo"].as_array().unwrap().clone();
            (origin.to_owned(), undo)
        })
        .collect()
}

/// The text with the undo of every plan in it.
fn undone(folder: &std::path::Path, name: &str, plans: &[(String, Vec<Value>)]) -> String {
    let path = folder.join(name);
    let loaded = load(&[InputArg::Path(path)], &Options::default());
    let undo = |number: usize| {
        let origin = format!("{name}#{}", number + 1);
        plans.iter().find(|(one, _)| *one == origin)
    };
    let edits = loaded
        .documents
        .iter()
        .enumerate()
        .filter_map(|(number, document)| {
            let (_, patch) = undo(number)?;
            Some(DocumentEdit { document, patch })
        });
    let edits: Vec<_> = edits.collect();
    let edited = apply(&loaded.sources[0], &edits).unwrap();
    assert_eq!(edited.refused, [], "{name}");
    edited.text
}

fn values(text: &str) -> Vec<Value> {
    let loaded = kubectl_kscale::input::load_with(
        &[InputArg::Stdin],
        &Options::default(),
        &mut text.as_bytes(),
    );
    loaded.documents.into_iter().map(|one| one.value).collect()
}

#[test]
fn what_is_written_has_no_new_error_and_its_undo_leads_back() {
    let manifests = manifests();
    let files: Vec<(&str, &str)> = manifests
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let all: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let before = errors(folder(&files).path());
    let (mut switched, mut to_the_byte) = (0, 0);
    for wish in WISHES {
        let folder = folder(&files);
        let path = folder.path();
        let plans = plans(path, wish, &all);
        // Files of which all objects can be changed: all or nothing.
        let planned = |name: &str| {
            let of = |origin: &str| origin.split('#').next() == Some(name);
            plans.iter().filter(|(origin, _)| of(origin)).count()
        };
        let whole = files
            .iter()
            .filter(|(name, text)| planned(name) == values(text).len());
        let written: Vec<&str> = whole.map(|(name, _)| *name).collect();
        let named: Vec<&str> = written.iter().flat_map(|name| ["-f", *name]).collect();
        let ran = switch(&[wish, &named, &["--write"]].concat())
            .within(path)
            .run();
        assert_eq!(ran.code, 0, "{wish:?}: {}", ran.stderr);
        let after = errors(path);
        let new: Vec<_> = after.difference(&before).collect();
        assert!(new.is_empty(), "{wish:?}: {new:#?}");
        for name in written {
            let original = files.iter().find(|(one, _)| *one == name).unwrap().1;
            assert_ne!(text_of(path, name), original, "{wish:?} {name}");
            let back = undone(path, name, &plans);
            assert_eq!(values(&back), values(original), "{wish:?} {name}: {back}");
            switched += 1;
            to_the_byte += usize::from(back == original);
        }
    }
    // Most come back to the byte; a setting that was taken away comes back at the end of its map.
    assert!(switched > 60, "only {switched} were switched");
    assert!(2 * to_the_byte > switched, "{to_the_byte} of {switched}");
}
