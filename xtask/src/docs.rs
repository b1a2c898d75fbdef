//! `cargo xtask docs`: the files that the plugin writes about itself.

use crate::cli::DocsArgs;
use crate::failure::Failure;
use crate::program;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// What `kubectl-kscale generate WHAT` prints, and where it is kept.
struct Generated {
    what: &'static str,
    path: &'static str,
}

const GENERATED: [Generated; 9] = [
    Generated {
        what: "cli-reference",
        path: "docs/cli.md",
    },
    Generated {
        what: "json-schema",
        path: "docs/schema/kscale.dev_v1alpha1.json",
    },
    Generated {
        what: "finding-schema",
        path: "docs/schema/kscale.dev_v1alpha1_FindingList.json",
    },
    Generated {
        what: "preview-schema",
        path: "docs/schema/kscale.dev_v1alpha1_PreviewList.json",
    },
    Generated {
        what: "plan-schema",
        path: "docs/schema/kscale.dev_v1alpha1_PlanList.json",
    },
    Generated {
        what: "record-schema",
        path: "docs/schema/kscale.dev_v1alpha1_SwitchRecordList.json",
    },
    Generated {
        what: "rule-schema",
        path: "docs/schema/kscale.dev_v1alpha1_RuleList.json",
    },
    Generated {
        what: "check-schema",
        path: "docs/schema/kscale.dev_v1alpha1_CheckReport.json",
    },
    Generated {
        what: "list-schema",
        path: "docs/schema/kscale.dev_v1alpha1_WorkloadList.json",
    },
];

/// Where the pages of rules are kept: whatever else lies there is of a rule that is gone.
const RULES: &str = "docs/rules";

/// Writes them, or with `--check` tells where they differ.
pub(crate) fn run(args: &DocsArgs) -> Result<(), Failure> {
    // --workspace: the features, hence the artefacts, that `cargo test --workspace` uses.
    let built = program::build(&["--workspace", "--bin", "kubectl-kscale"])?;
    let plugin = built.get("kubectl-kscale").ok_or_else(|| {
        Failure::new(
            "cargo built no kubectl-kscale",
            "does kubectl-kscale/Cargo.toml still have that binary?",
        )
    })?;
    let generate = |what: &str| {
        program::output_of(
            Command::new(plugin).args(["generate", what]),
            "the plugin must print this file: see its hidden `generate` command",
        )
    };
    let mut differ = Vec::new();
    for Generated { what, path } in GENERATED {
        differ.extend(keep(path, &generate(what)?, args.check)?);
    }
    let pages = pages(&generate("rule-pages")?)?;
    for (name, text) in &pages {
        differ.extend(keep(
            &format!("{RULES}/{name}"),
            text.as_bytes(),
            args.check,
        )?);
    }
    for name in stale(Path::new(RULES), &pages) {
        let path = format!("{RULES}/{name}");
        if args.check {
            differ.push(format!("{path} (no rule has this page)"));
        } else {
            std::fs::remove_file(&path).map_err(|error| cannot("remove", &path, &error))?;
            println!("{path}: removed");
        }
    }
    if differ.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        format!("out of date: {}", differ.join(", ")),
        "run `cargo xtask docs` and commit what it writes",
    ))
}

/// Writes a file that is out of date, or says where it differs.
fn keep(path: &str, new: &[u8], check: bool) -> Result<Option<String>, Failure> {
    let old = std::fs::read(path).unwrap_or_default();
    if old == new {
        return Ok(None);
    }
    if check {
        return Ok(Some(format!("{path} ({})", first_difference(&old, new))));
    }
    let folder = Path::new(path).parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, new))
        .map_err(|error| cannot("write", path, &error))?;
    println!("{path}: written");
    Ok(None)
}

fn cannot(what: &str, path: &str, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("cannot {what} {path}: {error}"),
        "is the checkout writable?",
    )
}

/// `{"KS101.md": "# KS101…"}`
fn pages(json: &[u8]) -> Result<BTreeMap<String, String>, Failure> {
    serde_json::from_slice(json).map_err(|error| {
        Failure::new(
            format!("the pages of rules are no JSON object of texts: {error}"),
            "see `generate rule-pages` in kubectl-kscale/src/command/generate",
        )
    })
}

/// Files in the folder that are no page of a rule.
fn stale(folder: &Path, pages: &BTreeMap<String, String>) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !pages.contains_key(name))
        .collect();
    names.sort();
    names
}

/// Where to look; the whole difference is `git diff` after `cargo xtask docs`.
fn first_difference(old: &[u8], new: &[u8]) -> String {
    if old.is_empty() {
        return "missing or empty".to_owned();
    }
    let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let line = new[..same].iter().filter(|&&byte| byte == b'\n').count() + 1;
    format!("differs from line {line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_a_rule_is_stale() {
        let folder = std::env::temp_dir().join(format!("kscale-pages-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for name in ["KS101.md", "KS000.md"] {
            std::fs::write(folder.join(name), "x").unwrap();
        }
        let pages = BTreeMap::from([("KS101.md".to_owned(), "x".to_owned())]);
        assert_eq!(stale(&folder, &pages), ["KS000.md"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn names_the_first_line_that_differs() {
        assert_eq!(first_difference(b"", b"a\n"), "missing or empty");
        assert_eq!(
            first_difference(b"a\nb\n", b"a\nc\n"),
            "differs from line 2"
        );
        assert_eq!(first_difference(b"a\n", b"a\nb\n"), "differs from line 2");
        assert_eq!(first_difference(b"a\nb\n", b"a\n"), "differs from line 2");
    }
}
