//! Reads the corpora and runs the checkers on their lines.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::agreement::{Agreement, KNOWN_WRONG};

/// Holds one line against the prediction.
pub(crate) type Checker = fn(&Value, &mut Agreement);

/// The kinds of lines that a test holds, with the checker of each.
pub(crate) type Kinds = &'static [(&'static str, Checker)];

/// All kinds that there are; a test counts those that it does not hold, and any other is a problem.
const ALL: [&str; 8] = [
    "ksvc",
    "isvc",
    "inferencegraph",
    "isvc_sequence",
    "kpa_trace",
    "kpa_full",
    "hpa_trace",
    "hpa_calc",
];

const SHOWN: usize = 40;

/// Runs over all corpora, prints the table, and fails where anything differs.
///
/// # Panics
/// As a test does.
pub(crate) fn hold(kinds: Kinds, wants: fn(&str) -> bool) {
    let mut run = Run::new(kinds, wants);
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
pub(crate) fn roots() -> Vec<PathBuf> {
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
pub(crate) fn corpora(folder: &Path) -> Vec<PathBuf> {
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

/// One run over the corpora.
pub(crate) struct Run {
    kinds: Kinds,
    pub(crate) agreement: Agreement,
    lines: BTreeMap<String, usize>,
    pub(crate) not_covered: BTreeMap<String, usize>,
    problems: Vec<String>,
}

impl Run {
    /// With these checkers; only fields that are wanted are compared.
    pub(crate) fn new(kinds: Kinds, wants: fn(&str) -> bool) -> Self {
        Self {
            kinds,
            agreement: Agreement::of(wants),
            lines: BTreeMap::new(),
            not_covered: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

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

    pub(crate) fn line(&mut self, file: &str, line: &str) -> Result<(), String> {
        let line: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let kind = line["kind"].as_str().ok_or("no kind")?;
        let id = line["id"].as_str().ok_or("no id")?;
        let held = self.kinds.iter().find(|(known, _)| *known == kind);
        let Some((_, checker)) = held else {
            if !ALL.contains(&kind) {
                return Err(format!("unknown kind {kind}"));
            }
            *self.not_covered.entry(kind.to_owned()).or_default() += 1;
            return Ok(());
        };
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
            println!("not covered here: {kind}, {lines} lines");
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
