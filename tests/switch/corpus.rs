//! The lines of the golden corpora: `tests/fixtures/golden/`, and the folder `KSCALE_GOLDEN_DIR` or else, where it exists,
//! `shared/golden/` beside the repository.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// How many lines make one that is taken: without optimisation all of them would take minutes.
const STEP: usize = if cfg!(debug_assertions) { 12 } else { 1 };

/// Lines of a kind to plan with, each with its name: all of them, optimised, or where there are few.
pub(crate) fn some(kind: &str) -> impl Iterator<Item = (String, Value)> {
    let all = lines(kind);
    let step = if all.len() < 1000 { 1 } else { STEP };
    all.into_iter().step_by(step)
}

/// All lines of a kind, each with its name.
pub(crate) fn lines(kind: &str) -> Vec<(String, Value)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let other = std::env::var_os("KSCALE_GOLDEN_DIR")
        .map_or_else(|| here.join("../../shared/golden"), PathBuf::from);
    let mut lines = Vec::new();
    for root in [here.join("fixtures/golden"), other] {
        for path in files(&root) {
            let text = std::fs::read_to_string(&path).expect("a corpus can be read");
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                let line: Value = serde_json::from_str(line).expect("a line is JSON");
                if line["kind"] == kind {
                    let version = line["kserve_version"].as_str().unwrap_or("main");
                    let name = format!("{} ({version})", line["id"].as_str().unwrap_or_default());
                    lines.push((name, line));
                }
            }
        }
    }
    lines
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|end| end == "jsonl") {
            found.push(path);
        }
    }
    found.sort();
    found
}
