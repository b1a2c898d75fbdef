//! Holds every prediction against what the real controllers did.
//!
//! Each line of a corpus is one JSON object `{id, kind, kserve_version?, input, cluster, expect}`, made by running the
//! upstream code. Read are `tests/fixtures/golden/`, and the folder `KSCALE_GOLDEN_DIR` or else, where it exists,
//! `shared/golden/` beside the repository. `KSCALE_GOLDEN_SHOW` says how many differences are printed (40).

#![expect(clippy::print_stdout, reason = "the table is the point of the run")]

mod agreement;
mod cluster;
mod described;
mod explained;
mod inferencegraph;
mod isvc;
mod ksvc;
mod releases;
mod sequence;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use agreement::{Agreement, KNOWN_WRONG};
use serde_json::Value;

/// Holds one line against the prediction.
type Checker = fn(&Value, &mut Agreement);

/// What is done with each kind of line; `None` for kinds that are not predicted yet.
const KINDS: &[(&str, Option<Checker>)] = &[
    ("ksvc", Some(ksvc::check)),
    ("isvc", Some(isvc::check)),
    ("inferencegraph", Some(inferencegraph::check)),
    ("isvc_sequence", Some(sequence::check)),
    ("kpa_trace", None),
    ("kpa_full", None),
    ("hpa_trace", None),
    ("hpa_calc", None),
];

const SHOWN: usize = 40;

#[test]
fn golden() {
    let mut run = Run::default();
    for root in roots() {
        run.folder(&root);
    }
    run.report();
    assert!(
        run.problems.is_empty(),
        "the corpus cannot be read:\n{}",
        run.problems.join("\n")
    );
    let wrong = run.agreement.mismatches.len();
    assert!(
        wrong == 0,
        "{wrong} predictions differ from what the controllers did"
    );
}

/// The folders to read. One that is asked for must hold something.
fn roots() -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut roots = vec![here.join("fixtures/golden")];
    if let Some(asked) = std::env::var_os("KSCALE_GOLDEN_DIR") {
        let asked = PathBuf::from(asked);
        assert!(
            !corpora(&asked).is_empty(),
            "KSCALE_GOLDEN_DIR holds no .jsonl file: {}",
            asked.display()
        );
        roots.push(asked);
    } else {
        roots.push(here.join("../../shared/golden"));
    }
    roots
}

/// All `.jsonl` files below a folder, in order; none if there is no such folder.
fn corpora(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(corpora(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            found.push(path);
        }
    }
    found
}

#[derive(Default)]
struct Run {
    agreement: Agreement,
    lines: BTreeMap<String, usize>,
    not_covered: BTreeMap<String, usize>,
    problems: Vec<String>,
}

impl Run {
    fn folder(&mut self, root: &Path) {
        for path in corpora(root) {
            let name = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .display()
                .to_string();
            let text = match std::fs::read_to_string(&path) {
                Ok(text) => text,
                Err(error) => {
                    self.problems.push(format!("{name}: {error}"));
                    continue;
                }
            };
            for (index, line) in text
                .lines()
                .enumerate()
                .filter(|(_, line)| !line.trim().is_empty())
            {
                if let Err(problem) = self.line(&name, line) {
                    self.problems
                        .push(format!("{name}:{}: {problem}", index + 1));
                }
            }
        }
    }

    fn line(&mut self, file: &str, line: &str) -> Result<(), String> {
        let line: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let kind = line["kind"].as_str().ok_or("no kind")?;
        let id = line["id"].as_str().ok_or("no id")?;
        let (_, checker) = KINDS
            .iter()
            .find(|(known, _)| *known == kind)
            .ok_or_else(|| format!("unknown kind {kind}"))?;
        let Some(checker) = checker else {
            *self.not_covered.entry(kind.to_owned()).or_default() += 1;
            return Ok(());
        };
        cluster::release(&line)?;
        *self.lines.entry(file.to_owned()).or_default() += 1;
        self.agreement.start_line(file, id);
        checker(&line, &mut self.agreement);
        Ok(())
    }

    fn report(&self) {
        println!(
            "{:<44} {:<32} {:>8} {:>8}",
            "file", "field", "compared", "agree"
        );
        for (file, lines) in &self.lines {
            println!("{file:<44} {:<32} {lines:>8}", "(lines)");
        }
        for ((file, field), count) in &self.agreement.counts {
            let percent = 100.0 * count.agreed as f64 / count.compared as f64;
            println!(
                "{file:<44} {field:<32} {:>8} {percent:>7.2}%",
                count.compared
            );
        }
        for (kind, lines) in &self.not_covered {
            println!("not covered yet: {kind}, {lines} lines");
        }
        for (id, field) in &self.agreement.known_wrong {
            let why = KNOWN_WRONG
                .iter()
                .find(|(known, _)| known == id)
                .map_or("", |(_, why)| why);
            println!("held to be wrong: {id} {field}: {why}");
        }
        let shown = std::env::var("KSCALE_GOLDEN_SHOW")
            .ok()
            .and_then(|n| n.parse().ok())
            .unwrap_or(SHOWN);
        for wrong in self.agreement.mismatches.iter().take(shown) {
            println!(
                "{} {}\n  expected {}\n  actual   {}",
                wrong.id, wrong.field, wrong.expected, wrong.actual
            );
        }
        let hidden = self.agreement.mismatches.len().saturating_sub(shown);
        if hidden > 0 {
            println!("… and {hidden} more (KSCALE_GOLDEN_SHOW)");
        }
    }
}

mod harness {
    use serde_json::json;

    use super::{Agreement, Run, agreement::same, corpora};

    #[test]
    fn numbers_are_compared_by_value() {
        assert!(same(&json!({"a": [80]}), &json!({"a": [80.0]})));
        assert!(!same(&json!(80), &json!("80")));
        assert!(!same(&json!({"a": 1}), &json!({"a": 1, "b": null})));
    }

    #[test]
    fn a_difference_is_counted_and_kept() {
        let mut agreement = Agreement::default();
        agreement.start_line("f", "id-1");
        agreement.compare("field", &json!(1), &json!(1));
        agreement.compare("field", &json!(1), &json!(2));
        let count = agreement.counts[&("f".to_owned(), "field")];
        assert_eq!((count.compared, count.agreed), (2, 1));
        assert_eq!(agreement.mismatches[0].id, "id-1");
    }

    #[test]
    fn an_unknown_kind_is_a_problem_and_an_uncovered_one_is_counted() {
        let mut run = Run::default();
        assert!(run.line("f", r#"{"id": "x", "kind": "nonsense"}"#).is_err());
        assert!(run.line("f", "{").is_err());
        assert!(run.line("f", r#"{"id": "x", "kind": "hpa_calc"}"#).is_ok());
        assert_eq!(run.not_covered["hpa_calc"], 1);
    }

    #[test]
    fn a_missing_folder_holds_nothing() {
        assert!(corpora(std::path::Path::new("no/such/folder")).is_empty());
    }
}
